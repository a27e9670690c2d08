package io.holdfast.cli;

import io.holdfast.drill.SiteDescriptor;
import io.holdfast.kernel.HoldfastException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which nodes an operator's command speaks to: their admin listeners. */
final class AdminNodesOptions {
  @Option(
      names = "--admin",
      paramLabel = "URL",
      description = {
        "A node's admin address, such as http://127.0.0.1:7201; repeat it for more nodes.",
        "Without it: the nodes of the local site."
      })
  private List<String> addresses = new ArrayList<>();

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "Of the local site only this node; repeat it for more.")
  private List<String> names = new ArrayList<>();

  @Mixin private final LocalSiteOptions site = new LocalSiteOptions();

  /** The admin addresses by what to call them, at least one. */
  Map<String, URI> nodes(Console console) {
    Map<String, URI> nodes = new LinkedHashMap<>();
    for (String address : addresses) {
      nodes.put(address, uri(address));
    }
    if (!nodes.isEmpty()) {
      if (!names.isEmpty()) {
        throw new HoldfastException(
            "usage", "--node names nodes of a local site, --admin others: give one of them", "");
      }
      return nodes;
    }
    Path directory = site.directory(console);
    if (!SiteDescriptor.existsIn(directory)) {
      throw new HoldfastException(
          "no-site",
          "no node to speak to: no --admin, and no site in " + directory,
          "name each node's admin address by --admin http://HOST:PORT");
    }
    SiteDescriptor.read(directory)
        .nodes()
        .forEach(
            node -> nodes.put(node.node(), URI.create("http://127.0.0.1:" + node.adminPort())));
    for (String name : names) {
      if (!nodes.containsKey(name)) {
        throw Arguments.wrong("--node", name, String.join(", ", nodes.keySet()));
      }
    }
    if (!names.isEmpty()) {
      nodes.keySet().retainAll(names);
    }
    return nodes;
  }

  private static URI uri(String text) {
    try {
      URI uri = URI.create(text.contains("://") ? text : "http://" + text);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw Arguments.wrong("--admin", text, "http://HOST:PORT");
    }
    throw Arguments.wrong("--admin", text, "http://HOST:PORT");
  }
}

package io.holdfast.cli;

import io.holdfast.drill.AdminClient;
import io.holdfast.drill.SiteDescriptor;
import io.holdfast.kernel.HoldfastException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which node's admin API is spoken to. Any node will do. */
final class AdminOptions {
  @Option(
      names = "--admin",
      paramLabel = "URL",
      description = {
        "A node's admin address, such as http://127.0.0.1:7200.",
        "Without it: the local site in ./holdfast-data, any node that runs."
      })
  private @Nullable String admin;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      defaultValue = "15",
      description = "How long to wait for an answer, 1 to 600 (default ${DEFAULT-VALUE}).")
  private int deadlineSeconds = 15;

  Duration deadline() {
    if (deadlineSeconds < 1 || deadlineSeconds > 600) {
      throw Arguments.wrong("--deadline", Integer.toString(deadlineSeconds), "1 to 600 seconds");
    }
    return Duration.ofSeconds(deadlineSeconds);
  }

  /** Asks the node that was named, or the first of the local site that answers. */
  <T> T ask(Console console, Function<AdminClient, T> question) {
    List<URI> addresses = addresses(console);
    for (URI address : addresses.subList(0, addresses.size() - 1)) {
      try {
        return question.apply(new AdminClient(address));
      } catch (HoldfastException e) {
        if (!e.code().equals("unavailable")) {
          throw e;
        }
      }
    }
    return question.apply(new AdminClient(addresses.getLast()));
  }

  private List<URI> addresses(Console console) {
    if (admin != null) {
      return List.of(address(admin));
    }
    Path site = console.resolve(Path.of(GatewayOptions.LOCAL_SITE));
    if (!SiteDescriptor.existsIn(site)) {
      throw new HoldfastException(
          "no-gateway",
          "no node to speak to: no --admin, no site in " + site,
          "name a node with --admin http://HOST:PORT");
    }
    return SiteDescriptor.read(site).nodes().stream()
        .map(node -> URI.create("http://127.0.0.1:" + node.adminPort()))
        .toList();
  }

  private static URI address(String text) {
    try {
      URI uri = URI.create(text.contains("://") ? text : "http://" + text);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw Arguments.wrong("--admin", text, "http://HOST:PORT or https://HOST:PORT");
    }
    throw Arguments.wrong("--admin", text, "http://HOST:PORT or https://HOST:PORT");
  }
}

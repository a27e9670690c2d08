package io.holdfast.cli;

import io.holdfast.drill.FreePorts;
import io.holdfast.drill.LocalSite;
import io.holdfast.drill.NodeAddress;
import io.holdfast.drill.NodeLaunch;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.SiteDescriptor;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.node.NewNode;
import io.holdfast.node.NewSite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the directory of a node that a site is to take in. On a local site it is also started, and
 * watched until it is a member.
 */
final class NewMember {
  private static final Pattern NUMBERED = Pattern.compile("(.+)-(\\d{1,6})");

  private final Console console;
  private final NewMemberOptions options;
  private final Path directory;

  NewMember(Console console, NewMemberOptions options) {
    this.console = console;
    this.options = options;
    this.directory = console.resolve(options.directory);
  }

  /**
   * @param given its name; null for the next after the one that it replaces
   * @param replaces null for none
   */
  int take(@Nullable String given, @Nullable String replaces) {
    String name = given == null ? nextName(Objects.requireNonNull(replaces)) : given;
    boolean local = SiteDescriptor.existsIn(directory) && options.address == null;
    return local ? local(name, replaces) : elsewhere(name, replaces);
  }

  private int local(String name, @Nullable String replaces) {
    NodeLaunch launch = NodeLaunch.likeThisProcess();
    LocalSite site = LocalSite.find(directory, launch);
    NodeAddress address;
    if (replaces == null) {
      address = FreePorts.another(name, site.nodes().stream().map(NodeProcess::address).toList());
    } else {
      NodeProcess old = site.node(replaces);
      if (old.isAlive()) {
        throw new HoldfastException(
            "node-runs",
            replaces + " runs as process " + old.pid() + "; the new node takes its addresses",
            "stop it first: kill " + old.pid());
      }
      NodeAddress at = old.address();
      address = new NodeAddress(name, at.peerPort(), at.restPort(), at.adminPort());
    }
    Path home = directory.resolve(name);
    if (!Files.exists(home)) { // it goes on with what an earlier attempt made
      prepare(NewNode.parse(address.initOption()), replaces, home);
    }
    if (replaces != null) {
      site.forget(replaces);
    }
    NodeProcess node = site.add(address, launch.withWrapper(List.of("setsid")));
    if (options.noStart) {
      tellHowToServe(name, home);
      return ExitCodes.OK;
    }
    site.restart(node);
    new Arrival(console, node, options.json).await(replaces);
    return ExitCodes.OK;
  }

  private int elsewhere(String name, @Nullable String replaces) {
    if (options.address == null) {
      throw new HoldfastException(
          "address-missing",
          directory + " is not a local site, so nothing tells where the new node will be",
          "say where the other nodes will reach it: --address HOST:PORT");
    }
    StringBuilder text = new StringBuilder(name).append('=').append(options.address);
    if (options.rest != null) {
      text.append(",rest=").append(options.rest);
    }
    if (options.admin != null) {
      text.append(",admin=").append(options.admin);
    }
    Path home =
        options.nodeDirectory == null
            ? directory.resolve(name)
            : console.resolve(options.nodeDirectory);
    prepare(NewNode.parse(text.toString()), replaces, home);
    tellHowToServe(name, home);
    return ExitCodes.OK;
  }

  private void prepare(NewNode node, @Nullable String replaces, Path home) {
    Path authority =
        options.authority == null ? directory.resolve("ca") : console.resolve(options.authority);
    NewSite.prepare(authority, directory, node, replaces, home, new SystemClock());
  }

  private void tellHowToServe(String name, Path home) {
    console.out().println(home + " is the directory of " + name + "; take it to its machine, then");
    console
        .out()
        .println("  " + console.command() + " serve --config " + home.resolve("holdfast.yaml"));
    console.out().println("It gets its data from the other nodes and joins the site by itself.");
  }

  /** n2, n2-2, n2-3 … */
  private String nextName(String old) {
    Matcher numbered = NUMBERED.matcher(old);
    String stem = numbered.matches() ? numbered.group(1) : old;
    int number = numbered.matches() ? Integer.parseInt(numbered.group(2)) + 1 : 2;
    return stem + "-" + number;
  }
}

package io.holdfast.drill;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A site of node processes on this machine: a directory as {@code holdfast init} makes it, with a
 * directory for each node, and {@code site.json}, which says which processes they are. Unless it is
 * detached, its processes end with this one.
 */
public final class LocalSite implements AutoCloseable {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
  private static final int INIT_OUTPUT_MAX = 4_000;

  private final Path directory;
  private volatile List<NodeProcess> nodes;
  private final Thread atExit = new Thread(this::killAll, "holdfast-site-at-exit");
  private boolean guarded;

  private LocalSite(Path directory, List<NodeProcess> nodes) {
    this.directory = directory;
    this.nodes = List.copyOf(nodes);
  }

  /** Makes the directory by running {@code holdfast init} as a process of its own. */
  public static LocalSite init(
      Path directory, String site, List<NodeAddress> addresses, NodeLaunch launch) {
    List<String> arguments = new ArrayList<>(List.of("init", "--site", site));
    for (NodeAddress address : addresses) {
      arguments.addAll(List.of("--node", address.initOption()));
    }
    arguments.addAll(List.of("--dir", directory.toAbsolutePath().toString()));
    runInit(launch.command(arguments), directory);
    return over(directory, addresses, launch);
  }

  /** Over a directory that {@code holdfast init} made for nodes at these addresses. */
  public static LocalSite over(Path directory, List<NodeAddress> addresses, NodeLaunch launch) {
    Path home = directory.toAbsolutePath().normalize();
    List<NodeProcess> nodes = new ArrayList<>();
    for (NodeAddress address : addresses) {
      nodes.add(new NodeProcess(address, home.resolve(address.node()), launch, null));
    }
    LocalSite site = new LocalSite(home, nodes);
    site.describe();
    return site;
  }

  /** Finds a site again by its descriptor, with those of its processes that still run. */
  public static LocalSite find(Path directory, NodeLaunch launch) {
    Path home = directory.toAbsolutePath().normalize();
    List<NodeProcess> nodes = new ArrayList<>();
    for (SiteDescriptor.Entry entry : SiteDescriptor.read(home).nodes()) {
      Path nodeDirectory = home.resolve(entry.node());
      Path configuration = nodeDirectory.resolve("holdfast.yaml");
      ProcessIdentity noted = entry.identity(configuration);
      ProcessIdentity identity =
          noted != null && noted.isAlive()
              ? noted
              : ProcessIdentity.serving(configuration).orElse(noted);
      nodes.add(new NodeProcess(entry.address(), nodeDirectory, launch, identity));
    }
    return new LocalSite(home, nodes);
  }

  /** Takes a node into the site's files, whose directory was made; does not start it. */
  public NodeProcess add(NodeAddress address, NodeLaunch launch) {
    NodeProcess added = new NodeProcess(address, directory.resolve(address.node()), launch, null);
    List<NodeProcess> all = new ArrayList<>(nodes);
    all.removeIf(node -> node.name().equals(added.name()));
    all.add(added);
    all.sort(Comparator.comparing(NodeProcess::name));
    nodes = List.copyOf(all);
    describe();
    return added;
  }

  /** Takes a node out of the site's files; its directory stays. */
  public void forget(String name) {
    NodeProcess gone = node(name);
    nodes = nodes.stream().filter(node -> node != gone).toList();
    describe();
  }

  /** Takes in what another process wrote into the site's files; knows its own nodes as before. */
  public void reread() {
    NodeLaunch launch = nodes.getFirst().launch();
    List<NodeProcess> now = new ArrayList<>();
    for (NodeProcess found : find(directory, launch).nodes()) {
      now.add(
          nodes.stream()
              .filter(known -> known.address().equals(found.address()))
              .findFirst()
              .orElse(found));
    }
    nodes = List.copyOf(now);
  }

  /** Starts the nodes that do not run and waits until all can answer; they end with this JVM. */
  public void start(Duration within) {
    guard();
    launchAndWait(within);
  }

  /** As {@link #start}, but the processes go on when this one ends. */
  public void startDetached(Duration within) {
    for (NodeProcess node : nodes) {
      node.launch(node.launch().withWrapper(List.of("setsid"))); // no signals of our terminal
    }
    launchAndWait(within);
  }

  private void launchAndWait(Duration within) {
    Deadline deadline = Deadline.in(within);
    for (NodeProcess node : nodes) {
      if (!node.isAlive()) {
        node.start();
      }
    }
    describe();
    for (NodeProcess node : nodes) {
      node.waitReady(deadline, within);
    }
  }

  /** Starts one node again and notes its process; does not wait until it is ready. */
  public void restart(NodeProcess node) {
    node.start();
    describe();
  }

  /** Stops all nodes in good order, all at once; kills those that do not. */
  public void stop() {
    for (NodeProcess node : nodes) {
      if (node.isHung()) {
        node.resume();
      }
      node.signal("TERM");
    }
    for (NodeProcess node : nodes) {
      if (!node.waitGone(STOP_PATIENCE)) {
        node.kill9();
      }
    }
    describe();
    unguard();
  }

  /** Kills all processes at once. */
  public void killAll() {
    for (NodeProcess node : nodes) {
      node.signal("KILL");
    }
    for (NodeProcess node : nodes) {
      node.waitGone(STOP_PATIENCE);
    }
  }

  /** Kills what still runs and leaves the directory as it is. */
  @Override
  public void close() {
    killAll();
    describe();
    unguard();
  }

  public Path directory() {
    return directory;
  }

  public List<NodeProcess> nodes() {
    return nodes;
  }

  /** The node with this name; code {@code unknown-node} if there is none. */
  public NodeProcess node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new HoldfastException(
                    "unknown-node",
                    "there is no node '" + name + "' in " + directory,
                    "there are " + nodes.stream().map(NodeProcess::name).toList()));
  }

  /** The gateways of all nodes. */
  public List<URI> gateways() {
    return nodes.stream().map(node -> node.address().rest()).toList();
  }

  private void describe() {
    List<SiteDescriptor.Entry> entries = new ArrayList<>();
    for (NodeProcess node : nodes) {
      NodeAddress at = node.address();
      ProcessIdentity alive = node.identity().filter(ProcessIdentity::isAlive).orElse(null);
      entries.add(
          new SiteDescriptor.Entry(
              at.node(),
              at.peerPort(),
              at.restPort(),
              at.adminPort(),
              alive == null ? null : Long.valueOf(alive.pid()),
              alive == null ? null : Long.valueOf(alive.startTicks())));
    }
    if (Files.isDirectory(directory)) {
      new SiteDescriptor(entries).write(directory);
    }
  }

  private synchronized void guard() {
    if (!guarded) {
      Runtime.getRuntime().addShutdownHook(atExit);
      guarded = true;
    }
  }

  private synchronized void unguard() {
    if (guarded && !Thread.currentThread().equals(atExit)) {
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException e) {
        return; // this process is ending; the hook runs and finds nothing alive
      }
      guarded = false;
    }
  }

  private static void runInit(List<String> command, Path directory) {
    try {
      Files.createDirectories(directory);
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new HoldfastException(
            "init-failed",
            "holdfast init ended with code "
                + process.exitValue()
                + ": "
                + output.substring(0, Math.min(output.length(), INIT_OUTPUT_MAX)),
            "the command was: "
                + String.join(" ", command.subList(command.size() - 5, command.size())));
      }
    } catch (IOException e) {
      throw new HoldfastException(
          "init-failed", "holdfast init could not be run: " + e.getMessage(), "", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException("interrupted", "interrupted while holdfast init ran", "", e);
    }
  }
}

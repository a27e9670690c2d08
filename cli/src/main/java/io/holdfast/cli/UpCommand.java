package io.holdfast.cli;

import io.holdfast.cli.Console.Style;
import io.holdfast.drill.FreePorts;
import io.holdfast.drill.LocalSite;
import io.holdfast.drill.NodeLaunch;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.SiteDescriptor;
import io.holdfast.kernel.HoldfastException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a local site that stays. */
@Command(
    name = "up",
    description = "Start a site of node processes on this machine.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast up                      until Ctrl-C",
      "  holdfast up --detach             until 'holdfast down'",
      "  holdfast up --nodes 5 --dir /var/lib/trial --detach",
      "",
      "The directory keeps the ledger: the same command starts it again.",
    })
final class UpCommand implements Callable<Integer> {
  private static final Duration READY = Duration.ofMinutes(2);
  private static final int DEFAULT_NODES = 3;
  private static final long LOOK_MILLIS = 500;

  private final Console console;

  @Mixin private final LocalSiteOptions site = new LocalSiteOptions();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "1, 3 or 5 (default 3): a minority of them may fail.")
  private @Nullable Integer nodes;

  @Option(names = "--detach", description = "Return once the site answers, and leave it running.")
  private boolean detach;

  @Option(
      names = "--port-base",
      paramLabel = "PORT",
      defaultValue = "" + FreePorts.DEFAULT_BASE,
      description =
          "Admin ports from PORT + 1, REST from PORT + 101, peers from PORT + 201; if they are"
              + " taken, the next free block (default ${DEFAULT-VALUE}).")
  private int portBase;

  @Option(
      names = "--heap",
      paramLabel = "MIB",
      defaultValue = "" + NodeLaunch.DEFAULT_HEAP_MIB,
      description = "The fixed heap of each node (default ${DEFAULT-VALUE}).")
  private int heapMiB;

  UpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    check();
    Path directory = site.directory(console);
    NodeLaunch launch = NodeLaunch.likeThisProcess().withHeapMiB(heapMiB);
    boolean existing = SiteDescriptor.existsIn(directory);
    LocalSite local = existing ? LocalSite.find(directory, launch) : create(directory, launch);
    if (nodes != null && nodes != local.nodes().size()) {
      throw new HoldfastException(
          "wrong-nodes",
          "--nodes is %d, but the site in %s has %d"
              .formatted(nodes, directory, local.nodes().size()),
          "leave --nodes away, or use another --dir");
    }
    if (local.nodes().stream().allMatch(NodeProcess::isAlive)) {
      console.out().println("already up: " + directory);
      console.out().println(table(local));
      return ExitCodes.OK;
    }
    console
        .err()
        .println((existing ? "starting the site in " : "a new site in ") + directory + " …");
    Thread stop = new Thread(local::stop, "holdfast-stop");
    if (!detach) {
      // The nodes do not hear our terminal's Ctrl-C; we do, and stop them in good order.
      Runtime.getRuntime().addShutdownHook(stop);
    }
    try {
      local.startDetached(READY);
    } catch (HoldfastException e) {
      local.close();
      throw e;
    }
    console.out().println(table(local));
    next(directory);
    return detach ? ExitCodes.OK : stay(local);
  }

  private void check() {
    if (nodes != null && nodes != 1 && nodes != 3 && nodes != 5) {
      throw Arguments.wrong(
          "--nodes", nodes.toString(), "1, 3 or 5: an even number survives no more failures");
    }
    if (portBase < 1_024 || portBase > 32_000) {
      throw Arguments.wrong("--port-base", Integer.toString(portBase), "1024 to 32000");
    }
    if (heapMiB < 256 || heapMiB > 65_536) {
      throw Arguments.wrong("--heap", Integer.toString(heapMiB), "256 to 65536 MiB");
    }
  }

  private LocalSite create(Path directory, NodeLaunch launch) {
    int count = nodes == null ? DEFAULT_NODES : nodes;
    return LocalSite.init(directory, "local", FreePorts.forNodes(count, portBase), launch);
  }

  private static Table table(LocalSite local) {
    Table table = new Table("node", "REST", "admin", "process>", "output");
    for (NodeProcess node : local.nodes()) {
      table.row(
          node.name(), node.address().rest(), node.address().admin(), node.pid(), node.output());
    }
    return table;
  }

  private void next(Path directory) {
    boolean usual = directory.equals(console.resolve(Path.of(GatewayOptions.LOCAL_SITE)));
    String dir = usual ? "" : " --dir " + directory;
    console.out().println();
    console
        .out()
        .println("next: " + console.paint(console.command() + " status --watch", Style.BOLD));
    if (detach) {
      console.out().println("stop: " + console.command() + " down" + dir);
    } else {
      console.out().println("Ctrl-C stops all nodes in good order");
    }
    console.out().flush();
  }

  /** Tells of nodes that stop, until none is left. */
  private int stay(LocalSite local) {
    Set<String> gone = new HashSet<>();
    List<NodeProcess> all = local.nodes();
    while (gone.size() < all.size()) {
      Waiting.pause(LOOK_MILLIS);
      for (NodeProcess node : all) {
        if (!node.isAlive() && gone.add(node.name())) {
          console.err().println(node.name() + " has stopped; its output is in " + node.output());
        }
      }
    }
    return ExitCodes.OK;
  }
}

package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.drill.Drill;
import io.holdfast.drill.DrillPlan;
import io.holdfast.drill.DrillReport;
import io.holdfast.drill.FreePorts;
import io.holdfast.drill.LocalSite;
import io.holdfast.drill.NodeLaunch;
import io.holdfast.drill.RestDoor;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Shows what Holdfast is for: breaks a site while it is paid at, and proves that nothing is lost.
 */
@Command(
    name = "demo",
    description =
        "Start three nodes, pay, kill, hang and hand over; then prove that nothing is lost.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast demo",
      "  holdfast demo --duration 60 --json demo.json",
      "",
      "Exit code 0 only if no payment is lost or doubled, all nodes agree and money is conserved.",
    })
final class DemoCommand implements Callable<Integer> {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Duration READY = Duration.ofMinutes(1);

  private final Console console;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "About how long to pay, 10 to 600 (default ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the nodes live; empty or new (default: a temporary directory).")
  private @Nullable Path directory;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to a file, too.")
  private @Nullable Path json;

  @Option(names = "--keep", description = "Leave the nodes running and the directory in place.")
  private boolean keep;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Repeat the choices of an earlier run; it was printed there.")
  private @Nullable Long seed;

  @Option(names = "--heap", paramLabel = "MIB", defaultValue = "512", hidden = true)
  private int heapMiB;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (seconds < 10 || seconds > 600) {
      throw Arguments.wrong("--duration", Integer.toString(seconds), "10 to 600 seconds");
    }
    long chosen = seed == null ? new SecureRandom().nextLong() & Long.MAX_VALUE : seed;
    Path home = directory == null ? temporary() : console.resolve(directory);
    NodeLaunch launch = NodeLaunch.likeThisProcess().withHeapMiB(heapMiB);
    LocalSite site =
        LocalSite.init(home, "demo", FreePorts.forNodes(3, FreePorts.DEFAULT_BASE), launch);
    boolean left = false;
    try {
      DrillReport report = run(site, chosen);
      new DemoSummary(report, console).lines().forEach(console.out()::println);
      if (json != null) {
        write(console.resolve(json), report);
      }
      if (keep) {
        leave(site);
        left = true;
      } else if (report.passed() && directory == null) {
        site.close();
        Scratch.delete(home); // nothing in it is of interest any more
      } else {
        console.out().println("the nodes' directories are in " + home);
      }
      return report.passed() ? ExitCodes.OK : ExitCodes.NOT_PROVED;
    } finally {
      if (!left) {
        site.close();
      }
    }
  }

  /** Starts the nodes once more so that they outlive us. */
  private void leave(LocalSite site) {
    site.stop();
    site.startDetached(READY);
    console.out().println("the nodes run on in " + site.directory());
    console
        .out()
        .println("stop them with: " + console.command() + " down --dir " + site.directory());
  }

  private DrillReport run(LocalSite site, long chosen) {
    DemoProgress progress = new DemoProgress(console);
    try (HoldfastClient client =
            HoldfastClient.builder().gateways(site.gateways()).deadline(DEADLINE).build();
        progress) {
      progress.intro(chosen, site.directory());
      return new Drill(site, client, new RestDoor(site.gateways()), plan(chosen), progress).run();
    }
  }

  /** Spreads the seconds over the four calm stretches and the two faults. */
  private DrillPlan plan(long chosen) {
    DrillPlan usual = DrillPlan.standard(chosen);
    Duration part = Duration.ofMillis(seconds * 1_000L / 7);
    Duration fault = part.compareTo(Duration.ofSeconds(2)) < 0 ? Duration.ofSeconds(2) : part;
    return new DrillPlan(
        chosen, usual.clients(), usual.accounts(), part, fault, fault, usual.ready());
  }

  private static Path temporary() {
    return Scratch.create("holdfast-demo-").resolve("site");
  }

  private static void write(Path file, DrillReport report) {
    try {
      Files.writeString(file, report.toJson() + "\n");
    } catch (IOException e) {
      throw new HoldfastException(
          "unwritable-file", "--json " + file + " cannot be written: " + e, "name another", e);
    }
  }
}

package io.holdfast.cli;

import io.holdfast.drill.FreePorts;
import io.holdfast.drill.LocalSite;
import io.holdfast.drill.NodeAddress;
import io.holdfast.drill.NodeLaunch;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.node.DirectoryLock;
import io.holdfast.node.NewNode;
import io.holdfast.node.NewSite;
import io.holdfast.vault.Restore;
import io.holdfast.vault.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a site out of a backup. */
@Command(
    name = "restore",
    description = {
      "Make a ledger as it was at a moment out of its backups: fetch, replay, prove.",
      "It goes into a new directory, for one node or for all nodes of a site, and becomes a branch",
      "of its own in the next epoch: it can't be mistaken for the ledger that it is a copy of."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast restore --repository file:/backup --key-file main.key --dry-run",
      "  holdfast restore --repository file:/backup --key-file main.key --dir site \\",
      "      --to-time 2026-11-26T07:00:00Z --local 3",
      "  holdfast restore --repository file:/backup --repository s3://bucket/ledger \\",
      "      --passphrase-file pass.txt --dir site --node n1=10.0.0.1:7400 \\",
      "      --node n2=10.0.0.2:7400 --node n3=10.0.0.3:7400",
    })
final class RestoreCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();
  @Mixin private final RestoreMomentOptions moment = new RestoreMomentOptions();

  @Option(
      names = "--site",
      paramLabel = "NAME",
      description = "The site's name (default: that of the site the backup is of).")
  private @Nullable String site;

  @Option(
      names = "--node",
      paramLabel = "NODE",
      description = {
        "NAME=HOST:PORT[,rest=HOST:PORT][,admin=HOST:PORT], for each node: 1, 3 or 5 of them.",
        "As for 'holdfast init'."
      })
  private List<String> nodes = new ArrayList<>();

  @Option(
      names = "--local",
      paramLabel = "N",
      description =
          "Instead of --node: a site of 1, 3 or 5 nodes on this machine, which 'holdfast up --dir"
              + " DIR' starts.")
  private @Nullable Integer local;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where to make it; must not exist or be empty.")
  private @Nullable Path directory;

  @Option(
      names = "--dry-run",
      description = "Say what would be fetched and how long it would take, and do nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  RestoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<NodeAddress> addresses = addresses();
    List<NewNode> all =
        (local == null ? nodes.stream() : addresses.stream().map(NodeAddress::initOption))
            .map(NewNode::parse)
            .toList();
    List<String> closed = new ArrayList<>();
    List<Vault> vaults = open(closed);
    try {
      if (dryRun) {
        Restore restore = Restore.plan(vaults, moment.target(), moment.branch());
        new RestoreReport(console, json).estimate(restore.estimate(), restore.rates(), closed);
        return ExitCodes.OK;
      }
      return restore(vaults, all, addresses, closed);
    } finally {
      vaults.forEach(Vault::close);
    }
  }

  /**
   * Opens all that can be opened: for that there are several.
   *
   * @param closed is told of the others
   */
  private List<Vault> open(List<String> closed) {
    List<Vault> vaults = new ArrayList<>();
    HoldfastException failed = null;
    for (RepositoryOptions.Chosen chosen : repositories.all(console)) {
      try {
        vaults.add(chosen.open());
      } catch (HoldfastException e) {
        closed.add(chosen.name() + ": " + e.message());
        failed = failed == null ? e : failed;
      }
    }
    if (vaults.isEmpty()) {
      throw Objects.requireNonNull(failed, "there is at least one repository");
    }
    return vaults;
  }

  /** Free ones for the nodes of a local site; none without one. */
  private List<NodeAddress> addresses() {
    if (local == null) {
      return List.of();
    }
    if (local != 1 && local != 3 && local != 5) {
      throw Arguments.wrong("--local", local.toString(), "1, 3 or 5 nodes");
    }
    if (!nodes.isEmpty()) {
      throw Arguments.wrong("--local", local.toString(), "no --node beside it");
    }
    return FreePorts.forNodes(local, FreePorts.DEFAULT_BASE);
  }

  private int restore(
      List<Vault> vaults, List<NewNode> all, List<NodeAddress> addresses, List<String> closed) {
    if (directory == null || all.isEmpty()) {
      throw new HoldfastException(
          "usage",
          "--dir and either --local or at least one --node are needed, unless with --dry-run",
          "for example: --dir site --local 3");
    }
    Path home = console.resolve(directory);
    Path scratch = home.resolveSibling("." + home.getFileName() + ".restoring");
    checkFree(home, scratch);
    Restore restore = Restore.plan(vaults, moment.target(), moment.branch());
    Restore.Estimate estimate = restore.estimate();
    String name = site == null ? estimate.site() : site;
    NewSite.checkRestored(home, name, all);
    RestoreSpace.check(home, estimate, all.size());
    Restore.Restored restored;
    try (var _ = alone(home, scratch);
        RestoreProgress progress = new RestoreProgress(console, !json)) {
      restored = restore.into(scratch, progress);
      long began = System.nanoTime();
      progress.progress("making the directories", 0, -1);
      NewSite.restored(
          home, name, all, restored, new SystemClock(), made -> describe(made, addresses));
      Restore.clear(scratch);
      restored = restored.madeIn(System.nanoTime() - began);
    } catch (IOException e) {
      throw RestoreSpace.faultOf(DiskFaults.coded(e, scratch), scratch);
    } catch (HoldfastException e) {
      throw RestoreSpace.faultOf(e, scratch);
    }
    new RestoreReport(console, json)
        .restored(restored, home, name, local == null ? all : List.of(), closed);
    return ExitCodes.OK;
  }

  /** Of two at once one would delete what the other fetches. */
  private static DirectoryLock alone(Path home, Path scratch) throws IOException {
    Files.createDirectories(scratch);
    try {
      return DirectoryLock.take(scratch);
    } catch (HoldfastException e) {
      if (e.code().equals("directory-in-use")) {
        throw new HoldfastException(
            "directory-in-use",
            "another restore into " + home + " is running: " + e.message(),
            "let it end, or name another directory with --dir",
            e);
      }
      throw e;
    }
  }

  /** Writes which nodes a site on this machine has, before the directory has its name. */
  private void describe(Path made, List<NodeAddress> addresses) {
    if (local != null) {
      LocalSite.over(made, addresses, NodeLaunch.likeThisProcess());
    }
  }

  private static void checkFree(Path home, Path scratch) {
    if (Files.exists(home)) {
      boolean free = false;
      if (Files.isDirectory(home)) {
        try (Stream<Path> entries = Files.list(home)) {
          free = entries.findAny().isEmpty();
        } catch (IOException e) {
          throw DiskFaults.coded(e, home);
        }
      }
      if (!free) {
        throw new HoldfastException(
            "restore-target-exists",
            home + " is there already and not an empty directory; a restore overwrites nothing",
            "name another directory with --dir"
                + (Files.exists(scratch)
                    ? "; delete " + scratch + ", which a restore left: it holds keys"
                    : ""));
      }
    }
  }
}

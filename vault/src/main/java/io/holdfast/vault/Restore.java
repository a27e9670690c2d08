package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Brings a ledger's history up to a moment out of repositories, and proves it. What comes of it is
 * a directory of files laid out as a node's, from which the nodes of a site are made. It is
 * nobody's yet: interrupted, it is gone on with by the next run, or may be deleted.
 *
 * <p>Nothing of it is trusted: each piece must give the bytes of the file that the signed manifest
 * names, the chain must lead over all entries, and the ledger must answer as it did.
 */
public final class Restore {
  private final Histories.History history;
  private final List<RestorePlan> plans;
  private final Incidents incidents;
  private final long planNanos;

  private Restore(
      Histories.History history, List<RestorePlan> plans, Incidents incidents, long planNanos) {
    this.history = history;
    this.plans = List.copyOf(plans);
    this.incidents = incidents;
    this.planNanos = planNanos;
  }

  /**
   * What a restore would fetch.
   *
   * @param backup what the manifest is called that it begins with
   * @param upToOp the last op of what is fetched
   * @param segments that the journal consists of
   * @param sizeBytes of the journal
   * @param storedBytes of the objects that hold it
   * @param checkpointBytes of the checkpoint; 0 for none
   * @param replayedOps after it
   */
  public record Estimate(
      String ledgerId,
      String branch,
      long epoch,
      String site,
      String backup,
      long upToOp,
      long upToTime,
      int segments,
      int tails,
      long sizeBytes,
      long storedBytes,
      long checkpointBytes,
      long replayedOps) {}

  /**
   * What was restored.
   *
   * @param directory laid out as a node's
   * @param lineage whose last branch is a new one
   * @param op the last one; 0 for none
   * @param chain after it, 64 hex digits
   * @param backup what the manifest is called that it began with
   * @param checkpointOp from which it was replayed; 0 for the beginning
   * @param missingKeys of details that no repository has: what they seal cannot be read
   * @param incidents what was not as it should be and was got over
   * @param fetchNanos Td: until all was there
   * @param proveNanos Tr: until it was proved
   */
  public record Restored(
      Path directory,
      DataKey dataKey,
      Lineage lineage,
      long op,
      long timeNanos,
      String chain,
      String backup,
      long fetchedBytes,
      long journalBytes,
      long checkpointOp,
      long replayedEvents,
      long accounts,
      long transfers,
      List<String> missingKeys,
      List<String> incidents,
      long fetchNanos,
      long proveNanos) {
    public Restored {
      missingKeys = List.copyOf(missingKeys);
      incidents = List.copyOf(incidents);
    }

    public JournalPlaces places() {
      return JournalPlaces.in(directory);
    }

    public Path detailsKeys() {
      return directory.resolve("keys").resolve("details");
    }

    /** With the time that it took to make the nodes' directories of it. */
    public Restored madeIn(long nanos) {
      return new Restored(
          directory,
          dataKey,
          lineage,
          op,
          timeNanos,
          chain,
          backup,
          fetchedBytes,
          journalBytes,
          checkpointOp,
          replayedEvents,
          accounts,
          transfers,
          missingKeys,
          incidents,
          fetchNanos,
          proveNanos + nanos);
    }
  }

  /**
   * Chooses what a moment is restored from.
   *
   * @param vaults the repositories, in the order in which they are asked
   * @param branch its epoch, or how its id begins; empty when there is but one
   * @throws HoldfastException codes {@code no-such-backup}, {@code no-such-moment}, {@code
   *     no-such-branch}, {@code branch-ambiguous}, and those of {@link Repository}
   */
  public static Restore plan(List<Vault> vaults, RestoreTarget target, String branch) {
    long began = System.nanoTime();
    Incidents incidents = new Incidents();
    Histories.History history = Histories.read(vaults, incidents).choose(branch);
    List<RestorePlan> plans = RestorePlan.of(history, target, incidents);
    return new Restore(history, plans, incidents, System.nanoTime() - began);
  }

  /** What would be fetched. */
  public Estimate estimate() {
    RestorePlan plan = plans.getFirst();
    BackupManifest manifest = plan.base().manifest();
    long upTo = Math.min(plan.bound().op(), plan.lastOp());
    BackupManifest.CheckpointRef checkpoint =
        history.sources().stream()
            .flatMap(source -> source.backups().stream())
            .flatMap(named -> named.manifest().checkpoints().stream())
            .filter(ref -> ref.op() <= upTo)
            .max(Comparator.comparingLong(BackupManifest.CheckpointRef::op))
            .orElse(null);
    return new Estimate(
        manifest.ledgerId(),
        history.branch().id().toHex(),
        history.branch().epoch(),
        manifest.site(),
        plan.base().id(),
        upTo,
        Math.min(plan.bound().timeNanos(), plan.lastTime()),
        (int) manifest.segments().stream().filter(one -> !plan.pieces(one).isEmpty()).count(),
        plan.tails().size(),
        plan.sizeBytes(),
        plan.storedBytes(),
        checkpoint == null ? 0 : checkpoint.sizeBytes(),
        upTo - (checkpoint == null ? 0 : checkpoint.op()));
  }

  /**
   * How fast it would go: some objects are fetched to see.
   *
   * @throws HoldfastException none of them can be had
   */
  public RestoreRates rates() {
    RestorePlan plan = plans.getFirst();
    RestoreSources sources = new RestoreSources(history, Path.of("."), incidents);
    return RestoreRates.sampled(sources, plan);
  }

  /**
   * Fetches and proves.
   *
   * @param directory made if it does not exist; what an interrupted run left there is used
   * @throws HoldfastException an object that is needed is whole nowhere ({@code object-missing},
   *     {@code object-damaged}, {@code piece-damaged}); {@code restore-not-proved}, {@code
   *     journal-damaged}, {@code journal-differs}: what was fetched is not what was backed up
   */
  public Restored into(Path directory, Telling telling) {
    try {
      long began = System.nanoTime() - planNanos;
      return new RestoreRun(history, plans, directory, incidents, telling, began).run();
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  /** Deletes a directory and what is in it. */
  public static void clear(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : all) {
      Files.delete(one);
    }
  }
}

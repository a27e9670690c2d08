package io.holdfast.vault;

import io.holdfast.journal.Branch;
import io.holdfast.journal.Checkpoint;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.journal.JournalCut;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.DetailsKeyState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
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
  private static final SecureRandom RANDOM = new SecureRandom();

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
    RestoreFetch fetch = new RestoreFetch(history, Path.of("."), incidents, Telling.NONE);
    return new RestoreRates(fetch.sampleBytesPerSecond(plan));
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
      return run(directory, telling);
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  /** The last op of what lies in a directory, and what it is begun with. */
  private record Fetched(RestorePlan plan, DataKey dataKey, long op, long checkpointOp) {}

  private Restored run(Path directory, Telling telling) throws IOException {
    long began = System.nanoTime();
    JournalPlaces places = JournalPlaces.in(directory);
    Files.createDirectories(directory);
    clear(places.runs()); // of what an interrupted run may have made for another moment
    clear(places.checkpoints());
    clear(directory.resolve("keys"));
    RestoreFetch fetch = new RestoreFetch(history, directory, incidents, telling);
    DataKey dataKey = fetch.dataKey();
    CheckpointFetch checkpoints =
        new CheckpointFetch(history, places.checkpoints(), dataKey, incidents, telling);
    Fetched fetched = fetch(fetch, checkpoints, dataKey, places);
    long fetchNanos = planNanos + System.nanoTime() - began;

    began = System.nanoTime();
    JournalCut.End end = cut(places, dataKey, fetched.op());
    checkChain(fetched, end);
    Lineage lineage = continued(end);
    RestoreProof proof = RestoreProof.of(places, dataKey, end, lineage, telling);
    proof.passedOver().forEach(incidents::add);
    List<String> missing = detailsKeys(fetch, directory, dataKey, proof.detailsKeys());
    Checkpoint checkpoint = proof.checkpoint();
    return new Restored(
        directory,
        dataKey,
        lineage,
        end.op(),
        end.timeNanos(),
        HexFormat.of().formatHex(end.chain()),
        fetched.plan().base().id(),
        fetch.fetchedBytes() + checkpoints.fetchedBytes(),
        sizeBytes(places.segments()),
        checkpoint == null ? 0 : checkpoint.op(),
        proof.replayedEvents(),
        proof.accounts(),
        proof.transfers(),
        missing,
        incidents.all(),
        fetchNanos,
        System.nanoTime() - began);
  }

  /** By the first plan all of whose objects can be had. */
  private Fetched fetch(
      RestoreFetch fetch, CheckpointFetch checkpoints, DataKey dataKey, JournalPlaces places)
      throws IOException {
    HoldfastException failed = null;
    for (RestorePlan plan : plans) {
      try {
        fetch.segments(plan, dataKey);
        long op =
            plan.bound().op() == Long.MAX_VALUE
                ? JournalCut.lastOpAt(
                    SystemDisk.INSTANCE, places.segments(), dataKey, plan.bound().timeNanos())
                : plan.bound().op();
        return new Fetched(plan, dataKey, op, checkpoints.newest(op));
      } catch (HoldfastException e) {
        if (e.code().startsWith("disk-")) {
          throw e;
        }
        failed = failed == null ? e : failed;
      }
    }
    throw failed == null ? new IllegalStateException("there is a plan") : failed;
  }

  private JournalCut.End cut(JournalPlaces places, DataKey dataKey, long op) throws IOException {
    if (op > 0) {
      return JournalCut.after(SystemDisk.INSTANCE, places.segments(), dataKey, op);
    }
    clear(places.segments());
    Lineage lineage = history.lineage();
    byte[] beginning = HexFormat.of().parseHex(lineage.branches().getFirst().chain());
    return new JournalCut.End(0, 0, beginning, lineage);
  }

  /** The signed manifest knows the chain after its last op. */
  private static void checkChain(Fetched fetched, JournalCut.End end) {
    BackupManifest manifest = fetched.plan().base().manifest();
    if (end.op() == manifest.lastOp()
        && !manifest.chain().equals(HexFormat.of().formatHex(end.chain()))) {
      throw new HoldfastException(
          "restore-not-proved",
          "the chain after op " + end.op() + " is not the one that the backup names",
          "nothing was made of it: restore from another repository, or to an earlier moment");
    }
  }

  /** The history up to its end, and a branch for what comes: no other goes on so. */
  private Lineage continued(JournalCut.End end) {
    List<Branch> branches = new ArrayList<>();
    for (Branch branch : history.lineage().branches()) {
      if (branches.isEmpty() || branch.firstOp() <= end.op()) {
        branches.add(branch);
      }
    }
    branches.add(
        new Branch(
            history.branch().epoch() + 1,
            new UInt128(RANDOM.nextLong(), RANDOM.nextLong()),
            end.op() + 1,
            HexFormat.of().formatHex(end.chain())));
    return new Lineage(history.lineage().ledgerId(), branches);
  }

  /**
   * Brings the keys that details are sealed under, but none that the history says is destroyed;
   * names those that nobody has.
   */
  private static List<String> detailsKeys(
      RestoreFetch fetch, Path directory, DataKey dataKey, List<DetailsKeyState> states)
      throws IOException {
    Path keys = directory.resolve("keys").resolve("details");
    Path arriving = directory.resolve("keys").resolve("arriving");
    Files.createDirectories(keys);
    List<String> missing = new ArrayList<>();
    for (DetailsKeyState state : states) {
      if (state.destroyed()) {
        continue;
      }
      String label = state.name().label();
      try {
        String moved =
            fetch.any(
                ObjectKind.DETAILS_KEY,
                label.getBytes(StandardCharsets.US_ASCII),
                content -> arrived(arriving, keys, dataKey, state.name(), content));
        if (moved.isEmpty()) {
          missing.add(label);
        }
      } catch (HoldfastException e) {
        if (e.code().startsWith("disk-")) {
          throw e;
        }
        missing.add(label);
      }
    }
    clear(arriving);
    SystemDisk.INSTANCE.syncDirectory(keys);
    return missing;
  }

  private static String arrived(
      Path arriving, Path keys, DataKey dataKey, DetailsKeyName name, byte[] content)
      throws IOException {
    clear(arriving);
    Files.createDirectories(arriving);
    Path file = arriving.resolve(name.label() + ".key");
    SystemDisk.INSTANCE.writeSecret(file, content);
    if (DetailsKeys.open(SystemDisk.INSTANCE, arriving, dataKey).find(name) == null) {
      throw new HoldfastException("object-damaged", "it is not the key " + name.label(), "");
    }
    SystemDisk.INSTANCE.move(file, keys.resolve(file.getFileName()));
    return name.label();
  }

  private static long sizeBytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      long size = 0;
      for (Path file : files.toList()) {
        size += Files.size(file);
      }
      return size;
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

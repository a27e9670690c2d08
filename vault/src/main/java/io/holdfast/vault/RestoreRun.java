package io.holdfast.vault;

import io.holdfast.journal.Branch;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.JournalArrival;
import io.holdfast.journal.JournalCut;
import io.holdfast.journal.JournalIndex;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One restore into a directory: each piece of the journal is proved as soon as it is there, while
 * others are fetched, and what a node starts with is made of it on the way.
 */
final class RestoreRun {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Histories.History history;
  private final List<RestorePlan> plans;
  private final Path directory;
  private final JournalPlaces places;
  private final Incidents incidents;
  private final Telling telling;
  private final RestoreSources sources;
  private final CheckpointFetch checkpoints;
  private final long began;

  /**
   * @param plans the best first
   * @param directory made if it does not exist; what an interrupted run left there is used
   * @param began when the restore did, as {@link System#nanoTime} tells it
   */
  RestoreRun(
      Histories.History history,
      List<RestorePlan> plans,
      Path directory,
      Incidents incidents,
      Telling telling,
      long began) {
    this.began = began;
    this.history = history;
    this.plans = plans;
    this.directory = directory;
    this.places = JournalPlaces.in(directory);
    this.incidents = incidents;
    this.telling = telling;
    this.sources = new RestoreSources(history, directory, incidents);
    this.checkpoints = new CheckpointFetch(history, incidents);
  }

  /** By the first plan all of whose objects can be had. */
  Restore.Restored run() throws IOException {
    Files.createDirectories(directory);
    Restore.clear(directory.resolve("keys"));
    DataKey dataKey = sources.dataKey(directory.resolve("keys").resolve(DataKey.FILE));
    HoldfastException failed = null;
    for (RestorePlan plan : plans) {
      try {
        Restore.Restored restored = null;
        while (restored == null) {
          restored = attempt(plan, dataKey);
        }
        return restored;
      } catch (RestoreFetch.NotFetched e) {
        if (e.why().code().startsWith("disk-")) {
          throw e.why();
        }
        failed = failed == null ? e.why() : failed;
      }
    }
    throw failed == null ? new IllegalStateException("there is a plan") : failed;
  }

  /** Null when a checkpoint turned out to be of no use: then it is done without it. */
  private Restore.@Nullable Restored attempt(RestorePlan plan, DataKey dataKey)
      throws IOException, RestoreFetch.NotFetched {
    Restore.clear(places.runs()); // of what an interrupted run may have made for another moment
    Restore.clear(places.checkpoints());
    RestoreFetch fetch = new RestoreFetch(sources, places.segments(), dataKey, plan, telling);
    CheckpointFetch.Found checkpoint = checkpoints.newest(plan);
    try (JournalArrival arrival =
        new JournalArrival(
            new JournalArrival.Setup(
                SystemDisk.INSTANCE,
                places,
                dataKey,
                history.lineage(),
                RANDOM.nextLong(),
                JournalIndex.GENERATION_WEIGHT))) {
      if (checkpoint != null) {
        arrival.beginWith(checkpoint.op(), checkpoint.frame(), checkpoint::page);
      }
      RestorePlan.Bound bound = plan.bound();
      try {
        fetch.run(piece -> arrival.take(piece, bound.op(), bound.timeNanos()));
      } catch (HoldfastException e) {
        HoldfastException fault = arrival.checkpointFault();
        if (checkpoint == null || fault == null || fault.code().startsWith("disk-")) {
          throw e;
        }
        checkpoint.passOver(fault);
        return null;
      }
      return finish(plan, dataKey, arrival, fetch.lastNanos());
    }
  }

  private Restore.Restored finish(
      RestorePlan plan, DataKey dataKey, JournalArrival arrival, long fetchedAt)
      throws IOException {
    telling.progress("finish", 0, -1);
    JournalArrival.Proved proved = arrival.proved();
    checkProved(plan, proved);
    Lineage until = until(proved.op());
    FutureTask<@Nullable Void> finishing = beside(() -> finish(arrival, until));
    JournalCut.End end;
    try {
      end = cut(dataKey, proved);
    } finally {
      ended(finishing); // before what it reads is closed
    }
    result(finishing);
    Lineage lineage = continued(until, proved);
    List<String> missing =
        RestoredDetailsKeys.bring(sources, directory, dataKey, proved.detailsKeys());
    long now = System.nanoTime();
    return new Restore.Restored(
        directory,
        dataKey,
        lineage,
        proved.op(),
        end.timeNanos(),
        HexFormat.of().formatHex(proved.chain()),
        plan.base().id(),
        sources.fetchedBytes() + checkpoints.fetchedBytes(),
        sizeBytes(places.segments()),
        proved.checkpointOp(),
        proved.events(),
        proved.accounts(),
        proved.transfers(),
        missing,
        incidents.all(),
        fetchedAt - began,
        now - fetchedAt);
  }

  private static @Nullable Void finish(JournalArrival arrival, Lineage until) throws IOException {
    arrival.finish(until);
    return null;
  }

  private void checkProved(RestorePlan plan, JournalArrival.Proved proved) {
    long wanted = plan.bound().op();
    if (wanted != Long.MAX_VALUE && proved.op() != wanted) {
      throw notProved("the journal ended with op " + proved.op() + ", not " + wanted);
    }
    if (!proved.conserved()) {
      throw notProved("money is not conserved: debits and credits differ");
    }
    BackupManifest manifest = plan.base().manifest(); // signed
    if (proved.op() == manifest.lastOp()
        && !manifest.chain().equals(HexFormat.of().formatHex(proved.chain()))) {
      throw notProved(
          "the chain after op " + proved.op() + " is not the one that the backup names");
    }
  }

  /** What is on disk ends there, and says so. */
  private JournalCut.End cut(DataKey dataKey, JournalArrival.Proved proved) throws IOException {
    if (proved.op() == 0) {
      Restore.clear(places.segments());
      return new JournalCut.End(0, 0, proved.chain(), history.lineage());
    }
    JournalCut.End end =
        JournalCut.after(SystemDisk.INSTANCE, places.segments(), dataKey, proved.op());
    if (!Arrays.equals(end.chain(), proved.chain())) {
      throw notProved("what was written has another chain after op " + proved.op());
    }
    return end;
  }

  /** The branches of the history up to an op. */
  private Lineage until(long op) {
    List<Branch> branches = new ArrayList<>();
    for (Branch branch : history.lineage().branches()) {
      if (branches.isEmpty() || branch.firstOp() <= op) {
        branches.add(branch);
      }
    }
    return new Lineage(history.lineage().ledgerId(), branches);
  }

  /** The history up to its end, and a branch for what comes: no other goes on so. */
  private Lineage continued(Lineage until, JournalArrival.Proved proved) {
    List<Branch> branches = new ArrayList<>(until.branches());
    branches.add(
        new Branch(
            history.branch().epoch() + 1,
            new UInt128(RANDOM.nextLong(), RANDOM.nextLong()),
            proved.op() + 1,
            HexFormat.of().formatHex(proved.chain())));
    return new Lineage(until.ledgerId(), branches);
  }

  private static FutureTask<@Nullable Void> beside(Callable<@Nullable Void> work) {
    FutureTask<@Nullable Void> task = new FutureTask<>(work);
    Thread.ofPlatform().name("holdfast-restore-finish").daemon().start(task);
    return task;
  }

  private static void ended(FutureTask<@Nullable Void> task) {
    boolean interrupted = false;
    while (!task.isDone()) {
      try {
        task.get();
      } catch (ExecutionException e) {
        // its result is asked for, unless something else has failed already
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void result(FutureTask<@Nullable Void> task) throws IOException {
    if (task.state() == Future.State.FAILED) {
      switch (task.exceptionNow()) {
        case IOException io -> throw io;
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case Throwable other -> throw new IllegalStateException("cannot finish", other);
      }
    }
  }

  private static HoldfastException notProved(String what) {
    return new HoldfastException(
        "restore-not-proved",
        what,
        "nothing was made of it: restore from another repository, or to an earlier moment");
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
}

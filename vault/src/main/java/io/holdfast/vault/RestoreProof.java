package io.holdfast.vault;

import io.holdfast.journal.Checkpoint;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.Journal;
import io.holdfast.journal.JournalCut;
import io.holdfast.journal.JournalIndex;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.JournalSegment;
import io.holdfast.journal.JournalVerifier;
import io.holdfast.journal.Lineage;
import io.holdfast.journal.Recovery;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.ledger.DetailsKeyState;
import io.holdfast.ledger.Ledger;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes the index of a journal that was fetched, replays it and proves on the way that it is the
 * history that was backed up: every entry is in the chain, those after the checkpoint are judged
 * again with the same answers, the checkpoint's pages give its root, and money is conserved.
 *
 * @param checkpoint that it began with; null for none
 * @param passedOver why newer checkpoints were not used
 */
record RestoreProof(
    long entries,
    @Nullable Checkpoint checkpoint,
    long replayedEvents,
    long accounts,
    long transfers,
    List<DetailsKeyState> detailsKeys,
    List<String> passedOver) {

  /**
   * Proves.
   *
   * @param end of the journal, which is cut there and sealed
   * @param lineage that it goes on with
   */
  static RestoreProof of(
      JournalPlaces places, DataKey dataKey, JournalCut.End end, Lineage lineage, Telling telling) {
    CompletableFuture<Void> chain = new CompletableFuture<>();
    Thread verifying =
        Thread.ofPlatform()
            .name("holdfast-restore-chain")
            .daemon()
            .start(
                () -> {
                  try {
                    verifyChain(places, dataKey, end);
                    chain.complete(null);
                  } catch (Throwable t) {
                    chain.completeExceptionally(t);
                  }
                });
    try {
      RestoreProof proof = replay(places, dataKey, end, lineage, telling);
      try {
        chain.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof HoldfastException coded) {
          throw coded;
        }
        throw e;
      }
      return proof;
    } finally {
      join(verifying);
    }
  }

  /** Reads every entry: each must follow the one before, up to the chain at the end. */
  private static void verifyChain(JournalPlaces places, DataKey dataKey, JournalCut.End end)
      throws IOException {
    List<JournalSegment> segments =
        new JournalVerifier(SystemDisk.INSTANCE, dataKey)
            .verify(
                JournalVerifier.segments(SystemDisk.INSTANCE, places.segments()), segment -> {});
    for (JournalSegment segment : segments) {
      JournalSegment.Fault fault = segment.fault();
      if (fault != null) {
        throw notProved(segment.file() + ", byte " + fault.offset() + ": " + fault.what());
      }
    }
    if (segments.isEmpty()
        ? end.op() != 0
        : segments.getLast().lastOp() != end.op()
            || segments.getFirst().firstOp() != 1
            || !segments.getLast().chain().equals(HexFormat.of().formatHex(end.chain()))) {
      throw notProved("the chain over all entries does not lead to op " + end.op());
    }
  }

  private static RestoreProof replay(
      JournalPlaces places, DataKey dataKey, JournalCut.End end, Lineage lineage, Telling telling) {
    AtomicReference<@Nullable HoldfastException> failed = new AtomicReference<>();
    telling.progress("index", 0, -1);
    Journal journal =
        Journal.open(
            new Journal.Setup(
                SystemDisk.INSTANCE,
                places.segments(),
                places.runs(),
                places.checkpoints(),
                dataKey,
                lineage,
                new UUID(0, 0), // nothing comes from consensus
                end.op(),
                Journal.SEGMENT_BYTES,
                1),
            failure -> failed.compareAndSet(null, failure),
            said -> telling.progress(said, 0, -1));
    RestoreProof proof;
    try {
      telling.progress("replay", 0, -1);
      long hashSeed = new SecureRandom().nextLong();
      Recovery.Recovered recovered =
          journal
              .recovery()
              .run(
                  () ->
                      new Ledger(
                          hashSeed, journal.index().history(), JournalIndex.GENERATION_WEIGHT));
      try (Ledger ledger = recovered.ledger()) {
        proof = judged(ledger, recovered, end);
      }
    } finally {
      journal.close();
    }
    HoldfastException failure = failed.get();
    if (failure != null) {
      throw failure;
    }
    return proof;
  }

  private static RestoreProof judged(
      Ledger ledger, Recovery.Recovered recovered, JournalCut.End end) {
    if (ledger.op() != end.op()) {
      throw notProved("the replay ended with op " + ledger.op() + ", not " + end.op());
    }
    if (!ledger.conserved()) {
      throw notProved("money is not conserved: debits and credits differ");
    }
    return new RestoreProof(
        end.op(),
        recovered.checkpoint(),
        recovered.events(),
        ledger.accountCount(),
        ledger.transferCount(),
        ledger.detailsKeys(),
        recovered.passedOver());
  }

  private static HoldfastException notProved(String what) {
    return new HoldfastException(
        "restore-not-proved",
        what,
        "nothing was made of it: restore from another repository, or to an earlier moment");
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

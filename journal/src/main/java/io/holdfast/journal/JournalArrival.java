package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.DetailsKeyState;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Proves a journal while it arrives, and makes of it what a node starts with: the index, and a
 * checkpoint of its end. Every entry must follow the one before; those after the checkpoint that it
 * is given are judged again and must be answered as they were; money must be conserved at the end.
 * In memory it has the accounts and a window of entries, whatever the history's length.
 *
 * <p>One thread gives pieces in their order. Threads of its own fill the ledger from the checkpoint
 * and write the index.
 */
public final class JournalArrival implements AutoCloseable {
  /** Complete generations that the ledger keeps until they have a run; then who judges waits. */
  private static final int GENERATIONS_MAX = 4;

  private final Setup setup;
  private final ArrivingIndex index;
  private final JournalHistory history;
  private final ArrivingHistory asked;
  private final ArrivingChain chain;
  private final SecondJudgement judgement = new SecondJudgement();
  private final Deque<Generation> unindexed = new ArrayDeque<>();
  private final CompletableFuture<ArrivingState> state = new CompletableFuture<>();
  private final Ledger ledger;
  private @Nullable Thread loading;
  private long checkpointOp;
  private boolean judging;
  private Recovery.@Nullable Point last;
  private long timeNanos;
  private long events;
  private @Nullable HoldfastException checkpointFault;
  private volatile boolean closed;

  /**
   * What it needs to know.
   *
   * @param places where the segments are and the rest is to be; empty of runs and checkpoints
   * @param lineage of the history that arrives
   * @param hashSeed of the ledger
   * @param generationWeight {@link JournalIndex#GENERATION_WEIGHT}
   */
  public record Setup(
      Disk disk,
      JournalPlaces places,
      DataKey dataKey,
      Lineage lineage,
      long hashSeed,
      long generationWeight) {}

  /** Begins with an empty journal. */
  public JournalArrival(Setup setup) throws IOException {
    this.setup = setup;
    setup.disk().createDirectories(setup.places().runs());
    setup.disk().createDirectories(setup.places().checkpoints());
    this.index =
        new ArrivingIndex(
            setup.disk(),
            setup.places().runs(),
            setup.dataKey(),
            setup.lineage().ledgerId(),
            setup.generationWeight());
    this.history =
        new JournalHistory(
            setup.disk(),
            setup.places().segments(),
            setup.dataKey(),
            new IdHash(setup.dataKey(), setup.lineage().ledgerId()),
            index.runs(),
            Runnable::run);
    this.asked = new ArrivingHistory(history, index);
    this.chain = new ArrivingChain(setup.lineage());
    this.ledger = new Ledger(setup.hashSeed(), asked, setup.generationWeight());
  }

  /**
   * Judges from a checkpoint on, and not from the first op: before the first piece, if at all.
   *
   * @param op that it is after; it must come
   * @param frame of {@link CheckpointPages#frame}
   * @param page gives each page in turn, to a thread of its own
   */
  public void beginWith(long op, byte[] frame, IntFunction<byte[]> page) {
    checkpointOp = op;
    loading =
        Thread.ofPlatform()
            .name("holdfast-arriving-state")
            .daemon()
            .start(
                () -> {
                  try {
                    state.complete(
                        ArrivingState.load(
                            ledger,
                            setup.dataKey(),
                            setup.lineage(),
                            frame,
                            number -> pageUnlessClosed(page, number)));
                  } catch (Throwable t) {
                    state.completeExceptionally(t);
                  }
                });
  }

  private byte[] pageUnlessClosed(IntFunction<byte[]> page, int number) {
    if (closed) {
      throw new CancellationException("nobody waits for the checkpoint any more");
    }
    return page.apply(number);
  }

  /** Why the checkpoint cannot be used, when {@link #take} failed because of it; else null. */
  public @Nullable HoldfastException checkpointFault() {
    return checkpointFault;
  }

  /** The last op that came. */
  public long lastOp() {
    return chain.lastOp();
  }

  /**
   * Takes the next piece; of its entries those up to an op and a time.
   *
   * @throws HoldfastException codes {@code journal-damaged}, {@code journal-differs}, {@code
   *     wrong-lineage}, and those of the disk; what the checkpoint's pages failed with
   */
  public void take(ArrivedPiece piece, long untilOp, long untilTimeNanos) {
    beginJudging();
    chain.piece(piece);
    for (SealedPiece.Content one : piece.contents()) {
      if (one.kind() != FrameLayout.KIND_ENTRY) {
        chain.other(piece, one);
        continue;
      }
      Entry.Parsed parsed = Entry.parse(piece.content(), one.from(), one.length());
      Entry entry = parsed.entry();
      if (entry == null) {
        throw ArrivingChain.damaged(piece, one.inFile(), parsed.wrong());
      }
      if (entry.op() > untilOp || entry.timeNanos() > untilTimeNanos) {
        return;
      }
      chain.entry(piece, one, entry);
      take(entry, piece, one.inFile());
      beginJudging();
    }
  }

  private void take(Entry entry, ArrivedPiece piece, long offset) {
    index.add(entry, piece.header().firstOp(), offset);
    timeNanos = entry.timeNanos();
    last = new Recovery.Point(entry.op(), entry.group(), entry.term(), entry.index());
    if (judging) {
      events += judgement.again(ledger, entry);
      Generation complete = ledger.sealed();
      if (complete != null) {
        unindexed.add(complete);
      }
      forgetIndexed();
    }
  }

  /** Where the checkpoint is: what comes is judged, and looked for in all that came. */
  private void beginJudging() {
    if (judging || chain.lastOp() < checkpointOp) {
      return;
    }
    if (checkpointOp > 0) {
      CheckpointFooter footer = loaded().footer();
      if (!Arrays.equals(footer.chain(), chain.value())) {
        checkpointFault =
            JournalFaults.checkpointDamaged(
                CheckpointFiles.file(setup.places().checkpoints(), checkpointOp),
                0,
                "the chain of the journal after op " + checkpointOp + " is not the one in it");
        throw checkpointFault;
      }
    }
    index.flush();
    asked.forgotten(checkpointOp);
    judging = true;
  }

  private ArrivingState loaded() {
    try {
      return state.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case HoldfastException coded -> {
          checkpointFault = coded;
          throw coded;
        }
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case null, default -> throw e;
      }
    }
  }

  private void forgetIndexed() {
    while (!unindexed.isEmpty()) {
      long op = unindexed.getFirst().lastOp();
      if (unindexed.size() > GENERATIONS_MAX) {
        index.await(indexed -> indexed >= op);
      } else if (index.runs().lastOp() < op) {
        return;
      }
      Generation done = unindexed.removeFirst();
      ledger.forget(done);
      asked.forgotten(op);
      ledger.recycle(done);
    }
  }

  /**
   * What was proved.
   *
   * @param op the last one; 0 for none
   * @param chain after it
   * @param events that were judged again
   */
  public record Proved(
      long op,
      long timeNanos,
      byte[] chain,
      long checkpointOp,
      long events,
      long accounts,
      long transfers,
      List<DetailsKeyState> detailsKeys,
      boolean conserved) {}

  /** What the pieces that came prove; the index and the checkpoint of the end need not be there. */
  public Proved proved() {
    beginJudging();
    if (!judging) {
      throw JournalFaults.lost(setup.places().segments(), chain.lastOp(), checkpointOp);
    }
    index.flush();
    return new Proved(
        chain.lastOp(),
        timeNanos,
        chain.value(),
        checkpointOp,
        events,
        ledger.accountCount(),
        ledger.transferCount(),
        ledger.detailsKeys(),
        ledger.conserved());
  }

  /**
   * Writes the state of the end as a checkpoint and the rest of the index; both are on disk when
   * this returns. Without an op there is neither.
   *
   * @param lineage of the history up to its end
   */
  public void finish(Lineage lineage) throws IOException {
    Recovery.Point end = last;
    if (end != null) {
      writeCheckpoint(end, lineage);
    }
    index.finish();
  }

  private void writeCheckpoint(Recovery.Point end, Lineage lineage) throws IOException {
    Disk disk = setup.disk();
    FrozenState frozen = ledger.freeze();
    try {
      CheckpointWriter.write(
          disk,
          setup.places().checkpoints(),
          setup.dataKey(),
          lineage,
          frozen,
          new CheckpointWriter.Place(chain.value(), end.group(), end.term(), end.index()),
          bytes -> {},
          () -> false);
    } finally {
      ledger.thaw();
      frozen.release();
    }
    CheckpointFiles.complete(disk, setup.places().checkpoints(), end.op());
  }

  /** Stops what goes on; files that are there stay. */
  @Override
  public void close() {
    closed = true;
    try {
      awaitLoading();
      index.stop();
      history.close();
      index.close();
    } catch (IOException e) {
      throw DiskFaults.coded(e, setup.places().runs());
    } finally {
      ledger.close();
    }
  }

  private void awaitLoading() {
    Thread running = loading;
    if (running == null) {
      return;
    }
    boolean interrupted = false;
    while (running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

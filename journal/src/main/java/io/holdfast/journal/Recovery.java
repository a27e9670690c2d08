package io.holdfast.journal;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a ledger to where the journal ends: from the newest checkpoint that is whole, and from
 * there by judging every entry of the journal again. An answer that is not the one journalled is
 * fatal. That an id was new when its transfer was created is taken from the journal: the index, in
 * which it would be looked for, has it by now. For one thread, before anything is appended.
 */
public final class Recovery {
  private final Journal.Setup setup;
  private final OpPlaces places;
  private final JournalIndex index;
  private final Checkpoints checkpoints;
  private final long lastOp;
  private final boolean ownThread;
  private final MemorySegment results =
      MemorySegment.ofArray(new byte[Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES]);
  private final List<String> passedOver = new ArrayList<>();
  private long events;
  private @Nullable Point settled;

  /**
   * @param ownThread whether a thread of its own reads ahead
   */
  Recovery(
      Journal.Setup setup,
      OpPlaces places,
      JournalIndex index,
      Checkpoints checkpoints,
      long lastOp,
      boolean ownThread) {
    this.setup = setup;
    this.places = places;
    this.index = index;
    this.checkpoints = checkpoints;
    this.lastOp = lastOp;
    this.ownThread = ownThread;
  }

  /** An op and the entry of consensus that holds it. */
  public record Point(long op, UUID group, long term, long index) {}

  /**
   * What came of it.
   *
   * @param ledger after the journal's last op
   * @param checkpoint that it began with; null if there was none
   * @param last the journal's last op; null when it is empty
   * @param settled an op at or before the last, which all that was purged lies before; null for
   *     none
   * @param events that were judged again
   * @param passedOver why newer checkpoints were not used
   */
  public record Recovered(
      Ledger ledger,
      @Nullable Checkpoint checkpoint,
      @Nullable Point last,
      @Nullable Point settled,
      long events,
      long checkpointNanos,
      long replayNanos,
      List<String> passedOver) {}

  /**
   * @param empty makes an empty ledger with this journal's history
   * @throws HoldfastException codes {@code journal-damaged}, {@code journal-differs} and those of
   *     the disk
   */
  public Recovered run(Supplier<Ledger> empty) {
    long began = System.nanoTime();
    Ledger ledger = empty.get();
    try {
      Checkpoint checkpoint = null;
      for (Path file : CheckpointFiles.newestFirst(setup.disk(), setup.checkpointDirectory())) {
        long op = CheckpointFiles.op(file);
        if (op > lastOp || op > index.stats().lastOp()) {
          passedOver.add(file + ": the journal or its index ends before op " + op);
          continue;
        }
        try {
          checkpoint = restore(file, ledger);
          break;
        } catch (HoldfastException e) {
          if (!e.code().equals("checkpoint-damaged")) {
            throw e;
          }
          passedOver.add(e.message());
          ledger.close();
          ledger = empty.get();
        }
      }
      checkpoints.begin(checkpoint);
      long restored = System.nanoTime();
      Point last = replay(ledger);
      return new Recovered(
          ledger,
          checkpoint,
          last == null ? settled : last,
          settled,
          events,
          restored - began,
          System.nanoTime() - restored,
          passedOver);
    } catch (UncheckedIOException e) {
      ledger.close();
      throw DiskFaults.coded(e.getCause(), setup.directory());
    } catch (IOException e) {
      ledger.close();
      throw DiskFaults.coded(e, setup.directory());
    } catch (RuntimeException e) {
      ledger.close();
      throw e;
    }
  }

  private Checkpoint restore(Path file, Ledger ledger) throws IOException {
    try (CheckpointReader reader = CheckpointReader.open(setup.disk(), file, setup.dataKey())) {
      reader.checkLineage(setup.lineage());
      long op = reader.header().op();
      byte[] chain = JournalChain.after(setup.disk(), setup.directory(), setup.dataKey(), op);
      if (!Arrays.equals(chain, reader.footer().chain())) {
        throw JournalFaults.checkpointDamaged(
            file, 0, "the chain of the journal after op " + op + " is not the one in it");
      }
      ledger.restore(reader.footer().state(), reader);
      reader.finish();
      Checkpoint checkpoint = reader.checkpoint();
      settled =
          new Point(checkpoint.op(), checkpoint.group(), checkpoint.term(), checkpoint.index());
      index.begin(checkpoint.op());
      return checkpoint;
    }
  }

  private @Nullable Point replay(Ledger ledger) throws IOException {
    Point last = null;
    try (PlacedEntries entries = entries(ledger.op() + 1)) {
      for (PlacedEntries.Placed next = entries.next(); next != null; next = entries.next()) {
        Entry entry = next.entry();
        places.add(entry.op(), next.segment(), next.offset());
        judgeAgain(ledger, entry);
        last = new Point(entry.op(), entry.group(), entry.term(), entry.index());
        Generation complete = ledger.sealed();
        if (complete != null) {
          settled = last;
          checkpoints.passes(ledger.accountCount());
          index.add(complete);
        }
        forgetIndexed(ledger);
      }
    }
    if (ledger.op() != lastOp) {
      throw JournalFaults.lost(setup.directory(), ledger.op(), lastOp);
    }
    return last;
  }

  private PlacedEntries entries(long fromOp) throws IOException {
    return ownThread
        ? ReadAhead.of(setup.disk(), setup.directory(), setup.dataKey(), fromOp)
        : PlacedEntries.inTurn(setup.disk(), setup.directory(), setup.dataKey(), fromOp);
  }

  private void judgeAgain(Ledger ledger, Entry entry) {
    MemorySegment batch = entry.batch();
    ledger.prefetch(batch, batch.byteSize(), event -> entry.status(event) != -1);
    int judged = ledger.apply(batch, batch.byteSize(), results);
    boolean same = ledger.op() == entry.op() && ledger.lastTimestamp() == entry.timeNanos();
    for (int i = 0; i < judged; i++) {
      int status = results.get(JAVA_INT_UNALIGNED, (long) i * Reply.RESULT_BYTES + Reply.STATUS);
      same &= status == entry.status(i);
    }
    if (!same) {
      throw JournalFaults.differs(entry.op(), 0);
    }
    events += judged;
  }

  private void forgetIndexed(Ledger ledger) {
    for (Generation done = index.indexed(); done != null; done = index.indexed()) {
      ledger.forget(done);
      index.forgotten(done, ledger);
    }
  }
}

package io.holdfast.journal;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 * fatal. For one thread, before anything is appended.
 */
public final class Recovery {
  private final Journal.Setup setup;
  private final OpPlaces places;
  private final JournalIndex index;
  private final Checkpoints checkpoints;
  private final long lastOp;
  private final boolean ownThread;
  private final SecondJudgement judgement = new SecondJudgement();
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
      checkpoints.begin(checkpoint, checkpoint == null ? List.of() : before(checkpoint.op()));
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

  /** Older checkpoints; what is wrong with one, the scrub finds and mends. */
  private List<Checkpoint> before(long op) throws IOException {
    List<Checkpoint> earlier = new ArrayList<>();
    for (Path file : CheckpointFiles.newestFirst(setup.disk(), setup.checkpointDirectory())) {
      if (CheckpointFiles.op(file) < op) {
        try (CheckpointReader reader = CheckpointReader.open(setup.disk(), file, setup.dataKey())) {
          reader.checkLineage(setup.lineage());
          earlier.addFirst(reader.checkpoint());
        } catch (HoldfastException e) {
          passedOver.add(e.message());
        }
      }
    }
    return earlier;
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
        events += judgement.again(ledger, entry);
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

  private void forgetIndexed(Ledger ledger) {
    for (Generation done = index.indexed(); done != null; done = index.indexed()) {
      ledger.forget(done);
      index.forgotten(done, ledger);
    }
  }
}

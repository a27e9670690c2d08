package io.holdfast.ledger;

import io.holdfast.kernel.UInt128;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A history in plain maps: what a ledger forgets is copied here first. */
final class Remembered implements History {
  private final Map<UInt128, byte[]> transfers = new HashMap<>();
  private final Map<UInt128, DetailsMark> marks = new HashMap<>();
  private final Map<UInt128, Integer> failed = new HashMap<>();
  private final Map<UInt128, MovementKind> resolved = new HashMap<>();
  private final Set<Long> times = new HashSet<>();
  private final Deque<Generation> waiting = new ArrayDeque<>();
  private final Map<String, Integer> statuses = new HashMap<>();

  /** What is known now, to go on from by itself. */
  Remembered copy() {
    Remembered copy = new Remembered();
    copy.transfers.putAll(transfers);
    copy.marks.putAll(marks);
    copy.failed.putAll(failed);
    copy.resolved.putAll(resolved);
    copy.times.addAll(times);
    return copy;
  }

  /** Notes the answers of the ledger's last op. */
  void answered(long op, byte[] results, int events) {
    Reply reply = new Reply(op, Arrays.copyOf(results, events * Reply.RESULT_BYTES));
    for (int i = 0; i < events; i++) {
      statuses.put(op + "/" + i, reply.statusCode(i));
    }
  }

  /** Takes a generation in; lets the ledger forget those beyond the newest {@code kept}. */
  void sealed(Ledger ledger, Generation generation, int kept) {
    waiting.addLast(generation);
    while (waiting.size() > kept) {
      Generation oldest = waiting.removeFirst();
      copy(ledger, oldest);
      ledger.forget(oldest);
      ledger.recycle(oldest);
    }
  }

  private void copy(Ledger ledger, Generation generation) {
    generation.visit(
        new Generation.Visitor() {
          private long movement = generation.firstMovement();
          private long op;

          @Override
          public void op(long itsOp, long firstTimestamp, int movements) {
            op = itsOp;
          }

          @Override
          public void movement(
              int event,
              MovementKind kind,
              long idHi,
              long idLo,
              long pendingHi,
              long pendingLo,
              int debitAccount,
              int creditAccount,
              long amountHi,
              long amountLo,
              long releasedHi,
              long releasedLo) {
            byte[] record = new byte[TransferRecord.BYTES];
            ledger.copyMovement(movement++, MemorySegment.ofArray(record), 0);
            Transfer stored = TransferRecord.read(MemorySegment.ofArray(record), 0);
            times.add(stored.timestamp());
            if (kind.resolves()) {
              resolved.put(new UInt128(pendingHi, pendingLo), kind);
            }
            if (kind != MovementKind.EXPIRE) {
              UInt128 id = new UInt128(idHi, idLo);
              transfers.put(id, record);
              TransferWithDetails found =
                  ledger.queries().transfersWithDetails(List.of(id)).getFirst();
              DetailsMark mark =
                  DetailsMark.of(found.details(), found.form() == DetailsForm.SEALED);
              if (mark != null) {
                marks.put(id, mark);
              }
            }
          }

          @Override
          public void failed(int event, long hi, long lo) {
            failed.put(new UInt128(hi, lo), statuses.get(op + "/" + event));
          }
        });
  }

  @Override
  public boolean isEmpty() {
    return false;
  }

  @Override
  public void find(IdList ids, OldFacts found) {
    for (int i = 0; i < ids.size(); i++) {
      UInt128 id = new UInt128(ids.hi(i), ids.lo(i));
      byte[] record = transfers.get(id);
      if (record != null) {
        found.transfer(MemorySegment.ofArray(record), 0, marks.get(id));
      }
      if (failed.containsKey(id)) {
        found.failed(id.hi(), id.lo(), failed.get(id));
      }
      if (resolved.containsKey(id)) {
        found.resolved(id.hi(), id.lo(), resolved.get(id));
      }
    }
  }

  @Override
  public boolean hasMovementAt(long timestamp) {
    return times.contains(timestamp);
  }
}

package io.holdfast.journal;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.AccountRecord;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.MovementKind;
import io.holdfast.ledger.Records128;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferRecord;
import io.holdfast.ledger.TransferStatus;
import java.lang.foreign.MemorySegment;

/**
 * Tells from entries alone, without judging them, what a generation with the same ops tells: what
 * happened is in each entry, only the accounts' numbers need all entries from op 1 on. For one
 * thread.
 */
final class EntryVisits {
  private final AccountNumbers accounts = new AccountNumbers();

  /** What an op adds to the weight of its generation. */
  static long weight(Entry entry) {
    return 1L + (entry.kind() == EntryKind.PULSE ? entry.outcomes() : entry.events());
  }

  /** Takes in which accounts the next entry created, and nothing else. */
  void pass(Entry entry) {
    entry.forEachEvent(
        (request, kind, event, at) -> {
          if (kind == RequestKind.CREATE_ACCOUNTS && entry.status(event) == -1) {
            accounts.add(Records128.read(entry.memory(), at + AccountRecord.ID));
          }
        });
  }

  /** Tells of the next entry, as {@link Generation#visit} does of an op. */
  void visit(Entry entry, Generation.Visitor visitor) {
    pass(entry);
    if (entry.kind() == EntryKind.PULSE) {
      int releases = entry.outcomes();
      long first = releases == 0 ? 0 : entry.outcome(0).timestamp();
      visitor.op(entry.op(), first, releases);
      for (int i = 0; i < releases; i++) {
        Transfer released = entry.outcome(i);
        movement(visitor, i, MovementKind.EXPIRE, released, released.amount());
      }
      return;
    }
    visitor.op(entry.op(), firstTimestamp(entry), movements(entry));
    int[] outcome = {0};
    entry.forEachEvent(
        (request, kind, event, at) -> {
          if (kind == RequestKind.CREATE_TRANSFERS && entry.status(event) == -1) {
            outcome[0] += created(entry, event, at, outcome[0], visitor);
          }
        });
    entry.forEachEvent(
        (request, kind, event, at) -> {
          if (kind == RequestKind.CREATE_TRANSFERS && entry.status(event) != -1) {
            failed(entry, event, at, visitor);
          }
        });
  }

  /** Tells of a transfer that was created; says whether it took an outcome. */
  private int created(Entry entry, int event, long at, int outcome, Generation.Visitor visitor) {
    int flags = flags(entry.memory(), at);
    boolean differs = (flags & EntryComposer.STORED_DIFFERS) != 0;
    Transfer stored = differs ? entry.outcome(outcome) : TransferRecord.read(entry.memory(), at);
    MovementKind kind = MovementKind.of(stored.flags());
    UInt128 released =
        kind == MovementKind.POST
            ? entry.released(outcome)
            : kind.resolves() ? stored.amount() : UInt128.ZERO;
    movement(visitor, event, kind, stored, released);
    return differs ? 1 : 0;
  }

  private void movement(
      Generation.Visitor visitor, int event, MovementKind kind, Transfer stored, UInt128 released) {
    visitor.movement(
        event,
        kind,
        stored.id().hi(),
        stored.id().lo(),
        stored.pendingId().hi(),
        stored.pendingId().lo(),
        accounts.of(stored.debitAccountId()),
        accounts.of(stored.creditAccountId()),
        stored.amount().hi(),
        stored.amount().lo(),
        released.hi(),
        released.lo());
  }

  private static void failed(Entry entry, int event, long at, Generation.Visitor visitor) {
    if (TransferStatus.ofCode(entry.status(event)).isTransient()) {
      UInt128 id = Records128.read(entry.memory(), at + TransferRecord.ID);
      visitor.failed(event, id.hi(), id.lo());
    }
  }

  /** How many movements an entry has. */
  static int movements(Entry entry) {
    if (entry.kind() == EntryKind.PULSE) {
      return entry.outcomes();
    }
    int[] count = {0};
    entry.forEachEvent(
        (request, kind, event, at) -> {
          if (kind == RequestKind.CREATE_TRANSFERS && entry.status(event) == -1) {
            count[0]++;
          }
        });
    return count[0];
  }

  private static long firstTimestamp(Entry entry) {
    long[] first = {0};
    entry.forEachEvent(
        (request, kind, event, at) -> {
          if (first[0] == 0 && kind == RequestKind.CREATE_TRANSFERS && entry.status(event) == -1) {
            boolean imported = (flags(entry.memory(), at) & TransferFlags.IMPORTED) != 0;
            first[0] =
                imported
                    ? TransferRecord.read(entry.memory(), at).timestamp()
                    : entry.timestamp(event);
          }
        });
    return first[0];
  }

  private static int flags(MemorySegment memory, long at) {
    return Short.toUnsignedInt(memory.get(JAVA_SHORT_UNALIGNED, at + TransferRecord.FLAGS));
  }
}

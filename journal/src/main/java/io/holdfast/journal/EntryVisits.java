package io.holdfast.journal;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
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
  private int[] events = new int[0]; // of each transfer that an entry created: its number
  private long[] records = new long[0]; // where it lies, as it is stored
  private int[] outcomes = new int[0]; // which outcome that is; -1 for the event itself
  private long[] ids = new long[0]; // upper and lower half of its debit and its credit account
  private int[] numbers = new int[0]; // of the two
  private long firstAt; // where the first one lies, as it came

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

  /** Tells of the next entry, as {@link Generation#visit} does of an op; returns its movements. */
  int visit(Entry entry, Generation.Visitor visitor) {
    pass(entry);
    if (entry.kind() == EntryKind.PULSE) {
      return releases(entry, visitor);
    }
    int count = collect(entry);
    accounts.of(ids, 2 * count, numbers);
    visitor.op(entry.op(), count == 0 ? 0 : firstTimestamp(entry), count);
    for (int i = 0; i < count; i++) {
      movement(entry, i, visitor);
    }
    entry.forEachEvent(
        (request, kind, event, at) -> {
          if (kind == RequestKind.CREATE_TRANSFERS && entry.status(event) != -1) {
            failed(entry, event, at, visitor);
          }
        });
    return count;
  }

  private int releases(Entry entry, Generation.Visitor visitor) {
    int releases = entry.outcomes();
    long first = releases == 0 ? 0 : entry.outcome(0).timestamp();
    visitor.op(entry.op(), first, releases);
    for (int i = 0; i < releases; i++) {
      Transfer released = entry.outcome(i);
      visitor.movement(
          i,
          MovementKind.EXPIRE,
          released.id().hi(),
          released.id().lo(),
          released.pendingId().hi(),
          released.pendingId().lo(),
          accounts.of(released.debitAccountId().hi(), released.debitAccountId().lo()),
          accounts.of(released.creditAccountId().hi(), released.creditAccountId().lo()),
          released.amount().hi(),
          released.amount().lo(),
          released.amount().hi(),
          released.amount().lo());
    }
    return releases;
  }

  /** Notes all transfers that were created, and of which accounts; returns how many. */
  private int collect(Entry entry) {
    if (events.length < entry.events()) {
      events = new int[entry.events()];
      records = new long[entry.events()];
      outcomes = new int[entry.events()];
      ids = new long[4 * entry.events()];
      numbers = new int[2 * entry.events()];
    }
    int[] counts = {0, 0}; // movements, outcomes
    MemorySegment memory = entry.memory();
    entry.forEachEvent(
        (request, kind, event, at) -> {
          if (kind == RequestKind.CREATE_TRANSFERS && entry.status(event) == -1) {
            int i = counts[0]++;
            firstAt = i == 0 ? at : firstAt;
            boolean differs = (flags(memory, at) & EntryComposer.STORED_DIFFERS) != 0;
            long record = differs ? entry.outcomeRecordAt(counts[1]) : at;
            events[i] = event;
            records[i] = record;
            outcomes[i] = differs ? counts[1]++ : -1;
            ids[4 * i] = half(memory, record + TransferRecord.DEBIT_ACCOUNT_ID + 8);
            ids[4 * i + 1] = half(memory, record + TransferRecord.DEBIT_ACCOUNT_ID);
            ids[4 * i + 2] = half(memory, record + TransferRecord.CREDIT_ACCOUNT_ID + 8);
            ids[4 * i + 3] = half(memory, record + TransferRecord.CREDIT_ACCOUNT_ID);
          }
        });
    return counts[0];
  }

  private void movement(Entry entry, int i, Generation.Visitor visitor) {
    MemorySegment memory = entry.memory();
    long at = records[i];
    MovementKind kind = MovementKind.of(flags(memory, at));
    long amountHi = half(memory, at + TransferRecord.AMOUNT + 8);
    long amountLo = half(memory, at + TransferRecord.AMOUNT);
    UInt128 posted = kind == MovementKind.POST ? entry.released(outcomes[i]) : UInt128.ZERO;
    boolean whole = kind.resolves() && kind != MovementKind.POST;
    visitor.movement(
        events[i],
        kind,
        half(memory, at + TransferRecord.ID + 8),
        half(memory, at + TransferRecord.ID),
        half(memory, at + TransferRecord.PENDING_ID + 8),
        half(memory, at + TransferRecord.PENDING_ID),
        numbers[2 * i],
        numbers[2 * i + 1],
        amountHi,
        amountLo,
        whole ? amountHi : posted.hi(),
        whole ? amountLo : posted.lo());
  }

  private long firstTimestamp(Entry entry) {
    MemorySegment memory = entry.memory();
    boolean imported = (flags(memory, firstAt) & TransferFlags.IMPORTED) != 0;
    return imported ? half(memory, firstAt + TransferRecord.TIMESTAMP) : entry.timestamp(events[0]);
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

  private static long half(MemorySegment memory, long at) {
    return memory.get(JAVA_LONG_UNALIGNED, at);
  }

  private static int flags(MemorySegment memory, long at) {
    return Short.toUnsignedInt(memory.get(JAVA_SHORT_UNALIGNED, at + TransferRecord.FLAGS));
  }
}

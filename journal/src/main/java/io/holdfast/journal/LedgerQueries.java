package io.holdfast.journal;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.DetailsForm;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.MovementKind;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Recent;
import io.holdfast.ledger.RecentTransfers;
import io.holdfast.ledger.RecentWalk;
import io.holdfast.ledger.RunningBalance;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferRecord;
import io.holdfast.ledger.TransferWithDetails;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Answers over all history: what the ledger has in memory is read under its lock, together with a
 * view of the rest, which is then read from disk without it. Each answer is from one moment. For
 * one thread.
 */
public final class LedgerQueries implements Queries {
  private final Ledger ledger;
  private final JournalHistory history;
  private final Lock lock;
  private final DetailsKeys detailsKeys;
  private final Path directory;
  private final int part;
  private long op;

  /**
   * @param part movements in memory that are looked at before others may go on
   */
  LedgerQueries(
      Ledger ledger,
      JournalHistory history,
      Lock lock,
      DetailsKeys detailsKeys,
      Path directory,
      int part) {
    this.ledger = ledger;
    this.history = history;
    this.lock = lock;
    this.detailsKeys = detailsKeys;
    this.directory = directory;
    this.part = part;
  }

  /** What was in memory, and the past of that same moment; null when it is not needed. */
  private record Moment<T>(T recent, @Nullable PastView past) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      if (past != null) {
        past.close();
      }
    }
  }

  /** Something that is read from disk. */
  private interface Read<T> {
    T read() throws IOException;
  }

  /** The op after which the last answer was so. */
  public long op() {
    return op;
  }

  private <T> T locked(Supplier<T> read) {
    lock.lock();
    try {
      T answer = read.get();
      op = ledger.op();
      return answer;
    } finally {
      lock.unlock();
    }
  }

  /** Reads what is in memory; with the past, if there is one and the answer is not complete. */
  private <T> Moment<T> moment(Supplier<T> read, Predicate<T> isComplete) {
    return locked(
        () -> {
          T recent = read.get();
          boolean complete = history.isEmpty() || isComplete.test(recent);
          return new Moment<>(recent, complete ? null : history.view());
        });
  }

  /**
   * The same of a walk, which is parted so that a long one does not hold up what is applied: it is
   * of the moment it began at, and begins anew when something was forgotten since.
   */
  private <T> Moment<Optional<Recent<T>>> walked(
      Supplier<Optional<RecentWalk<T>>> begin, Predicate<Recent<T>> isComplete) {
    while (true) {
      Optional<RecentWalk<T>> begun = locked(begin);
      if (begun.isEmpty()) {
        return new Moment<>(Optional.empty(), null);
      }
      RecentWalk<T> walk = begun.get();
      Moment<Optional<Recent<T>>> moment = null;
      RecentWalk.State state = RecentWalk.State.UNDER_WAY;
      while (state == RecentWalk.State.UNDER_WAY) {
        lock.lock();
        try {
          state = walk.advance(part);
          if (state == RecentWalk.State.DONE) {
            boolean complete = history.isEmpty() || isComplete.test(walk.recent());
            moment = new Moment<>(Optional.of(walk.recent()), complete ? null : history.view());
          }
        } finally {
          lock.unlock();
        }
      }
      if (moment != null) {
        return moment;
      }
    }
  }

  private <T> T fromDisk(Read<T> read) {
    try {
      return read.read();
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  @Override
  public List<Account> accounts(List<UInt128> ids) {
    return locked(() -> ledger.queries().accounts(ids));
  }

  @Override
  public Page<Account> accounts(AccountFilter filter) {
    return locked(() -> ledger.queries().accounts(filter));
  }

  @Override
  public Optional<Holds> holdsOf(UInt128 accountId, int limit, long after) {
    List<Transfer> last = after == 0 ? List.of() : transfers(TransferFilter.at(after)).rows();
    UInt128 afterId = last.isEmpty() ? null : last.getFirst().id();
    return locked(() -> ledger.queries().holdsOf(accountId, limit, after, afterId));
  }

  @Override
  public List<Transfer> transfers(List<UInt128> ids) {
    return storedTransfers(ids).stream().map(TransferWithDetails::transfer).toList();
  }

  @Override
  public List<TransferWithDetails> transfersWithDetails(List<UInt128> ids) {
    return storedTransfers(ids).stream().map(detailsKeys::open).toList();
  }

  /** As {@link #transfersWithDetails}, with details as they are stored. */
  public List<TransferWithDetails> storedTransfers(List<UInt128> ids) {
    return fromDisk(
        () -> {
          try (Moment<List<TransferWithDetails>> moment =
              moment(
                  () -> ledger.queries().transfersWithDetails(ids),
                  found -> found.size() == ids.size())) {
            PastView past = moment.past();
            return past == null ? moment.recent() : completed(ids, moment.recent(), past);
          }
        });
  }

  /** All that were found, in the order asked. */
  private List<TransferWithDetails> completed(
      List<UInt128> ids, List<TransferWithDetails> recent, PastView past) throws IOException {
    Map<UInt128, TransferWithDetails> known = new HashMap<>();
    recent.forEach(found -> known.put(found.transfer().id(), found));
    List<TransferWithDetails> found = new ArrayList<>(ids.size());
    for (UInt128 id : ids) {
      TransferWithDetails transfer = known.get(id);
      if (transfer == null) {
        transfer = find(past, id);
      }
      if (transfer != null) {
        found.add(transfer);
      }
    }
    return found;
  }

  private @Nullable TransferWithDetails find(PastView past, UInt128 id) throws IOException {
    long hash = history.hash().of(id.hi(), id.lo());
    long[] addresses = new long[3];
    for (int r = past.runs().size() - 1; r >= 0; r--) {
      if (past.runs().get(r).mayHave(id.hi(), id.lo(), hash)) {
        int count = past.cursor(r).find(id.hi(), id.lo(), addresses);
        for (int a = 0; a < count; a++) {
          long address = addresses[a];
          if (Address.kind(address) == Address.CREATED && Address.op(address) <= past.lastOp()) {
            EntryReader entry = past.entry(r, address);
            MemorySegment record = MemorySegment.ofArray(new byte[TransferRecord.BYTES]);
            entry.transfer(Address.event(address), record);
            EntryReader.StoredDetails details = entry.details(Address.event(address));
            return new TransferWithDetails(
                TransferRecord.read(record, 0),
                details.bytes(),
                details.sealed() ? DetailsForm.SEALED : DetailsForm.PLAIN);
          }
        }
      }
    }
    return null;
  }

  @Override
  public Page<Transfer> transfers(TransferFilter filter) {
    return fromDisk(
        () -> {
          try (Moment<RecentTransfers> moment =
              moment(
                  () -> ledger.queries().recentTransfers(filter),
                  recent -> recent.isComplete(filter))) {
            PastView past = moment.past();
            return past == null
                ? moment.recent().page(filter)
                : joined(moment.recent(), new PastTransfers(past, filter), filter);
          }
        });
  }

  private static Page<Transfer> joined(
      RecentTransfers recent, PastTransfers walk, TransferFilter filter) throws IOException {
    List<Transfer> rows = new ArrayList<>(filter.newestFirst() ? recent.rows() : List.of());
    while (rows.size() <= filter.limit() && walk.step()) {
      if (filter.wants(walk.record(), 0)) {
        rows.add(TransferRecord.read(walk.record(), 0));
      }
      if (walk.isExhausted() && rows.size() <= filter.limit()) {
        return new Page<>(rows, walk.lastRead());
      }
    }
    if (filter.newestFirst() || rows.size() > filter.limit()) {
      return Page.of(rows, filter.limit(), Transfer::timestamp);
    }
    rows.addAll(recent.rows());
    return recent.stoppedAt() != 0 && rows.size() <= filter.limit()
        ? new Page<>(rows, recent.stoppedAt())
        : Page.of(rows, filter.limit(), Transfer::timestamp);
  }

  @Override
  public Page<Transfer> transfersOf(UInt128 accountId, HistoryFilter filter) {
    return page(
        () -> ledger.queries().recentTransfersOf(accountId, filter),
        filter,
        Transfer::timestamp,
        false,
        walk -> walk.kind() == MovementKind.EXPIRE ? null : TransferRecord.read(walk.record(), 0));
  }

  @Override
  public Page<Balance> balancesOf(UInt128 accountId, HistoryFilter filter) {
    return page(
        () -> ledger.queries().recentBalancesOf(accountId, filter),
        filter,
        Balance::timestamp,
        true,
        LedgerQueries::row);
  }

  private static Balance row(PastMovements walk) throws IOException {
    Transfer stored = TransferRecord.read(walk.record(), 0);
    return walk.after().after(stored.timestamp(), stored.id(), walk.kind() == MovementKind.EXPIRE);
  }

  /** What a walk stands on, as a row of an answer; null when it is none. */
  private interface RowReader<T> {
    @Nullable T row(PastMovements walk) throws IOException;
  }

  private <T> Page<T> page(
      Supplier<Optional<RecentWalk<T>>> recentRows,
      HistoryFilter filter,
      ToLongFunction<T> timestampOf,
      boolean balances,
      RowReader<T> reader) {
    return fromDisk(
        () -> {
          try (Moment<Optional<Recent<T>>> moment = walked(recentRows, Recent::enough)) {
            PastView past = moment.past();
            Optional<Recent<T>> recent = moment.recent();
            if (recent.isEmpty()) {
              return new Page<>(List.of(), 0);
            }
            if (past == null) {
              return Page.of(recent.get().rows(), filter.limit(), timestampOf);
            }
            RunningBalance end = balances ? recent.get().before() : null;
            PastMovements walk = new PastMovements(past, recent.get().account(), filter, end);
            return joined(recent.get().rows(), walk, filter, timestampOf, reader);
          }
        });
  }

  private static <T> Page<T> joined(
      List<T> recent,
      PastMovements walk,
      HistoryFilter filter,
      ToLongFunction<T> timestampOf,
      RowReader<T> reader)
      throws IOException {
    List<T> rows = new ArrayList<>(filter.newestFirst() ? recent : List.of());
    while (rows.size() <= filter.limit() && walk.step()) {
      boolean side = filter.wantsSide(walk.debit());
      if (side && walk.isInTime() && filter.wants(walk.debit(), walk.record(), 0)) {
        T row = reader.row(walk);
        if (row != null) {
          rows.add(row);
        }
      }
      if (walk.isExhausted() && rows.size() <= filter.limit()) {
        return new Page<>(rows, walk.timestamp());
      }
    }
    if (!filter.newestFirst()) {
      rows.addAll(recent.subList(0, Math.min(recent.size(), filter.limit() + 1 - rows.size())));
    }
    return Page.of(rows, filter.limit(), timestampOf);
  }

  @Override
  public Optional<Balance> balanceAt(UInt128 accountId, long timestamp) {
    return fromDisk(
        () -> {
          try (Moment<Optional<Recent<Balance>>> moment =
              walked(
                  () -> ledger.queries().recentBalanceAt(accountId, timestamp),
                  found -> !found.rows().isEmpty())) {
            if (moment.recent().isEmpty()) {
              return Optional.empty();
            }
            Recent<Balance> recent = moment.recent().get();
            if (!recent.rows().isEmpty()) {
              return Optional.of(recent.rows().getFirst());
            }
            PastView past = moment.past();
            Balance none = new RunningBalance().after(0, UInt128.ZERO, false);
            return Optional.of(past == null ? none : lastAt(past, recent, timestamp, none));
          }
        });
  }

  private static Balance lastAt(PastView past, Recent<Balance> recent, long timestamp, Balance none)
      throws IOException {
    PastMovements walk =
        new PastMovements(
            past, recent.account(), HistoryFilter.lastUpTo(timestamp), recent.before());
    while (walk.step()) {
      if (walk.isInTime()) {
        return row(walk);
      }
    }
    return none;
  }
}

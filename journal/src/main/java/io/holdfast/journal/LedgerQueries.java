package io.holdfast.journal;

import io.holdfast.journal.MomentReader.Moment;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.RecentTransfers;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferRecord;
import io.holdfast.ledger.TransferWithDetails;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/**
 * Answers over all history: what the ledger has in memory is read under its lock, together with a
 * view of the rest, which is then read from disk without it. Each answer is from one moment. For
 * one thread.
 */
public final class LedgerQueries implements Queries {
  private final MomentReader reader;
  private final TransferLookup lookup;
  private final AccountHistory accountHistory;
  private final DetailsKeys detailsKeys;

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
    this.reader = new MomentReader(ledger, history, lock, directory, part);
    this.lookup = new TransferLookup(reader, history);
    this.accountHistory = new AccountHistory(reader);
    this.detailsKeys = detailsKeys;
  }

  /** The op after which the last answer was so. */
  public long op() {
    return reader.op();
  }

  @Override
  public List<Account> accounts(List<UInt128> ids) {
    return reader.locked(memory -> memory.accounts(ids));
  }

  @Override
  public Page<Account> accounts(AccountFilter filter) {
    return reader.locked(memory -> memory.accounts(filter));
  }

  @Override
  public Optional<Holds> holdsOf(UInt128 accountId, int limit, long after) {
    List<Transfer> last = after == 0 ? List.of() : transfers(TransferFilter.at(after)).rows();
    UInt128 afterId = last.isEmpty() ? null : last.getFirst().id();
    return reader.locked(memory -> memory.holdsOf(accountId, limit, after, afterId));
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
    return lookup.stored(ids);
  }

  @Override
  public Page<Transfer> transfers(TransferFilter filter) {
    return reader.fromDisk(
        () -> {
          try (Moment<RecentTransfers> moment =
              reader.moment(
                  memory -> memory.recentTransfers(filter), recent -> recent.isComplete(filter))) {
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
    return accountHistory.transfersOf(accountId, filter);
  }

  @Override
  public Page<Balance> balancesOf(UInt128 accountId, HistoryFilter filter) {
    return accountHistory.balancesOf(accountId, filter);
  }

  @Override
  public Optional<Balance> balanceAt(UInt128 accountId, long timestamp) {
    return accountHistory.balanceAt(accountId, timestamp);
  }
}

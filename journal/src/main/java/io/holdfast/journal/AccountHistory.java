package io.holdfast.journal;

import io.holdfast.journal.MomentReader.Moment;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.MovementKind;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Recent;
import io.holdfast.ledger.RecentQueries;
import io.holdfast.ledger.RecentWalk;
import io.holdfast.ledger.RunningBalance;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The movements of one account over all history, as transfers and as balances: what is in memory
 * joined with a walk over the past. For one thread.
 */
final class AccountHistory {
  private final MomentReader reader;

  AccountHistory(MomentReader reader) {
    this.reader = reader;
  }

  Page<Transfer> transfersOf(UInt128 accountId, HistoryFilter filter) {
    return page(
        memory -> memory.recentTransfersOf(accountId, filter),
        filter,
        Transfer::timestamp,
        false,
        walk -> walk.kind() == MovementKind.EXPIRE ? null : TransferRecord.read(walk.record(), 0));
  }

  Page<Balance> balancesOf(UInt128 accountId, HistoryFilter filter) {
    return page(
        memory -> memory.recentBalancesOf(accountId, filter),
        filter,
        Balance::timestamp,
        true,
        AccountHistory::row);
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
      Function<RecentQueries, Optional<RecentWalk<T>>> recentRows,
      HistoryFilter filter,
      ToLongFunction<T> timestampOf,
      boolean balances,
      RowReader<T> rowOf) {
    return reader.fromDisk(
        () -> {
          try (Moment<Optional<Recent<T>>> moment = reader.walked(recentRows, Recent::enough)) {
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
            return joined(recent.get().rows(), walk, filter, timestampOf, rowOf);
          }
        });
  }

  private static <T> Page<T> joined(
      List<T> recent,
      PastMovements walk,
      HistoryFilter filter,
      ToLongFunction<T> timestampOf,
      RowReader<T> rowOf)
      throws IOException {
    List<T> rows = new ArrayList<>(filter.newestFirst() ? recent : List.of());
    while (rows.size() <= filter.limit() && walk.step()) {
      boolean side = filter.wantsSide(walk.debit());
      if (side && walk.isInTime() && filter.wants(walk.debit(), walk.record(), 0)) {
        T row = rowOf.row(walk);
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

  Optional<Balance> balanceAt(UInt128 accountId, long timestamp) {
    return reader.fromDisk(
        () -> {
          try (Moment<Optional<Recent<Balance>>> moment =
              reader.walked(
                  memory -> memory.recentBalanceAt(accountId, timestamp),
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

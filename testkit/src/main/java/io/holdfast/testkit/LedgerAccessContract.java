package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What any way to a ledger must do, whatever lies in between: in process, replicated, over HTTP. A
 * test extends this and says how to reach the ledger.
 */
public abstract class LedgerAccessContract extends LedgerPastContract {
  @Test
  void accounts_come_page_by_page_oldest_first() {
    long mark = freshId().lo();
    List<Account> opened = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      opened.add(
          new Account(
              freshId(),
              UInt128.ZERO,
              UInt128.ZERO,
              UInt128.ZERO,
              UInt128.ZERO,
              UInt128.ZERO,
              mark,
              0,
              0,
              978,
              10 + i % 2,
              0,
              0));
    }
    assertThat(submit(Request.ofAccounts(opened)).accountStatus(9))
        .isEqualTo(AccountStatus.CREATED);

    List<UInt128> seen = new ArrayList<>();
    long after = 0;
    do {
      Page<Account> page =
          ledger()
              .accounts(marked(978, null, mark, 3, after), Consistency.LINEARIZABLE)
              .join()
              .value();
      assertThat(page.rows()).hasSizeLessThanOrEqualTo(3);
      page.rows().forEach(account -> seen.add(account.id()));
      after = page.next();
    } while (after != 0);

    assertThat(seen).containsExactlyElementsOf(opened.stream().map(Account::id).toList());
    assertThat(
            ledger()
                .accounts(marked(null, 11, mark, 100, 0), Consistency.LINEARIZABLE)
                .join()
                .value()
                .rows())
        .hasSize(5);
  }

  @Test
  void an_accounts_transfers_come_page_by_page_in_either_order() {
    UInt128 mine = account(0);
    UInt128 other = account(0);
    List<UInt128> ids = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      UInt128 id = freshId();
      ids.add(id);
      created(i % 2 == 0 ? payment(id, mine, other, i + 1) : payment(id, other, mine, i + 1));
    }

    assertThat(transfers(mine, null, false)).containsExactlyElementsOf(ids);
    List<UInt128> newestFirst = new ArrayList<>(ids);
    Collections.reverse(newestFirst);
    assertThat(transfers(mine, null, true)).containsExactlyElementsOf(newestFirst);
    assertThat(transfers(mine, HistoryFilter.Side.CREDIT, false))
        .containsExactly(ids.get(1), ids.get(3), ids.get(5));
  }

  @Test
  void an_accounts_balances_come_with_each_movement() {
    UInt128 mine = account(0);
    UInt128 other = account(0);
    created(payment(freshId(), mine, other, 5));
    created(payment(freshId(), other, mine, 7));
    created(payment(freshId(), mine, other, 1));

    List<Balance> balances =
        ledger()
            .balancesOf(mine, oldest(100, 0, null), Consistency.LINEARIZABLE)
            .join()
            .value()
            .rows();

    assertThat(balances)
        .extracting(Balance::debitsPosted)
        .containsExactly(UInt128.of(5), UInt128.of(5), UInt128.of(6));
    assertThat(balances)
        .extracting(Balance::creditsPosted)
        .containsExactly(UInt128.ZERO, UInt128.of(7), UInt128.of(7));
    assertThat(balances).extracting(Balance::timestamp).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void the_history_of_an_unknown_account_is_empty() {
    assertThat(
            ledger()
                .transfersOf(freshId(), HistoryFilter.newest(10), Consistency.LINEARIZABLE)
                .join()
                .value())
        .isEqualTo(new Page<Transfer>(List.of(), 0));
  }

  private static AccountFilter marked(
      @Nullable Integer currency, @Nullable Integer code, long mark, int limit, long after) {
    return new AccountFilter(
        0, Long.MAX_VALUE, currency, code, null, mark, null, false, limit, after);
  }

  private List<UInt128> transfers(
      UInt128 account, HistoryFilter.@Nullable Side side, boolean newest) {
    List<UInt128> ids = new ArrayList<>();
    long after = 0;
    do {
      HistoryFilter filter = oldest(2, after, side);
      if (newest) {
        filter = newestFirst(filter);
      }
      Page<Transfer> page =
          ledger().transfersOf(account, filter, Consistency.LINEARIZABLE).join().value();
      assertThat(page.rows()).hasSizeLessThanOrEqualTo(2);
      page.rows().forEach(transfer -> ids.add(transfer.id()));
      after = page.next();
    } while (after != 0);
    return ids;
  }

  private static HistoryFilter oldest(int limit, long after, HistoryFilter.@Nullable Side side) {
    return new HistoryFilter(0, Long.MAX_VALUE, side, null, null, null, null, false, limit, after);
  }

  private static HistoryFilter newestFirst(HistoryFilter filter) {
    return new HistoryFilter(
        0,
        Long.MAX_VALUE,
        filter.side(),
        null,
        null,
        null,
        null,
        true,
        filter.limit(),
        filter.after());
  }
}

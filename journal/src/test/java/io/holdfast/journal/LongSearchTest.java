package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.HistoryFilter.Side;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is rare among very many is found in bounded steps, page by page. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongSearchTest {
  private static final int BATCHES = 30;
  private static final int BATCH = 8_000;
  private static final UInt128 PAYER = UInt128.of(1);
  private static final UInt128 PAYEE = UInt128.of(2);
  private static final int USUAL = 1;
  private static final int RARE = 7;

  private @Nullable IndexedNode node;
  private final List<UInt128> rare = new ArrayList<>();
  private long nextId = 1;

  @BeforeAll
  void pay_very_often_and_thrice_the_other_way(@TempDir Path directory) {
    IndexedNode made =
        new IndexedNode(
            directory, DataKey.create(), Lineage.ofNew(LedgerRun.LEDGER_ID), 41, 0, false);
    node = made;
    made.next(
        List.of(
            Request.ofAccounts(
                List.of(Account.opening(PAYER, 1, 1, 0), Account.opening(PAYEE, 1, 1, 0)))));
    for (int batch = 0; batch < BATCHES; batch++) {
      List<Transfer> transfers = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        transfers.add(Transfer.payment(UInt128.of(nextId++), PAYER, PAYEE, 1, 1, USUAL));
      }
      if (batch % (BATCHES / 2) == 0 || batch == BATCHES - 1) {
        rare.add(UInt128.of(nextId));
        transfers.add(Transfer.payment(UInt128.of(nextId++), PAYEE, PAYER, 1, 1, RARE));
      }
      made.next(List.of(Request.ofTransfers(transfers)));
    }
    assertThat(rare).hasSize(3);
  }

  @AfterAll
  void close() {
    node().close();
  }

  private IndexedNode node() {
    return java.util.Objects.requireNonNull(node);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_rare_code_among_all_transfers(boolean newestFirst) {
    Found<Transfer> found =
        find(
            after ->
                node()
                    .queries
                    .transfers(
                        new TransferFilter(
                            0,
                            Long.MAX_VALUE,
                            null,
                            RARE,
                            null,
                            null,
                            null,
                            newestFirst,
                            5,
                            after)));
    assertRare(found, newestFirst);
    assertThat(found.pages).isBetween(3, 6);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_rare_side_of_an_account(boolean newestFirst) {
    Found<Transfer> found =
        find(
            after ->
                ofPayer(
                    new HistoryFilter(
                        0,
                        Long.MAX_VALUE,
                        Side.CREDIT,
                        null,
                        null,
                        null,
                        null,
                        newestFirst,
                        5,
                        after)));
    assertRare(found, newestFirst);
    assertThat(found.pages).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_rare_code_of_an_account(boolean newestFirst) {
    Found<Transfer> found =
        find(
            after ->
                ofPayer(
                    new HistoryFilter(
                        0, Long.MAX_VALUE, null, RARE, null, null, null, newestFirst, 5, after)));
    assertRare(found, newestFirst);
    assertThat(found.pages).isBetween(20, 30);
  }

  @Test
  void balances_are_right_wherever_among_many_they_are() {
    HistoryFilter credits =
        new HistoryFilter(0, Long.MAX_VALUE, Side.CREDIT, null, null, null, null, true, 5, 0);
    var rows = new ArrayList<>(node().queries.balancesOf(PAYER, credits).rows());
    var rest = node().queries.transfersOf(PAYER, credits);
    assertThat(rows).isNotEmpty();
    assertThat(rest.rows()).isNotEmpty();
    long half = (long) BATCH * (BATCHES / 2 + 1);
    long at = node().queries.transfers(List.of(rare.get(1))).getFirst().timestamp();
    var balance = node().queries.balanceAt(PAYER, at).orElseThrow();
    assertThat(balance.debitsPosted()).isEqualTo(UInt128.of(half));
    assertThat(balance.creditsPosted()).isEqualTo(UInt128.of(2));
  }

  private Page<Transfer> ofPayer(HistoryFilter filter) {
    return node().queries.transfersOf(PAYER, filter);
  }

  private void assertRare(Found<Transfer> found, boolean newestFirst) {
    assertThat(found.rows).extracting(Transfer::id).isEqualTo(newestFirst ? rare.reversed() : rare);
  }

  private record Found<T>(List<T> rows, int pages) {}

  private static <T> Found<T> find(LongFunction<Page<T>> query) {
    List<T> rows = new ArrayList<>();
    int pages = 0;
    long after = 0;
    do {
      Page<T> page = query.apply(after);
      rows.addAll(page.rows());
      after = page.next();
      pages++;
    } while (after != 0);
    return new Found<>(rows, pages);
  }
}

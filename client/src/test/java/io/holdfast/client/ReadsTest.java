package io.holdfast.client;

import static io.holdfast.client.HoldfastClientTest.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.FakeGateway.Reaction;
import io.holdfast.client.FakeGateway.Received;
import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.AccountRecord;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Records128;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferRecord;
import io.holdfast.ledger.TransferWithDetails;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReadsTest {
  private static final Map<String, String> FRESH =
      Map.of("Holdfast-Op", "77", "Holdfast-Lag-Ops", "2", "Holdfast-Lag-Millis", "30");

  private static List<UInt128> ids(long count) {
    return LongStream.rangeClosed(1, count).mapToObj(UInt128::of).toList();
  }

  private static Account account(UInt128 id) {
    return Account.opening(id, 1, 2, 0);
  }

  /** Looks up every second id that is asked for in binary. */
  private static Reaction everySecond(Received received, boolean ofAccounts) {
    MemorySegment asked = MemorySegment.ofArray(received.body());
    int count = received.body().length / 16 / 2;
    byte[] body = new byte[count * 128];
    for (int i = 0; i < count; i++) {
      UInt128 id = Records128.read(asked, 32L * i);
      if (ofAccounts) {
        AccountRecord.write(account(id), MemorySegment.ofArray(body), 128L * i);
      } else {
        TransferRecord.write(payment(id.lo()), MemorySegment.ofArray(body), 128L * i);
      }
    }
    return FakeGateway.binary(body, FRESH);
  }

  private static Reaction json(byte[] body) {
    return new Reaction.Answer(200, Map.of("Content-Type", "application/json"), body);
  }

  private static <T> T asked(
      Function<Received, Reaction> script,
      Function<HoldfastClient, CompletableFuture<T>> question,
      List<Received> received)
      throws Exception {
    try (FakeGateway gateway = new FakeGateway(script);
        HoldfastClient client =
            HoldfastClient.builder()
                .gateways(List.of(gateway.address()))
                .deadline(Duration.ofSeconds(1))
                .build()) {
      try {
        return question.apply(client).get();
      } finally {
        received.addAll(gateway.received());
      }
    }
  }

  @Test
  void a_few_accounts_are_looked_up_in_json() throws Exception {
    List<Received> received = new ArrayList<>();
    Answer<List<Account>> expected = new Answer<>(List.of(account(UInt128.of(1))), 5, 0, 0);
    assertThat(
            ReadsTest.<Answer<List<Account>>>asked(
                r -> json(JsonAnswers.accounts(expected)),
                client -> client.accounts(ids(2), Consistency.LINEARIZABLE),
                received))
        .isEqualTo(expected);
    assertThat(received.getFirst().path()).isEqualTo("/v1/accounts/lookup");
    assertThat(new String(received.getFirst().body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"ids\":[\"1\",\"2\"]}");
  }

  @Test
  void many_accounts_are_looked_up_in_binary_and_missing_ones_are_absent() throws Exception {
    List<Received> received = new ArrayList<>();
    Answer<List<Account>> answer =
        asked(
            r -> everySecond(r, true),
            client -> client.accounts(ids(100), Consistency.STALE_OK),
            received);
    assertThat(answer.op()).isEqualTo(77);
    assertThat(answer.lagOps()).isEqualTo(2);
    assertThat(answer.lagMillis()).isEqualTo(30);
    assertThat(answer.value()).hasSize(50).contains(account(UInt128.of(99)));
    assertThat(received.getFirst().path()).isEqualTo("/v1/accounts/lookup?consistency=stale-ok");
    assertThat(received.getFirst().headers())
        .containsEntry("content-type", "application/vnd.holdfast.batch");
  }

  @Test
  void transfers_come_with_details_or_as_bare_records() throws Exception {
    List<Received> received = new ArrayList<>();
    TransferWithDetails row = new TransferWithDetails(payment(1), new byte[] {1, 2});
    Answer<List<TransferWithDetails>> full =
        asked(
            r -> json(JsonAnswers.transfers(new Answer<>(List.of(row), 5, 0, 0))),
            client -> client.transfers(ids(500), Consistency.LINEARIZABLE),
            received);
    assertThat(full.value().getFirst().details()).containsExactly(1, 2);
    Answer<List<Transfer>> bare =
        asked(
            r -> everySecond(r, false),
            client -> client.transferRecords(ids(4), Consistency.LINEARIZABLE),
            received);
    assertThat(bare.value()).containsExactly(payment(1), payment(3));
  }

  @Test
  void an_account_that_was_not_asked_for_is_no_answer() {
    assertThatThrownBy(
            () ->
                asked(
                    r -> {
                      byte[] body = new byte[128];
                      AccountRecord.write(account(UInt128.of(999)), MemorySegment.ofArray(body), 0);
                      return FakeGateway.binary(body, FRESH);
                    },
                    client -> client.accounts(ids(40), Consistency.LINEARIZABLE),
                    new ArrayList<>()))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("unavailable");
              assertThat(e.message()).contains("999 was not asked for");
            });
  }

  @Test
  void pages_are_asked_for_with_all_their_filters() throws Exception {
    List<Received> received = new ArrayList<>();
    Answer<Page<Account>> accounts = new Answer<>(new Page<>(List.of(), 7), 5, 0, 0);
    AccountFilter filter = new AccountFilter(11, 12, -1, 2, UInt128.of(3), -1L, 4, true, 10, 6);
    assertThat(
            ReadsTest.<Answer<Page<Account>>>asked(
                r -> json(JsonAnswers.accountsPage(accounts)),
                client -> client.accounts(filter, Consistency.STALE_OK),
                received))
        .isEqualTo(accounts);

    HistoryFilter history =
        new HistoryFilter(5, 9, HistoryFilter.Side.CREDIT, 2, UInt128.of(3), 4L, 5, false, 10, 6);
    Answer<Page<Transfer>> transfers = new Answer<>(new Page<>(List.of(payment(1)), 0), 5, 0, 0);
    assertThat(
            ReadsTest.<Answer<Page<Transfer>>>asked(
                r -> json(JsonAnswers.transfersPage(transfers)),
                client -> client.transfersOf(UInt128.of(8), history, Consistency.LINEARIZABLE),
                received))
        .isEqualTo(transfers);

    Answer<Page<Balance>> balances = new Answer<>(new Page<>(List.of(), 0), 5, 0, 0);
    UInt128 big = new UInt128(1, 0);
    assertThat(
            ReadsTest.<Answer<Page<Balance>>>asked(
                r -> json(JsonAnswers.balancesPage(balances)),
                client -> client.balancesOf(big, HistoryFilter.newest(3), Consistency.LINEARIZABLE),
                received))
        .isEqualTo(balances);

    assertThat(received)
        .extracting(Received::path)
        .containsExactly(
            "/v1/accounts?consistency=stale-ok&from=11&to=12&ledger=4294967295&code=2&user_data_128=3"
                + "&user_data_64=18446744073709551615&user_data_32=4&order=newest&limit=10&after=6",
            "/v1/accounts/8/transfers?from=5&to=9&side=credit&code=2&user_data_128=3"
                + "&user_data_64=4&user_data_32=5&order=oldest&limit=10&after=6",
            "/v1/accounts/00000000000000010000000000000000/balances?order=newest&limit=3");
    assertThat(received).allMatch(r -> r.method().equals("GET"));
  }

  @Test
  void transfers_of_all_accounts_are_asked_for_with_all_their_filters() throws Exception {
    List<Received> received = new ArrayList<>();
    Answer<Page<Transfer>> transfers = new Answer<>(new Page<>(List.of(payment(1)), 9), 5, 1, 2);
    TransferFilter filter = new TransferFilter(11, 12, -1, 2, UInt128.of(3), -1L, 4, false, 10, 6);
    assertThat(
            ReadsTest.<Answer<Page<Transfer>>>asked(
                r -> json(JsonAnswers.transfersPage(transfers)),
                client -> client.transfers(filter, Consistency.STALE_OK),
                received))
        .isEqualTo(transfers);
    assertThat(received.getFirst().path())
        .isEqualTo(
            "/v1/transfers?consistency=stale-ok&from=11&to=12&ledger=4294967295&code=2"
                + "&user_data_128=3&user_data_64=18446744073709551615&user_data_32=4"
                + "&order=oldest&limit=10&after=6");
  }

  @Test
  void the_balances_at_a_time_are_read() throws Exception {
    List<Received> received = new ArrayList<>();
    UInt128 zero = UInt128.ZERO;
    Balance balance = new Balance(17, UInt128.of(5), true, zero, UInt128.of(9), zero, UInt128.MAX);
    assertThat(
            ReadsTest.<Answer<Optional<Balance>>>asked(
                r -> json(JsonAnswers.balance(new Answer<>(balance, 5, 1, 2))),
                client -> client.balanceAt(UInt128.of(8), 17, Consistency.STALE_OK),
                received))
        .isEqualTo(new Answer<>(Optional.of(balance), 5, 1, 2));
    assertThat(
            ReadsTest.<Answer<Optional<Balance>>>asked(
                r -> json(JsonAnswers.balance(new Answer<>(balance, 5, 0, 0))),
                client -> client.balanceAt(UInt128.of(8), Long.MAX_VALUE, Consistency.LINEARIZABLE),
                received))
        .isEqualTo(new Answer<>(Optional.of(balance), 5, 0, 0));
    assertThat(received)
        .extracting(Received::path)
        .containsExactly(
            "/v1/accounts/8/balance?consistency=stale-ok&at=17", "/v1/accounts/8/balance");
  }

  @Test
  void an_account_is_read_with_its_open_reservations() throws Exception {
    List<Received> received = new ArrayList<>();
    Holds holds = new Holds(account(UInt128.of(8)), new Page<>(List.of(payment(1)), 4));
    assertThat(
            ReadsTest.<Answer<Optional<Holds>>>asked(
                r -> json(JsonAnswers.holds(new Answer<>(holds, 5, 0, 0))),
                client -> client.holdsOf(UInt128.of(8), 10, 6, Consistency.LINEARIZABLE),
                received))
        .isEqualTo(new Answer<>(Optional.of(holds), 5, 0, 0));
    assertThat(received.getFirst().path()).isEqualTo("/v1/accounts/8/holds?limit=10&after=6");
  }

  @Test
  void an_account_that_is_not_there_is_an_answer_where_one_is_asked_for() throws Exception {
    Reaction missing = missing("not-found", FRESH);
    assertThat(
            ReadsTest.<Answer<Optional<Holds>>>asked(
                r -> missing,
                client -> client.holdsOf(UInt128.of(8), 10, 0, Consistency.STALE_OK),
                new ArrayList<>()))
        .isEqualTo(new Answer<>(Optional.empty(), 77, 2, 30));
    assertThatThrownBy(
            () ->
                asked(
                    r -> missing("unknown-path", FRESH),
                    client -> client.holdsOf(UInt128.of(8), 10, 0, Consistency.STALE_OK),
                    new ArrayList<>()))
        .as("an older gateway")
        .cause()
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("unknown-path"));
    assertThatThrownBy(
            () ->
                asked(
                    r -> missing("not-found", Map.of()),
                    client -> client.balanceAt(UInt128.of(8), 1, Consistency.STALE_OK),
                    new ArrayList<>()))
        .as("without its lag it is no answer")
        .cause()
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("unavailable"));
  }

  private static Reaction missing(String code, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Type", "application/problem+json");
    String body = "{\"code\":\"" + code + "\",\"detail\":\"d\",\"hint\":\"\"}";
    return new Reaction.Answer(404, all, body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void the_status_is_read() throws Exception {
    SiteStatus status =
        new SiteStatus("00", "main", "n1", "1", "n2", 1, 2, 3, 4, List.of(), List.of("bad"));
    assertThat(
            ReadsTest.<SiteStatus>asked(
                r -> json(JsonAnswers.status(status)), HoldfastClient::status, new ArrayList<>()))
        .isEqualTo(status);
  }

  @Test
  void a_problem_document_becomes_an_exception_with_its_code() {
    assertThatThrownBy(
            () ->
                asked(
                    r -> FakeGateway.problem(422, "malformed-id"),
                    HoldfastClient::status,
                    new ArrayList<>()))
        .cause()
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("malformed-id");
              assertThat(e.message()).isEqualTo("d");
              assertThat(e.hint()).isEqualTo("h");
            });
  }

  @Test
  void a_read_moves_on_and_is_unavailable_only_at_the_deadline() throws Exception {
    SiteStatus status =
        new SiteStatus("00", "main", "n1", "1", null, 1, 2, 3, 4, List.of(), List.of());
    try (FakeGateway one = new FakeGateway(r -> new Reaction.Reset());
        FakeGateway two = new FakeGateway(r -> new Reaction.Reset());
        HoldfastClient client =
            HoldfastClient.builder().gateways(List.of(one.address(), two.address())).build()) {
      CompletableFuture<SiteStatus> asked = client.status();
      Eventually.check(() -> !one.received().isEmpty() && !two.received().isEmpty());
      two.react(r -> json(JsonAnswers.status(status)));
      assertThat(asked.get()).isEqualTo(status);
    }
    assertThatThrownBy(
            () -> asked(r -> new Reaction.Reset(), HoldfastClient::status, new ArrayList<>()))
        .cause()
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("unavailable"));
  }

  @Test
  void more_ids_than_a_look_up_may_have_are_refused() {
    assertThatThrownBy(
            () ->
                asked(
                    r -> new Reaction.Reset(),
                    client -> client.accounts(ids(8_190), Consistency.LINEARIZABLE),
                    new ArrayList<>()))
        .cause()
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("request-too-large"));
  }
}

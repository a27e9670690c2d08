package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.node.PreviewGateway;
import io.holdfast.testkit.InMemoryLedgerAccess;
import io.holdfast.vault.Moment;
import io.holdfast.vault.MomentFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupPreviewTest {
  private static final int OPS = 61;
  private static final long THEN = 37;

  private final Path directory;
  private final Path nodeDirectory;
  private final JournaledLedger ledger;

  BackupPreviewTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.nodeDirectory = directory.resolve("n1");
    this.ledger = new JournaledLedger(nodeDirectory);
  }

  @BeforeEach
  void pay() {
    WrongPayments payments = new WrongPayments(7);
    ledger.apply(WrongPayments.accounts());
    while (ledger.op() < OPS) {
      ledger.apply(payments.batch(40));
    }
    ledger.flush();
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private Terminal.Ran run(String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("backup", "preview", "--node-dir", nodeDirectory.toString()));
    all.addAll(List.of(arguments));
    return Terminal.in(directory).run(all.toArray(String[]::new));
  }

  private static JsonNode json(Terminal.Ran ran) throws IOException {
    assertThat(ran.code()).as(ran.err()).isZero();
    return new ObjectMapper().readTree(ran.out());
  }

  private List<String> files() throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> found = Files.walk(nodeDirectory)) {
      for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
        all.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
      }
    }
    return all;
  }

  @Test
  void a_moment_answers_as_the_ledger_did_then_and_leaves_the_nodes_files_alone()
      throws IOException {
    List<String> before = files();
    assertThat(before.toString()).contains(".checkpoint", ".index", ".segment");
    MomentFiles node = MomentFiles.of(nodeDirectory);
    assertThat(node.newestOp()).isEqualTo(OPS);
    Path scratch = PreviewMoments.scratch(directory);
    try (PreviewMoments moments = new PreviewMoments(scratch, false, told -> {})) {
      moments.take(node);
      for (long op : List.of(1L, 2L, 13L, THEN, OPS - 1L, (long) OPS)) {
        Moment moment = moments.at("op" + op, op);
        assertThat(moment.op()).isEqualTo(op);
        try (InMemoryLedgerAccess model = ledger.model(op)) {
          assertSame(moment.queries(), new GatewayQueries(model, Duration.ofSeconds(5)));
        }
        assertThat(node.opAt(moment.timeNanos())).isEqualTo(op);
        assertThat(op == 1 ? 1 : node.opAt(moment.timeNanos() - 1)).isEqualTo(Math.max(1, op - 1));
      }
      assertThat(scratch).isNotEmptyDirectory();
    }
    assertThat(scratch).doesNotExist();
    assertThat(files()).isEqualTo(before);
  }

  private static void assertSame(Queries moment, Queries model) {
    AccountFilter all = AccountFilter.all(Limits.PAGE_ROWS_MAX, 0);
    assertThat(moment.accounts(all)).isEqualTo(model.accounts(all));
    TransferFilter newest = TransferFilter.newest(Limits.PAGE_ROWS_MAX);
    List<Transfer> transfers = model.transfers(newest).rows();
    assertThat(moment.transfers(newest).rows()).isEqualTo(transfers);
    List<UInt128> ids = new ArrayList<>();
    for (int id = 1; id <= 200; id++) {
      ids.add(UInt128.of(id * 7L));
    }
    assertThat(moment.transfers(ids)).isEqualTo(model.transfers(ids));
    HistoryFilter history = HistoryFilter.newest(1_000);
    for (Account account : model.accounts(all).rows()) {
      assertThat(moment.transfersOf(account.id(), history).rows())
          .isEqualTo(model.transfersOf(account.id(), history).rows());
      assertThat(moment.balancesOf(account.id(), history).rows())
          .isEqualTo(model.balancesOf(account.id(), history).rows());
      assertThat(moment.holdsOf(account.id(), 100, 0))
          .isEqualTo(model.holdsOf(account.id(), 100, 0));
    }
  }

  @Test
  void the_difference_of_every_account_is_what_was_paid_since() throws IOException {
    Map<UInt128, Integer> moved = new HashMap<>();
    List<Account> then;
    try (InMemoryLedgerAccess model = ledger.model(THEN)) {
      then = JournaledLedger.accounts(model);
      long newest = newestTransfer(model);
      for (Transfer transfer : transfers(ledger.twin)) {
        if (transfer.timestamp() > newest) {
          moved.merge(transfer.debitAccountId(), 1, Integer::sum);
          moved.merge(transfer.creditAccountId(), 1, Integer::sum);
        }
      }
    }
    JsonNode difference = json(run("--op", Long.toString(THEN), "--all", "--json"));
    assertThat(difference.path("then_op").longValue()).isEqualTo(THEN);
    assertThat(difference.path("now_op").longValue()).isEqualTo(OPS);
    List<Account> now = JournaledLedger.accounts(ledger.twin);
    assertThat(difference.path("accounts")).hasSize(now.size());
    for (int i = 0; i < now.size(); i++) {
      JsonNode row = difference.path("accounts").get(i);
      assertThat(row.path("account_id").asText()).isEqualTo(now.get(i).id().toId());
      assertBalances(row.path("then"), then.get(i));
      assertBalances(row.path("now"), now.get(i));
      assertThat(row.path("transfers").intValue())
          .isEqualTo(moved.getOrDefault(now.get(i).id(), 0));
      assertThat(row.path("difference").asText())
          .isEqualTo(Shown.balance(now.get(i)).subtract(Shown.balance(then.get(i))).toString());
    }
  }

  private static void assertBalances(JsonNode json, Account account) {
    assertThat(json.path("debits_pending").asText()).isEqualTo(account.debitsPending().toString());
    assertThat(json.path("debits_posted").asText()).isEqualTo(account.debitsPosted().toString());
    assertThat(json.path("credits_pending").asText())
        .isEqualTo(account.creditsPending().toString());
    assertThat(json.path("credits_posted").asText()).isEqualTo(account.creditsPosted().toString());
  }

  private static List<Transfer> transfers(InMemoryLedgerAccess of) {
    return of.transfers(TransferFilter.newest(Limits.PAGE_ROWS_MAX), Consistency.LINEARIZABLE)
        .join()
        .value()
        .rows();
  }

  private static long newestTransfer(InMemoryLedgerAccess of) {
    return transfers(of).getFirst().timestamp();
  }

  @Test
  void only_accounts_that_changed_are_shown_those_that_changed_the_most_first() throws IOException {
    ledger.apply(
        Request.ofAccounts(
            List.of(
                Account.opening(UInt128.of(77), 978, 1, 0),
                Account.opening(UInt128.of(78), 978, 1, 0))));
    long then = ledger.op();
    ledger.apply(
        Request.ofTransfers(
            List.of(
                Transfer.payment(UInt128.of(900_001), UInt128.of(77), UInt128.of(1), 500, 978, 1),
                Transfer.payment(UInt128.of(900_002), UInt128.of(2), UInt128.of(1), 40, 978, 1))));
    ledger.flush();
    Terminal.Ran table = run("--op", Long.toString(then), "--scale", "2");
    assertThat(table.code()).as(table.err()).isZero();
    List<String> lines = table.out().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).matches("account  ledger  transfers +debits posted .* difference");
    assertThat(lines.get(1)).startsWith("1 ").endsWith("+5.40");
    assertThat(lines.get(2)).startsWith("77 ").contains("0.00 > 5.00").endsWith("-5.00");
    assertThat(lines.get(3)).startsWith("2 ").endsWith("-0.40");
    assertThat(table.err())
        .contains("PREVIEW of op " + then + " at 2026-", "read-only")
        .contains("3 of 14 accounts changed from op " + then + " to op " + (then + 1));
    Terminal.Ran top = run("--op", Long.toString(then), "--top", "1");
    assertThat(top.out().lines()).hasSize(2);
    assertThat(top.err()).contains("these 1 changed the most");
    Terminal.Ran some = run("--op", Long.toString(then), "--account", "78", "--account", "2");
    assertThat(some.out().lines()).hasSize(3);
    assertThat(
            json(run("--op", Long.toString(then), "--account", "78", "--json"))
                .path("changed")
                .longValue())
        .isZero();
    assertThat(run("--op", Long.toString(then), "--account", "4711").err()).contains("not-found");
  }

  @Test
  void a_time_is_the_last_op_up_to_it() throws IOException {
    long nanos;
    try (InMemoryLedgerAccess model = ledger.model(THEN)) {
      nanos = newestTransfer(model);
    }
    JsonNode at = json(run("--at", Long.toString(nanos), "--json"));
    assertThat(at.path("then_op").longValue()).isEqualTo(THEN);
    assertThat(json(run("--at", Shown.time(nanos - 1), "--json")).path("then_op").longValue())
        .isEqualTo(THEN - 1);
    assertThat(run("--at", "2025-12-31").err()).contains("no-such-moment");
  }

  @Test
  void the_newest_moment_may_be_that_of_a_running_ledger() throws IOException {
    long op = ledger.op();
    ledger.stop();
    try (ServedLedger served = new ServedLedger(ledger.twin)) {
      ledger
          .twin
          .submit(
              Request.ofTransfers(
                  List.of(
                      Transfer.payment(
                          UInt128.of(900_001), UInt128.of(1), UInt128.of(2), 7, 978, 1))),
              Duration.ofSeconds(5))
          .join();
      JsonNode difference =
          json(run("--op", Long.toString(op), "--gateway", served.address(), "--json"));
      assertThat(difference.path("now_op").longValue()).isEqualTo(op + 1);
      assertThat(difference.path("accounts")).hasSize(2);
    }
  }

  @Test
  void a_history_ends_with_the_moment() throws IOException {
    JsonNode history = json(run("--op", Long.toString(THEN), "--history", "3", "--json"));
    try (InMemoryLedgerAccess model = ledger.model(THEN)) {
      String newest =
          model
              .balancesOf(UInt128.of(3), HistoryFilter.newest(1), Consistency.LINEARIZABLE)
              .join()
              .value()
              .rows()
              .getFirst()
              .transferId()
              .toId();
      assertThat(history.path("history").get(0).path("transfer").path("id").asText())
          .isEqualTo(newest);
      assertThat(history.path("history")).hasSize(100);
    }
    Terminal.Ran ran = run("--op", Long.toString(THEN), "--history", "3");
    assertThat(ran.out()).startsWith("time ").contains("balance");
    assertThat(run("--op", "1", "--history", "4711").err()).contains("not-found");
  }

  @Test
  void a_preview_is_served_like_a_node_and_takes_no_writes() throws IOException {
    Path scratch = PreviewMoments.scratch(directory);
    try (PreviewMoments moments = moments(scratch);
        PreviewGateway gateway = PreviewGateway.start(moments.at("then", THEN), 0);
        InMemoryLedgerAccess model = ledger.model(THEN);
        ServedLedger served = new ServedLedger(model)) {
      for (List<String> question :
          List.of(
              List.of("account", "list", "--all", "--json"),
              List.of("account", "show", "3", "--transfers", "20", "--json"),
              List.of("account", "history", "3", "--all", "--json"),
              List.of("account", "balance", "3", "--holds", "--json"),
              List.of("transfer", "show", "21", "--json"),
              List.of("transfer", "list", "--code", "30", "--all", "--json"))) {
        Terminal.Ran preview = ask(question, gateway.address());
        assertThat(preview.code()).as(preview.err()).isZero();
        assertThat(preview.out()).isEqualTo(ask(question, served.address()).out());
      }
      Terminal.Ran write =
          ask(
              List.of(
                  "transfer",
                  "create",
                  "--debit",
                  "1",
                  "--credit",
                  "2",
                  "--amount",
                  "5",
                  "--ledger",
                  "978",
                  "--code",
                  "1"),
              gateway.address());
      assertThat(write.code()).isEqualTo(ExitCodes.FAILED);
      assertThat(write.err()).contains("preview-read-only", "preview of op " + THEN);
      assertThat(ask(List.of("status"), gateway.address()).out()).contains("preview of op " + THEN);
    }
  }

  private PreviewMoments moments(Path scratch) {
    PreviewMoments moments = new PreviewMoments(scratch, false, told -> {});
    moments.take(MomentFiles.of(nodeDirectory));
    return moments;
  }

  private Terminal.Ran ask(List<String> question, String gateway) {
    List<String> all = new ArrayList<>(question);
    all.addAll(List.of("--gateway", gateway));
    return Terminal.in(directory).run(all.toArray(String[]::new));
  }

  @Test
  void copies_go_at_the_end_unless_they_are_to_be_kept() throws IOException {
    Path scratch = directory.resolve("scratch");
    assertThat(run("--op", "5", "--scratch", scratch.toString()).code()).isZero();
    assertThat(scratch).isEmptyDirectory();
    assertThat(run("--op", "0", "--scratch", scratch.toString()).err()).contains("no-such-moment");
    assertThat(scratch).isEmptyDirectory();
    Terminal.Ran kept = run("--op", "5", "--scratch", scratch.toString(), "--keep");
    assertThat(kept.err()).contains("kept in " + scratch);
    assertThat(scratch).isNotEmptyDirectory();
  }

  @Test
  void wrong_options_are_refused_before_anything_is_read() {
    for (List<String> wrong :
        List.of(
            List.<String>of(),
            List.of("--op", "1", "--at", "2026-01-01"),
            List.of("--op", "x"),
            List.of("--op", "-1"),
            List.of("--at", "yesterday"),
            List.of("--at", "2262-01-01"),
            List.of("--op", "9999"),
            List.of("--op", "1", "--account", "x"),
            List.of("--op", "1", "--history", "x"),
            List.of("--op", "1", "--serve", "70000"),
            List.of("--op", "1", "--serve", "0", "--history", "1"),
            List.of("--op", "1", "--top", "0"),
            List.of("--op", "1", "--top", "5", "--all"),
            List.of("--op", "1", "--scale", "19"),
            List.of("--op", "1", "--gateway", "ftp://x"),
            List.of("--op", "1", "--node-dir", "nowhere"))) {
      Terminal.Ran ran = run(wrong.toArray(String[]::new));
      assertThat(ran.code()).as(wrong + ran.err()).isEqualTo(ExitCodes.USAGE);
      assertThat(ran.out()).isEmpty();
    }
    assertThat(Terminal.in(directory).run("backup", "preview", "--op", "1").err())
        .contains("--node-dir");
  }
}

package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFlags;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.vault.Correction;
import io.holdfast.vault.CorrectionProposal;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupCorrectTest {
  private static final int OPS = 41;
  private static final long THEN = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Path directory;
  private final Path file;
  private final JournaledLedger ledger;
  private final ServedLedger served;

  BackupCorrectTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.file = directory.resolve("wrong.json");
    this.ledger = new JournaledLedger(directory.resolve("n1"));
    this.served = new ServedLedger(ledger.twin);
  }

  @BeforeEach
  void pay() {
    WrongPayments payments = new WrongPayments(11);
    ledger.apply(WrongPayments.accounts());
    while (ledger.op() < OPS) {
      ledger.apply(payments.batch(25));
    }
    ledger.flush();
  }

  @AfterEach
  void close() {
    served.close();
    ledger.close();
  }

  private Terminal.Ran propose(String... options) throws IOException {
    return proposeFrom(THEN, options);
  }

  private Terminal.Ran proposeFrom(long op, String... options) throws IOException {
    Files.deleteIfExists(file);
    List<String> all =
        new ArrayList<>(
            List.of(
                "backup",
                "preview",
                "--node-dir",
                "n1",
                "--op",
                Long.toString(op),
                "--propose",
                "wrong.json",
                "--correction-code",
                "99",
                "--reason",
                "paid twice",
                "--as",
                "Ann Ko"));
    all.addAll(List.of(options));
    return Terminal.in(directory).run(all.toArray(String[]::new));
  }

  private Terminal.Ran correct(String... options) {
    List<String> all = new ArrayList<>(List.of("backup", "correct", "wrong.json"));
    all.addAll(List.of("--gateway", served.address(), "--patience", "5"));
    all.addAll(List.of(options));
    return Terminal.in(directory).run(all.toArray(String[]::new));
  }

  private static JsonNode json(Terminal.Ran ran) throws IOException {
    assertThat(ran.code()).as(ran.err()).isZero();
    return new ObjectMapper().readTree(ran.out());
  }

  private List<Transfer> transfers() {
    return ledger
        .twin
        .transfers(TransferFilter.newest(Limits.PAGE_ROWS_MAX), Consistency.LINEARIZABLE)
        .join()
        .value()
        .rows();
  }

  private List<Transfer> since(long op) {
    try (var model = ledger.model(op)) {
      long newest =
          model
              .transfers(TransferFilter.newest(1), Consistency.LINEARIZABLE)
              .join()
              .value()
              .rows()
              .getFirst()
              .timestamp();
      return transfers().stream().filter(transfer -> transfer.timestamp() > newest).toList();
    }
  }

  private static boolean has(Transfer transfer, int flag) {
    return (transfer.flags() & flag) != 0;
  }

  /** What a proposal should be about, told naively. */
  private static Set<UInt128> expected(List<Transfer> since, Predicate<Transfer> wanted) {
    Set<UInt128> ids = new TreeSet<>();
    Map<UInt128, Transfer> resolved = new HashMap<>();
    for (Transfer transfer : since) {
      if (!transfer.pendingId().isZero()) {
        resolved.put(transfer.pendingId(), transfer);
      }
    }
    for (Transfer transfer : since) {
      if (wanted.test(transfer)) {
        Transfer outcome = resolved.get(transfer.id());
        if (has(transfer, TransferFlags.VOID_PENDING_TRANSFER)) {
          continue;
        }
        if (!has(transfer, TransferFlags.PENDING) || outcome == null) {
          ids.add(transfer.id());
        } else if (has(outcome, TransferFlags.POST_PENDING_TRANSFER)) {
          ids.add(outcome.id());
        }
      }
    }
    return ids;
  }

  private Set<UInt128> proposed() {
    Set<UInt128> ids = new TreeSet<>();
    ProposalFile.read(file)
        .corrections()
        .forEach(correction -> ids.add(correction.original().id()));
    return ids;
  }

  @Test
  void each_filter_selects_what_it_says() throws IOException {
    List<Transfer> since = since(THEN);
    Transfer some = since.get(since.size() / 2);
    Transfer earlier = since.get(since.size() * 3 / 4);
    record Case(List<String> options, Predicate<Transfer> wanted) {}
    List<Case> cases =
        List.of(
            new Case(List.of("--all"), t -> true),
            new Case(List.of("--code", "30"), t -> t.code() == 30),
            new Case(List.of("--ledger", "840"), t -> t.ledger() == 840),
            new Case(
                List.of("--account", "3", "--account", "9"),
                t ->
                    List.of(UInt128.of(3), UInt128.of(9)).contains(t.debitAccountId())
                        || List.of(UInt128.of(3), UInt128.of(9)).contains(t.creditAccountId())),
            new Case(List.of("--user-data-128", "2"), t -> t.userData128().equals(UInt128.of(2))),
            new Case(List.of("--user-data-64", "1"), t -> t.userData64() == 1),
            new Case(List.of("--user-data-32", "1"), t -> t.userData32() == 1),
            new Case(
                List.of("--id", some.id().toId(), "--id", earlier.id().toId()),
                t -> t.equals(some) || t.equals(earlier)),
            new Case(
                List.of("--from", Long.toString(some.timestamp())),
                t -> t.timestamp() >= some.timestamp()),
            new Case(
                List.of("--until", Long.toString(some.timestamp())),
                t -> t.timestamp() <= some.timestamp()),
            new Case(
                List.of(
                    "--from", Shown.time(earlier.timestamp()),
                    "--until", Shown.time(some.timestamp()),
                    "--code", "10"),
                t ->
                    t.code() == 10
                        && t.timestamp() >= earlier.timestamp()
                        && t.timestamp() <= some.timestamp()));
    for (Case each : cases) {
      Terminal.Ran ran = propose(each.options().toArray(String[]::new));
      assertThat(ran.code()).as(each.options() + ran.err()).isZero();
      Set<UInt128> wanted = expected(since, each.wanted());
      assertThat(proposed()).as(each.options().toString()).isEqualTo(wanted).isNotEmpty();
    }
  }

  @Test
  void corrections_bring_all_accounts_back_to_their_balances_and_release_what_is_held()
      throws IOException {
    long op = ledger.op();
    List<Account> then = JournaledLedger.accounts(ledger.twin);
    ledger.apply(
        Request.ofTransfers(
            List.of(
                payment(900_001, 1, 2, 500, 30, 0),
                payment(900_002, 2, 3, 70, 30, TransferFlags.PENDING),
                payment(900_003, 8, 9, 11, 30, TransferFlags.PENDING),
                post(900_004, 900_003),
                payment(900_005, 8, 9, 13, 30, TransferFlags.PENDING),
                payment(900_006, 4, 5, 1_000, 10, 0))));
    ledger.flush();
    JsonNode written = json(proposeFrom(op, "--code", "30", "--json"));
    assertThat(written.path("corrections").intValue()).isEqualTo(4);
    assertThat(written.path("sums").toString())
        .contains(
            "\"ledger\":978,\"reversals\":1,\"reversed\":\"500\",\"voids\":1,\"released\":\"70\"")
        .contains(
            "\"ledger\":840,\"reversals\":1,\"reversed\":\"11\",\"voids\":1,\"released\":\"13\"");

    JsonNode done = json(correct("--approve-as", "Bo Li", "--json"));
    assertThat(done.path("created").intValue()).isEqualTo(4);
    assertThat(done.path("existed").intValue()).isZero();
    List<Account> after = JournaledLedger.accounts(ledger.twin);
    for (int i = 0; i < then.size(); i++) {
      long unselected = i + 1 == 4 ? -1_000 : i + 1 == 5 ? 1_000 : 0;
      assertThat(Shown.balance(after.get(i)))
          .isEqualTo(Shown.balance(then.get(i)).add(BigInteger.valueOf(unselected)));
      assertThat(after.get(i).debitsPending()).isEqualTo(then.get(i).debitsPending());
      assertThat(after.get(i).creditsPending()).isEqualTo(then.get(i).creditsPending());
    }
    Transfer reversal =
        transfers().stream()
            .filter(t -> t.id().equals(Correction.idOf(UInt128.of(900_001))))
            .findFirst()
            .orElseThrow();
    assertThat(reversal.debitAccountId()).isEqualTo(UInt128.of(2));
    assertThat(reversal.code()).isEqualTo(99);
    assertThat(reversal.userData128()).isEqualTo(UInt128.of(900_001));

    byte[] digest = ledger.twin.digest();
    JsonNode again = json(correct("--approve-as", "Bo Li", "--json"));
    assertThat(again.path("created").intValue()).isZero();
    assertThat(again.path("existed").intValue()).isEqualTo(4);
    assertThat(ledger.twin.digest()).isEqualTo(digest);
    Terminal.Ran anew = proposeFrom(op, "--code", "30", "--gateway", served.address());
    assertThat(anew.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(anew.err()).contains("nothing-to-correct", "left out: 4 that are corrected already");
  }

  private static Transfer payment(
      long id, long debit, long credit, long amount, int code, int flags) {
    return new Transfer(
        UInt128.of(id),
        UInt128.of(debit),
        UInt128.of(credit),
        UInt128.of(amount),
        UInt128.ZERO,
        UInt128.ZERO,
        0,
        0,
        0,
        debit <= WrongPayments.ACCOUNTS / 2 || debit > WrongPayments.ACCOUNTS ? 978 : 840,
        code,
        flags,
        0);
  }

  private static Transfer post(long id, long pendingId) {
    UInt128 zero = UInt128.ZERO;
    return new Transfer(
        UInt128.of(id),
        zero,
        zero,
        UInt128.MAX,
        UInt128.of(pendingId),
        zero,
        0,
        0,
        0,
        0,
        0,
        TransferFlags.POST_PENDING_TRANSFER,
        0);
  }

  @Test
  void all_that_was_paid_since_is_taken_back_however_it_came_to_be() throws IOException {
    List<Account> then;
    try (var model = ledger.model(THEN)) {
      then = JournaledLedger.accounts(model);
    }
    assertThat(propose("--all").code()).isZero();
    Set<UInt128> since = new TreeSet<>(since(THEN).stream().map(Transfer::id).toList());
    assertThat(since(THEN))
        .as("a reservation of before was resolved since")
        .anyMatch(t -> !t.pendingId().isZero() && !since.contains(t.pendingId()));
    assertThat(correct("--approve-as", "Bo Li").code()).isZero();
    List<Account> after = JournaledLedger.accounts(ledger.twin);
    for (int i = 0; i < then.size(); i++) {
      assertThat(Shown.balance(after.get(i))).isEqualTo(Shown.balance(then.get(i)));
      assertThat(after.get(i).debitsPending())
          .as("what was held then and has been resolved since is not held again")
          .isLessThanOrEqualTo(then.get(i).debitsPending());
    }
  }

  @Test
  void what_was_selected_twice_is_corrected_once() throws IOException {
    long op = ledger.op();
    ledger.apply(
        Request.ofTransfers(
            List.of(
                payment(900_001, 1, 2, 500, 30, TransferFlags.PENDING), post(900_002, 900_001))));
    ledger.flush();
    assertThat(proposeFrom(op, "--id", "900001", "--id", "900002").code()).isZero();
    assertThat(proposed()).containsExactly(UInt128.of(900_002));
    assertThat(correct("--approve-as", "Bo Li").code()).isZero();
    Terminal.Ran anew = proposeFrom(op, "--account", "1", "--gateway", served.address());
    assertThat(anew.err())
        .as("a correction is not corrected in turn")
        .contains("nothing-to-correct");
    UInt128 reversal = Correction.idOf(UInt128.of(900_002));
    assertThat(proposeFrom(op, "--id", reversal.toId(), "--gateway", served.address()).code())
        .as("unless it is asked for")
        .isZero();
    assertThat(proposed()).containsExactly(reversal);
  }

  @Test
  void the_one_who_proposed_cannot_approve_and_without_approval_nothing_is_done()
      throws IOException {
    assertThat(propose("--code", "30").code()).isZero();
    byte[] digest = ledger.twin.digest();
    Terminal.Ran shown = correct();
    assertThat(shown.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(shown.out()).contains("Ann Ko", "paid twice", "--code 30", "ledger 978", "sha256");
    assertThat(shown.err()).contains("not-confirmed", "--approve-as");
    for (String same : List.of("Ann Ko", "ann  KO ", "")) {
      Terminal.Ran ran = correct("--approve-as", same);
      assertThat(ran.code()).isEqualTo(ExitCodes.USAGE);
      assertThat(ran.err()).containsAnyOf("same-operator", "not-confirmed");
    }
    assertThat(ledger.twin.digest()).isEqualTo(digest);
  }

  @Test
  void a_file_that_was_changed_is_refused() throws IOException {
    assertThat(propose("--code", "30").code()).isZero();
    byte[] digest = ledger.twin.digest();
    String whole = Files.readString(file);
    String amount =
        ProposalFile.read(file).corrections().getFirst().correction().amount().toString();
    Map<String, String> changes = new HashMap<>();
    changes.put("Ann Ko", "Cy Wu");
    changes.put("paid twice", "paid thrice");
    changes.put("\"amount\" : \"" + amount + "\"", "\"amount\" : \"" + amount + "0\"");
    changes.put("\"correction_code\" : 99", "\"correction_code\" : 98");
    changes.put("\"moment_op\" : " + THEN, "\"moment_op\" : 1");
    changes.forEach(
        (from, to) -> {
          assertThat(whole).contains(from);
          Terminal.Ran ran = correctText(whole.replace(from, to));
          assertThat(ran.code()).isEqualTo(ExitCodes.USAGE);
          assertThat(ran.err()).contains("corrections-damaged");
        });
    for (String other :
        List.of(
            "",
            "[]",
            "{}",
            whole.substring(0, whole.length() / 2),
            whole.replace("proposal 1", "proposal 2"),
            whole.replace("\"kind\" : \"reversal\"", "\"kind\" : \"gift\""),
            whole.replace("\"reason\"", "\"raison\""))) {
      Terminal.Ran ran = correctText(other);
      assertThat(ran.code()).isEqualTo(ExitCodes.USAGE);
      assertThat(ran.err()).contains("corrections-unreadable");
    }
    assertThat(correctText(whole).code()).as("the whole one is taken").isZero();
    assertThat(ledger.twin.digest()).isNotEqualTo(digest);
  }

  private Terminal.Ran correctText(String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return correct("--approve-as", "Bo Li");
  }

  @Test
  void a_correction_that_pays_elsewhere_is_refused_though_the_digest_be_right() throws IOException {
    assertThat(propose("--code", "30").code()).isZero();
    CorrectionProposal proposal = ProposalFile.read(file);
    List<Correction> corrections = new ArrayList<>(proposal.corrections());
    Correction first = corrections.removeFirst();
    Transfer other = payment(1, 1, 2, 1_000_000, 99, 0);
    corrections.add(new Correction(first.kind(), first.original(), other));
    refused(with(proposal, proposal.ledgerId(), corrections), "corrections-damaged");
  }

  @Test
  void a_proposal_for_another_ledger_or_about_other_transfers_is_refused() throws IOException {
    assertThat(propose("--code", "30").code()).isZero();
    CorrectionProposal proposal = ProposalFile.read(file);
    refused(with(proposal, UInt128.of(5), proposal.corrections()), "corrections-differ");
    Transfer absent = payment(987_654, 1, 2, 5, 30, 0);
    refused(
        with(proposal, proposal.ledgerId(), List.of(Correction.of(absent, 99))),
        "corrections-differ");
    Transfer original = proposal.corrections().getFirst().original();
    Transfer richer =
        new Transfer(
            original.id(),
            original.debitAccountId(),
            original.creditAccountId(),
            UInt128.of(5_000_000),
            original.pendingId(),
            original.userData128(),
            original.userData64(),
            original.userData32(),
            original.timeout(),
            original.ledger(),
            original.code(),
            original.flags(),
            original.timestamp());
    refused(
        with(proposal, proposal.ledgerId(), List.of(Correction.of(richer, 99))),
        "corrections-differ");
  }

  private static CorrectionProposal with(
      CorrectionProposal proposal, UInt128 ledgerId, List<Correction> corrections) {
    return new CorrectionProposal(
        ledgerId,
        proposal.momentOp(),
        proposal.momentNanos(),
        proposal.proposer(),
        proposal.proposedNanos(),
        proposal.reason(),
        proposal.selection(),
        proposal.code(),
        corrections);
  }

  private void refused(CorrectionProposal proposal, String code) throws IOException {
    byte[] digest = ledger.twin.digest();
    Files.delete(file);
    ProposalFile.write(file, proposal);
    Terminal.Ran ran = correct("--approve-as", "Bo Li");
    assertThat(ran.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(ran.err()).contains(code);
    assertThat(ledger.twin.digest()).isEqualTo(digest);
  }

  @Test
  void a_correction_that_an_account_does_not_allow_is_held_back_and_done_once_it_does()
      throws IOException {
    ledger.apply(
        Request.ofAccounts(
            List.of(
                Account.opening(
                    UInt128.of(50), 978, 1, AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS))));
    long op = ledger.op();
    ledger.apply(
        Request.ofTransfers(
            List.of(payment(900_001, 1, 50, 500, 30, 0), payment(900_002, 50, 2, 400, 10, 0))));
    ledger.flush();
    assertThat(proposeFrom(op, "--code", "30").code()).isZero();
    Terminal.Ran held = correct("--approve-as", "Bo Li");
    assertThat(held.code()).isEqualTo(ExitCodes.REFUSED);
    assertThat(held.out()).contains("held back", "exceeds_credits");
    assertThat(held.err()).contains("corrections-refused");
    ledger
        .twin
        .submit(Request.ofTransfers(List.of(payment(900_003, 2, 50, 400, 10, 0))), PATIENCE)
        .join();
    JsonNode done = json(correct("--approve-as", "Bo Li", "--json"));
    assertThat(done.path("created").intValue()).isEqualTo(1);
  }

  @Test
  void wrong_options_of_a_proposal_are_refused() throws IOException {
    for (List<String> wrong :
        List.of(
            List.<String>of(),
            List.of("--id", "x"),
            List.of("--code", "70000"),
            List.of("--ledger", "-1"),
            List.of("--user-data-128", "x"),
            List.of("--user-data-64", "18446744073709551616"),
            List.of("--user-data-32", "4294967296"),
            List.of("--from", "then"),
            List.of("--until", "then"),
            List.of("--from", "2026-01-02", "--until", "2026-01-01"),
            List.of("--code", "31"),
            List.of("--code", "30", "--serve", "0"))) {
      Terminal.Ran ran = propose(wrong.toArray(String[]::new));
      assertThat(ran.code()).as(wrong + ran.err()).isEqualTo(ExitCodes.USAGE);
      assertThat(file).doesNotExist();
    }
    for (List<String> missing :
        List.of(
            List.of("--code", "30", "--reason", "x", "--correction-code", "99"),
            List.of("--propose", "p.json", "--code", "30", "--reason", "x"),
            List.of("--propose", "p.json", "--code", "30", "--correction-code", "99"),
            List.of(
                "--propose", "p.json", "--code", "30", "--correction-code", "0", "--reason", "x"),
            List.of(
                "--propose", "p.json", "--code", "30", "--correction-code", "9", "--reason", " "),
            List.of(
                "--propose",
                "p.json",
                "--code",
                "30",
                "--correction-code",
                "9",
                "--reason",
                "x",
                "--as",
                " "))) {
      List<String> all =
          new ArrayList<>(List.of("backup", "preview", "--node-dir", "n1", "--op", "20"));
      all.addAll(missing);
      Terminal.Ran ran = Terminal.in(directory).run(all.toArray(String[]::new));
      assertThat(ran.code()).as(missing + ran.err()).isEqualTo(ExitCodes.USAGE);
    }
    assertThat(propose("--code", "30").code()).isZero();
    String before = Files.readString(file);
    Terminal.Ran twice =
        Terminal.in(directory)
            .run(
                "backup",
                "preview",
                "--node-dir",
                "n1",
                "--op",
                "20",
                "--propose",
                "wrong.json",
                "--correction-code",
                "99",
                "--reason",
                "x",
                "--code",
                "10");
    assertThat(twice.err()).contains("corrections-exist");
    assertThat(Files.readString(file)).isEqualTo(before);
    assertThat(correct("--patience", "0").code()).isEqualTo(ExitCodes.USAGE);
    assertThat(
            Terminal.in(directory)
                .run("backup", "correct", "nowhere.json", "--gateway", served.address())
                .err())
        .contains("corrections-unreadable");
  }
}

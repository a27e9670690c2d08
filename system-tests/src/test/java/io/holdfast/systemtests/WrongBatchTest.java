package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.BlockingClient;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Transfer;
import io.holdfast.vault.MomentFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A batch was paid twice; it is seen, taken back by two people, and nothing else is touched. */
class WrongBatchTest {
  private static final int EMPLOYEES = 20;
  private static final int SALARIES = 30;
  private static final UInt128 EMPLOYER = UInt128.of(1);

  private final RunningSite site = RunningSite.prepared("wrong-batch", 1);
  private final BlockingClient client = new BlockingClient(site.client());

  @BeforeEach
  void start() {
    site.startAll();
  }

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void a_batch_that_was_paid_twice_is_taken_back_by_two_people_while_payments_go_on()
      throws Exception {
    client.account(Account.opening(EMPLOYER, 978, 1, 0));
    for (int i = 0; i < EMPLOYEES; i++) {
      client.account(Account.opening(employee(i), 978, 2, 0));
    }
    salaries(1_000);
    NodeProcess node = site.nodes().getFirst();
    long then = site.client().status().get(20, TimeUnit.SECONDS).op();
    salaries(2_000); // the same once more, under other ids
    client.transfer(Transfer.payment(UInt128.of(9_000), employee(0), EMPLOYER, 5, 978, 10));
    long wrong = site.client().status().get(20, TimeUnit.SECONDS).op();
    Deadline.await(
        "the node has it on disk",
        RunningSite.SOON,
        () -> MomentFiles.of(node.directory()).newestOp() >= wrong);

    HoldfastCommand difference = backup(node, "preview", preview(node, then));
    assertThat(difference.exitCode()).as(difference.errors()).isZero();
    assertThat(difference.output().lines()).hasSize(1 + 1 + EMPLOYEES);
    assertThat(difference.output().lines().skip(1).findFirst().orElseThrow())
        .startsWith("1 ")
        .endsWith("-1,995"); // 20 salaries of 100 less the 5 that came back
    assertServed(node, then);

    HoldfastCommand proposed =
        backup(
            node,
            "preview",
            preview(
                node,
                then,
                "--code",
                "30",
                "--propose",
                "twice.json",
                "--correction-code",
                "99",
                "--reason",
                "salaries paid twice",
                "--as",
                "Ann Ko",
                "--gateway",
                gateway()));
    assertThat(proposed.exitCode()).as(proposed.errors()).isZero();
    assertThat(proposed.output()).contains("20 reversals of 2,000");
    List<String> submit = List.of("twice.json", "--gateway", gateway(), "--approve-as");
    HoldfastCommand same = backup(node, "correct", with(submit, "Ann Ko"));
    assertThat(same.exitCode()).isEqualTo(2);
    assertThat(balance(employee(1))).isEqualTo(200);
    HoldfastCommand corrected = backup(node, "correct", with(submit, "Bo Li"));
    assertThat(corrected.exitCode()).as(corrected.errors()).isZero();
    assertThat(corrected.output()).containsPattern("created +20");

    assertThat(balance(employee(0))).as("paid once, and the payment after it").isEqualTo(95);
    for (int i = 1; i < EMPLOYEES; i++) {
      assertThat(balance(employee(i))).isEqualTo(100);
    }
    HoldfastCommand again = backup(node, "correct", with(submit, "Bo Li"));
    assertThat(again.exitCode()).as(again.errors()).isZero();
    assertThat(again.output()).containsPattern("there already +20").containsPattern("created +0");
    assertThat(balance(employee(1))).isEqualTo(100);
  }

  private void assertServed(NodeProcess node, long then) throws Exception {
    Path errors = Files.createTempFile(node.directory().getParent(), "serve", ".err");
    List<String> command = with(List.of("backup", "preview"), "--serve", "0");
    command.addAll(preview(node, then));
    Process serving = HoldfastCommand.start(commands(node), command, errors);
    try (BufferedReader out = serving.inputReader(StandardCharsets.UTF_8)) {
      String line = String.valueOf(out.readLine());
      assertThat(line).as(Files.readString(errors)).contains("serving op " + then);
      String address = line.replaceAll(".* at (http://[0-9.:]+);.*", "$1");
      HoldfastCommand shown =
          HoldfastCommand.run(
              commands(node), List.of("account", "show", "101", "--gateway", address));
      assertThat(shown.output()).containsPattern("balance +100 ");
      HoldfastCommand paid =
          HoldfastCommand.run(
              commands(node),
              List.of(
                  "transfer",
                  "create",
                  "--debit",
                  "1",
                  "--credit",
                  "101",
                  "--amount",
                  "1",
                  "--ledger",
                  "978",
                  "--code",
                  "1",
                  "--gateway",
                  address));
      assertThat(paid.errors()).contains("preview-read-only");
      serving.destroy(); // TERM
      assertThat(serving.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(serving.exitValue()).isZero();
    } finally {
      serving.destroyForcibly();
    }
    assertThat(commands(node).resolve("scratch")).isEmptyDirectory();
  }

  private void salaries(long firstId) {
    for (int i = 0; i < EMPLOYEES; i++) {
      client.transfer(
          Transfer.payment(UInt128.of(firstId + i), EMPLOYER, employee(i), 100, 978, SALARIES));
    }
  }

  private static UInt128 employee(int number) {
    return UInt128.of(100 + number);
  }

  private long balance(UInt128 account) throws Exception {
    Account found =
        site.client()
            .accounts(List.of(account), Consistency.LINEARIZABLE)
            .get(20, TimeUnit.SECONDS)
            .value()
            .getFirst();
    return found.creditsPosted().lo() - found.debitsPosted().lo();
  }

  private String gateway() {
    return site.site().gateways().getFirst().toString();
  }

  private static Path commands(NodeProcess node) {
    return node.directory().resolveSibling("commands");
  }

  private static List<String> preview(NodeProcess node, long op, String... more) {
    return with(
        List.of(
            "--node-dir",
            node.directory().toString(),
            "--op",
            Long.toString(op),
            "--scratch",
            "scratch"),
        more);
  }

  private static List<String> with(List<String> some, String... more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(List.of(more));
    return all;
  }

  private static HoldfastCommand backup(NodeProcess node, String what, List<String> options)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("backup", what));
    all.addAll(options);
    return HoldfastCommand.run(commands(node), all);
  }
}

package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.client.Outcome;
import io.holdfast.drill.AdminClient;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import io.holdfast.drill.Proof;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * All the way with backups as a user goes it, each step a process of its own: keys, repositories in
 * a directory and in a store that speaks S3, a site that pays and backs itself up into both,
 * restores of several moments, a restored site that pays on, and its new branch beside the old one.
 */
class BackedUpSiteTest {
  private static final int LEDGER = 840;
  private static final String FAR = S3Store.location("ledger");

  private final RunningSite site = RunningSite.prepared("backed-up", 3);
  private final Path home = site.site().directory();
  private final Path work = home.resolveSibling("backed-up-work");
  private final Path main = work.resolve("main");
  private final Path key = work.resolve("vault.key");
  private S3Store store;

  @BeforeEach
  void start() throws Exception {
    RunningSite.deleteTree(work);
    Files.createDirectories(work);
    store = S3Store.start(work.resolve("store"));
  }

  @AfterEach
  void killAll() throws IOException {
    site.close();
    store.close();
    RunningSite.deleteTree(work);
  }

  private HoldfastCommand command(List<String> options, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(options);
    return HoldfastCommand.run(work.resolve("commands"), S3Store.credentials(), all);
  }

  private String done(List<String> options, String... words) throws Exception {
    HoldfastCommand done = command(options, words);
    assertThat(done.exitCode()).as("%s %s: %s", List.of(words), options, done.errors()).isZero();
    return done.output();
  }

  private JsonNode json(List<String> options, String... words) throws Exception {
    List<String> all = new ArrayList<>(options);
    all.add("--json");
    return new ObjectMapper().readTree(done(all, words));
  }

  private List<String> inDirectory() {
    return List.of("--repository", "file:" + main, "--key-file", key.toString());
  }

  private List<String> inStore() {
    return List.of(
        "--repository",
        FAR,
        "--endpoint",
        store.endpoint(),
        "--path-style",
        "--key-file",
        key.toString());
  }

  /** What is only in the second one comes from there. */
  private List<String> inBoth() {
    List<String> both = new ArrayList<>(inStore());
    both.addAll(List.of("--repository", "file:" + main));
    return both;
  }

  private void backUp(RunningSite of) throws IOException {
    for (NodeProcess node : of.nodes()) {
      Files.writeString(
          node.configuration(),
          """

          vault:
            repositories:
              main: {location: 'file:%s', key-file: '%s', schedule: none}
              far: {location: '%s', endpoint: '%s', path-style: true, key-file: '%s', schedule: none}
          """
              .formatted(main, key, FAR, store.endpoint(), key),
          StandardOpenOption.APPEND);
      node.launch(node.launch().withJvmFlags(S3Store.credentials().toArray(String[]::new)));
    }
    of.startAll();
  }

  /** Both repositories have all that was acknowledged. */
  private static void awaitAll(RunningSite of) {
    for (String name : List.of("main", "far")) {
      Deadline.await(
          "the repository " + name + " has all",
          RunningSite.RESUMED,
          () -> of.nodes().stream().anyMatch(node -> lagSeconds(node, name) == 0));
    }
  }

  private static double lagSeconds(NodeProcess node, String name) {
    try {
      for (JsonNode one :
          new AdminClient(node.address().admin()).backup(RunningSite.SOON).path("repositories")) {
        if (one.path("name").asText().equals(name)) {
          return one.path("rpo_seconds").asDouble(-1);
        }
      }
    } catch (HoldfastException e) {
      // It starts.
    }
    return -1;
  }

  private static Outcome.Answered pay(RunningSite on, int id) {
    return (Outcome.Answered)
        on.client()
            .transfer(Transfer.payment(UInt128.of(id), UInt128.of(1), UInt128.of(2), 5, LEDGER, 1))
            .join();
  }

  private static List<Integer> found(RunningSite on, Integer... ids) {
    return on
        .client()
        .transferRecords(List.of(ids).stream().map(UInt128::of).toList(), Consistency.LINEARIZABLE)
        .join()
        .value()
        .stream()
        .map(transfer -> (int) transfer.id().lo())
        .toList();
  }

  private RunningSite restored(List<String> from, int nodes, String name, String... moment)
      throws Exception {
    Path directory = work.resolve(name);
    List<String> options = new ArrayList<>(from);
    options.addAll(List.of("--dir", directory.toString(), "--local", Integer.toString(nodes)));
    options.addAll(List.of(moment));
    JsonNode told = json(options, "restore");
    assertThat(told.path("incidents")).as(name).isEmpty();
    return RunningSite.found(directory);
  }

  private static void prove(RunningSite on, PaymentLoad load) {
    assertThat(Proof.of(on.site(), load, on.client()).findings()).isEmpty();
  }

  @Test
  void a_site_is_backed_up_while_it_pays_restored_elsewhere_and_pays_on() throws Exception {
    done(List.of(), "backup", "key", "new", key.toString());
    done(inDirectory(), "backup", "init");
    done(inStore(), "backup", "init");
    backUp(site);
    for (int i = 1; i <= 2; i++) {
      site.client().account(Account.opening(UInt128.of(i), LEDGER, 1, 0)).join();
    }
    long seed = Seeds.next("backed-up");
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed))) {
      load.start();
      load.awaitAcknowledged(200, RunningSite.RESUMED);
      done(List.of("--dir", home.toString()), "backup", "run", "--repository-name", "main");
      done(List.of("--dir", home.toString()), "backup", "run", "--repository-name", "far");
      load.awaitAcknowledged(100, RunningSite.RESUMED);
      load.stop();
      Outcome.Answered moment = pay(site, 11);
      pay(site, 12);
      site.prove(load);
      awaitAll(site);
      done(List.of("--dir", home.toString()), "backup", "status");
      long lastOp = site.probe().view(site.leader()).orElseThrow().op();
      site.site().stop();

      done(inDirectory(), "backup", "verify");
      done(inStore(), "backup", "verify");
      JsonNode thatOp =
          json(inStore(), "restore", "--dry-run", "--to-op", Long.toString(moment.op()));
      assertThat(thatOp.path("op").asLong()).isEqualTo(moment.op());
      try (RunningSite then =
          restored(inDirectory(), 1, "to-time", "--to-time", Long.toString(moment.timestamp()))) {
        then.startAll();
        assertThat(found(then, 11, 12)).containsExactly(11);
        prove(then, load);
      }
      try (RunningSite again = restored(inBoth(), 3, "to-end")) {
        payOn(again, load, seed + 1);
      }
      assertBranches(load, lastOp);
    }
  }

  /** The restored site has all, pays, and is backed up into the same repositories. */
  private void payOn(RunningSite again, PaymentLoad before, long seed) throws Exception {
    backUp(again);
    prove(again, before);
    assertThat(found(again, 11, 12)).containsExactly(11, 12);
    try (PaymentLoad after = again.clientLoad(RunningSite.modest(seed))) {
      after.start();
      after.awaitAcknowledged(100, RunningSite.RESUMED);
      after.stop();
      pay(again, 13);
      again.prove(after);
    }
    awaitAll(again);
    again.site().stop();
  }

  private void assertBranches(PaymentLoad before, long lastOp) throws Exception {
    for (List<String> repository : List.of(inDirectory(), inStore())) {
      Set<String> branches = new TreeSet<>();
      json(repository, "backup", "list")
          .path("backups")
          .forEach(one -> branches.add(one.path("epoch").asText() + one.path("branch").asText()));
      assertThat(branches).hasSize(2);
    }
    HoldfastCommand refused = command(inStore(), "restore", "--dry-run");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.errors()).contains("branch-ambiguous");
    done(inStore(), "backup", "verify");

    assertThat(json(inDirectory(), "restore", "--dry-run", "--branch", "1").path("op").asLong())
        .isEqualTo(lastOp);
    try (RunningSite second = restored(inStore(), 1, "second", "--branch", "2")) {
      second.startAll();
      assertThat(found(second, 11, 12, 13)).containsExactly(11, 12, 13);
      prove(second, before);
    }
  }
}

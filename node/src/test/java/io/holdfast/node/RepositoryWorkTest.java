package io.holdfast.node;

import static io.holdfast.node.LocalNodes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.cluster.Site;
import io.holdfast.journal.Acts;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.vault.BackupManifest;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.MasterKeyFiles;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.Tails;
import io.holdfast.vault.Telling;
import io.holdfast.vault.Vault;
import io.holdfast.vault.Verify;
import io.holdfast.vault.VerifyResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The work for a real repository, of a node that runs alone. */
class RepositoryWorkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path temporary;

  private final Clock clock = new SystemClock();
  private final AtomicReference<@Nullable HoldfastException> fatal = new AtomicReference<>();
  private Path home = Path.of("");
  private Path keyFile = Path.of("");
  private RepositoryConfig config =
      RepositoryConfigs.main(
          Path.of("/"), Path.of("/"), true, RepositoryConfigs.NEVER, RepositoryConfigs.NEVER, null);
  private @Nullable Site running;
  private long paid;
  private long lastOp; // acknowledged; the journal may have it a moment later

  @BeforeEach
  void start() throws IOException {
    home = LocalNodes.site(temporary.resolve("site"), 1).resolve("n1");
    keyFile = temporary.resolve("vault.key");
    MasterKeyFiles.create(keyFile);
    config =
        RepositoryConfigs.main(
            temporary.resolve("repository"),
            keyFile,
            true,
            RepositoryConfigs.NEVER,
            RepositoryConfigs.NEVER,
            null);
    Vault.create(Repositories.create(config.where()), new MasterKey.KeyFile(keyFile)).close();
    Site site =
        Site.start(
            NodeConfig.read(home.resolve("holdfast.yaml"), Map.of(), Map.of()).site(),
            clock,
            fatal::set);
    running = site;
    site.submit(
            Request.ofAccounts(
                List.of(
                    Account.opening(UInt128.of(1), 1, 1, 0),
                    Account.opening(UInt128.of(2), 1, 1, 0))),
            PATIENCE)
        .join();
  }

  @AfterEach
  void stop() {
    site().close();
    assertThat(fatal.get()).isNull();
  }

  private Site site() {
    Site site = running;
    if (site == null) {
      throw new IllegalStateException("it does not run");
    }
    return site;
  }

  private void pay() {
    Transfer payment = Transfer.payment(UInt128.of(++paid), UInt128.of(1), UInt128.of(2), 1, 1, 1);
    lastOp = site().submit(Request.ofTransfers(List.of(payment)), PATIENCE).join().op();
  }

  private RepositoryWork work() {
    RepositoryProgress progress =
        new RepositoryProgress(
            config, () -> site().journal().lastOp(), () -> site().timeNanos(), clock);
    return new RepositoryWork(
        config,
        new HotSource(site(), home),
        new DutyWatch(() -> site().view(), config.name(), clock),
        progress,
        Acts.NONE,
        clock);
  }

  private void awaitAll(RepositoryWork work) throws Exception {
    await("the repository has all", () -> work.progress().status().lastOp() >= lastOp);
  }

  @Test
  void two_that_work_for_one_repository_at_once_contradict_each_other_in_nothing()
      throws Exception {
    try (RepositoryWork one = work();
        RepositoryWork other = work()) {
      one.start();
      other.start();
      pay();
      for (RepositoryWork each : List.of(one, other)) {
        await("it streams", () -> each.progress().status().state().equals("streams"));
      }
      for (int round = 0; round < 3; round++) {
        pay();
        long first = one.ask("test");
        long second = other.ask("test");
        pay();
        await("one is done", () -> one.progress().status().run().ended() >= first);
        await("the other is done", () -> other.progress().status().run().ended() >= second);
        assertThat(one.progress().status().run().outcome()).isEqualTo("done");
        assertThat(other.progress().status().run().outcome()).isEqualTo("done");
      }
      pay();
      awaitAll(one);
      awaitAll(other);
    }
    try (Vault vault = RepositoryActs.open(config)) {
      Manifests.All all = Manifests.all(vault);
      assertThat(all.faults()).isEmpty();
      assertThat(all.backups()).hasSizeGreaterThanOrEqualTo(6);
      BackupManifest first = all.backups().getFirst().manifest();
      Tails tails = new Tails(vault, UInt128.parseId(first.ledgerId()));
      assertThat(tails.follow(first.lastOp(), tail -> true)).isEqualTo(lastOp);
      VerifyResult found =
          Verify.run(vault, List.of(), new Verify.Mode.Whole(), clock, Telling.NONE);
      assertThat(found.findings()).isEmpty();
    }
  }

  @Test
  void a_key_file_that_goes_while_the_node_runs_stops_nothing_and_is_found() throws Exception {
    OpenVault vault = new OpenVault(() -> RepositoryActs.open(config));
    RepositoryActs acts = new RepositoryActs(config, vault, clock);
    acts.tryKey();
    try (RepositoryWork work = work()) {
      work.start();
      pay();
      await("it streams", () -> work.progress().status().state().equals("streams"));
      awaitAll(work);
      Files.delete(keyFile);
      assertThat(catchThrowableOfType(HoldfastException.class, acts::tryKey).code())
          .isEqualTo("key-file-missing");
      pay();
      awaitAll(work);
      assertThat(work.declines()).isFalse();
    }
  }

  @Test
  void what_was_committed_while_the_repository_was_away_is_in_it_when_it_is_back()
      throws Exception {
    Path root = temporary.resolve("repository");
    Path away = temporary.resolve("away");
    try (RepositoryWork work = work()) {
      work.start();
      pay();
      await("it streams", () -> work.progress().status().state().equals("streams"));
      Files.move(root, away);
      pay();
      await("it fails", () -> work.progress().status().state().equals("fails"));
      await("it would be left to others", work::declines);
      assertThat(work.incidents()).anyMatch(words -> words.startsWith("repository-declined: "));
      Files.move(away, root);
      awaitAll(work);
      assertThat(work.declines()).isFalse();
      assertThat(work.incidents()).isEmpty();
    }
  }
}

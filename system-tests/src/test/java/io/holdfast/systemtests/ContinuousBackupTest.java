package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.holdfast.drill.AdminClient;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import io.holdfast.journal.SegmentPiece;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.BackupManifest;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.MasterKeyFiles;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.RepositoryLocation;
import io.holdfast.vault.Tail;
import io.holdfast.vault.Tails;
import io.holdfast.vault.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two repositories of a running site: what is committed is in them within two seconds, whatever
 * happens to the other one or to the node that does it, and nothing is missing or there twice.
 */
class ContinuousBackupTest {
  private static final double RPO_SECONDS = 2;
  private static final Duration WATCHED = Duration.ofSeconds(3);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final RunningSite site = RunningSite.prepared("continuous-backup", 3);
  private final Path directory = site.site().directory();
  private final Path main = directory.resolve("backup-main");
  private final Path other = directory.resolve("backup-other");
  private final Path keyFile = directory.resolve("vault.key");
  private long paidUpTo;

  @BeforeEach
  void start() throws IOException {
    MasterKeyFiles.create(keyFile);
    for (Path repository : List.of(main, other)) {
      Vault.create(Repositories.create(location(repository)), new MasterKey.KeyFile(keyFile))
          .close();
    }
    for (NodeProcess node : site.nodes()) {
      Files.writeString(
          node.directory().resolve("holdfast.yaml"),
          """

          journal:
            segment-bytes: 256KiB
          vault:
            repositories:
              main: {location: 'file:%s', key-file: '%s', schedule: none, rpo-bound: 3s}
              other: {location: 'file:%s', key-file: '%s', schedule: none, rpo-bound: 3s}
          """
              .formatted(main, keyFile, other, keyFile),
          StandardOpenOption.APPEND);
    }
    site.startAll();
  }

  @AfterEach
  void killAll() {
    site.close();
  }

  private static RepositoryLocation location(Path repository) {
    return RepositoryLocation.parse("file:" + repository);
  }

  @Test
  void what_is_committed_is_in_the_repositories_within_two_seconds_whatever_happens()
      throws Exception {
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(Seeds.next("backup")))) {
      load.start();
      awaitStream("main");
      Deadline.await(
          "a follower does it, while there is one",
          RunningSite.SOON,
          () -> awaitStream("main") != site.leader());
      awaitStream("other");
      assertThat(worstRpo("main")).isBetween(0.0, RPO_SECONDS);

      Path away = directory.resolve("backup-away");
      Files.move(other, away);
      Deadline.await(
          "the other one fails and is late",
          RunningSite.SOON,
          () ->
              site.nodes().stream()
                  .anyMatch(
                      node ->
                          repository(node, "other").path("state").asText().equals("fails")
                              && status(node).contains("backup-late: repository other")));
      assertThat(worstRpo("main")).as("the other one is away").isBetween(0.0, RPO_SECONDS);
      load.awaitAcknowledged(100, RunningSite.RESUMED);
      Files.move(away, other);
      NodeProcess last = awaitStream("other"); // has caught up

      last.kill9();
      assertThat(awaitStream("main")).as("another goes on").isNotEqualTo(last);
      awaitStream("other");
      load.awaitAcknowledged(100, RunningSite.RESUMED);
      site.site().restart(last);
      site.awaitWhole();

      awaitStream("main");
      HoldfastCommand taken = backup("run", "--repository-name", "main");
      assertThat(taken.exitCode()).as(taken.errors()).isZero();
      assertThat(taken.output()).contains("by node n", "up to op ");
      HoldfastCommand told = backup("status");
      assertThat(told.exitCode()).as(told.output()).isZero();
      assertThat(told.output()).contains("main", "other", "streams");
      assertThat(worstRpo("main")).as("after a backup").isBetween(0.0, RPO_SECONDS);

      load.stop();
      site.prove(load);
      paidUpTo = site.probe().view(site.leader()).orElseThrow().op();
      awaitAll("main");
      awaitAll("other");
    }
    Path journal = site.nodes().getFirst().directory().resolve("journal");
    site.site().stop();
    assertThat(assertWhole(main, journal)).as("backups of main").isGreaterThanOrEqualTo(2);
    assertThat(assertWhole(other, journal)).as("backups of other").isPositive();
  }

  private HoldfastCommand backup(String what, String... options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("backup", what));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("--dir", directory.toString()));
    return HoldfastCommand.run(directory.resolve("commands"), arguments);
  }

  /** The node that streams to a repository, once it does and is near. */
  private NodeProcess awaitStream(String name) {
    NodeProcess[] found = new NodeProcess[1];
    Deadline.await(
        "a node streams to " + name,
        RunningSite.RESUMED,
        () -> {
          for (NodeProcess node : site.nodes()) {
            if (node.isAlive() && isNear(node, name)) {
              found[0] = node;
              return true;
            }
          }
          return false;
        });
    return found[0];
  }

  private static boolean isNear(NodeProcess node, String name) {
    JsonNode repository = repository(node, name);
    double rpo = repository.path("rpo_seconds").asDouble(-1);
    return repository.path("state").asText().equals("streams") && rpo >= 0 && rpo <= RPO_SECONDS;
  }

  private static JsonNode repository(NodeProcess node, String name) {
    try {
      for (JsonNode one :
          new AdminClient(node.address().admin()).backup(RunningSite.SOON).path("repositories")) {
        if (one.path("name").asText().equals(name)) {
          return one;
        }
      }
    } catch (HoldfastException e) {
      // It starts, or is gone.
    }
    return MissingNode.getInstance();
  }

  private static String status(NodeProcess node) {
    return new AdminClient(node.address().admin()).status(RunningSite.SOON).toString();
  }

  /** The worst that is seen for a while, of what any node says; -1 when nobody streams. */
  private double worstRpo(String name) {
    double worst = -1;
    Deadline until = Deadline.in(WATCHED);
    while (!until.passed()) {
      for (NodeProcess node : site.nodes()) {
        worst = Math.max(worst, repository(node, name).path("rpo_seconds").asDouble(-1));
      }
      Deadline.letPass(LOOK);
    }
    Printed.line(String.format(Locale.ROOT, "worst RPO of %s: %.2f s", name, worst));
    return worst;
  }

  private void awaitAll(String name) {
    Deadline.await(
        "the repository " + name + " has all",
        RunningSite.SOON,
        () ->
            site.nodes().stream()
                .map(node -> repository(node, name))
                .anyMatch(one -> one.path("last_op").asLong() >= paidUpTo));
  }

  /**
   * The tails after a backup are the journal, byte for byte, each op once, up to all that was paid:
   * after the newest one, or one before it where two nodes took one at once. Returns how many
   * backups there are.
   */
  private int assertWhole(Path repository, Path journal) throws Exception {
    try (Vault vault =
        Vault.open(Repositories.open(location(repository)), new MasterKey.KeyFile(keyFile))) {
      Manifests.All all = Manifests.all(vault);
      assertThat(all.faults()).isEmpty();
      BackupManifest first = all.backups().getFirst().manifest();
      Tails tails = new Tails(vault, UInt128.parseId(first.ledgerId()));
      long reached = 0;
      for (Manifests.Named backup : all.backups()) {
        long followed =
            tails.follow(
                backup.manifest().lastOp(),
                tail -> {
                  assertOfJournal(tail, journal);
                  return true;
                });
        reached = Math.max(reached, followed);
      }
      assertThat(reached).as("what was paid").isGreaterThanOrEqualTo(paidUpTo);
      return all.backups().size();
    }
  }

  private static void assertOfJournal(Tail tail, Path journal) {
    try {
      for (SegmentPiece piece : tail.pieces()) {
        byte[] file =
            Files.readAllBytes(
                journal.resolve(
                    String.format(Locale.ROOT, "%020d.segment", piece.segmentFirstOp())));
        int from = (int) piece.offset();
        byte[] stretch = Arrays.copyOfRange(file, from, from + (int) piece.sizeBytes());
        assertThat(MessageDigest.getInstance("SHA-256").digest(stretch))
            .as("ops %d to %d", piece.firstOp(), piece.lastOp())
            .isEqualTo(piece.sha256());
      }
    } catch (IOException | java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

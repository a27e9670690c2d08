package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.AdminClient;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A node process whose past is another one than that of the others, while payments go on. Nothing
 * on its disk is damaged.
 */
class DivergedNodeTest {
  /** Each round of fetching takes the segment that is written anew, while payments go on. */
  private static final Duration REBUILT = Duration.ofMinutes(5);

  private static final int GENERATION_EVENTS = 16_384;

  /** Two or three fill a generation; a checkpoint falls on every fourth. */
  private static final int BULK_REQUESTS = 14;

  private static final int LEDGER = 840;

  /** An amount that stands nowhere else by chance. */
  private static final long TELLTALE = 0x5EED_0BAD_F00DL;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final RunningSite site = RunningSite.prepared("diverged", 3);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final long run = System.nanoTime();
  private long answersBefore;
  private long refusals;

  @AfterEach
  void killAll() {
    site.close();
    http.close();
  }

  @Test
  void it_is_named_stops_answering_keeps_its_files_and_has_those_of_the_others_again()
      throws Exception {
    for (NodeProcess node : site.nodes()) {
      node.launch(
          node.launch()
              .withSettings(
                  "ledger.generation-events=" + GENERATION_EVENTS, "consensus.log-generations=64"));
    }
    site.startAll();
    long seed = Seeds.next("diverged");
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed))) {
      load.start();
      payTelltale();
      BulkPayer bulk = new BulkPayer(site.client());
      for (int i = 0; i < BULK_REQUESTS; i++) {
        bulk.payOnce();
      }
      NodeProcess odd = site.follower();
      Deadline.await("a checkpoint", RunningSite.SOON, () -> hasCheckpoint(odd));
      odd.stop(RunningSite.SOON);
      long checkpointOp = AlteredJournal.write(odd.directory(), GENERATION_EVENTS, TELLTALE);
      HoldfastCommand verified = command("journal", "verify", odd.directory().toString());
      assertThat(verified.exitCode()).as("no checksum is wrong: %s", verified.errors()).isZero();

      long began = System.nanoTime();
      site.site().restart(odd);
      Deadline.await(
          "it is caught",
          RunningSite.READY,
          () -> {
            lookAtAnswer(odd);
            return isCaught(odd) || (bulk.payOnce() && isCaught(odd)); // for further checkpoints
          });
      Deadline.await(
          "it is rebuilt",
          REBUILT,
          () -> {
            lookAtAnswer(odd);
            return !isNoted(odd);
          });
      site.probe().awaitCaughtUp(odd, RunningSite.READY);
      Printed.line(
          "a diverged node was rebuilt after %d ms; %d answers before it was noted, %d refused"
              .formatted((System.nanoTime() - began) / 1_000_000, answersBefore, refusals));

      assertThat(odd.output())
          .content()
          .contains(
              "this node has another state at op",
              "replica-diverged",
              "starting again",
              "what differed is kept in diverged/",
              "seeded");
      assertThat(command("log", "show", odd.directory().toString()).output())
          .containsPattern("node-halted.*replica-diverged");
      assertThat(recordedByOthers(odd))
          .containsPattern(
              "incident-began.*replica-diverged.*" + odd.name() + " has another state");
      Path kept = Objects.requireNonNull(evidence(odd));
      assertThat(
              command(
                  "journal", "verify", kept.resolve("journal").toString(), "--data-key", key(odd)))
          .satisfies(still -> assertThat(still.exitCode()).as(still.errors()).isZero());
      assertThat(names(kept.resolve("checkpoints")))
          .as("it went on from the checkpoint of op %d", checkpointOp)
          .isNotEmpty();

      assertThat(site.members()).hasSize(3).contains(odd.name());
      assertThat(telltaleAt(odd)).isEqualTo(TELLTALE);
      NodeProcess leader = site.leader();
      leader.kill9();
      load.awaitAcknowledged(100, RunningSite.RESUMED); // it counts again
      site.site().restart(leader);
      site.awaitWhole();
      site.prove(load);
      bulk.assertNothingLost();
      Deadline.await(
          "nobody complains any more",
          RunningSite.SOON,
          () ->
              site.nodes().stream()
                  .map(node -> new AdminClient(node.address().admin()).status(RunningSite.SOON))
                  .noneMatch(status -> status.path("incidents").toString().contains("diverged")));
    }
  }

  /** What the logs of the other nodes have; while all is well again quickly, not each need. */
  private String recordedByOthers(NodeProcess odd) throws IOException, InterruptedException {
    StringBuilder recorded = new StringBuilder();
    for (NodeProcess other : site.nodes()) {
      if (other != odd) {
        recorded.append(command("log", "show", other.directory().toString()).output());
      }
    }
    return recorded.toString();
  }

  private UInt128 account(int number) {
    return new UInt128(run, number);
  }

  private void payTelltale() {
    site.client()
        .submit(
            Request.ofAccounts(
                List.of(
                    Account.opening(account(1), LEDGER, 1, 0),
                    Account.opening(account(2), LEDGER, 1, 0))),
            RunningSite.SOON)
        .join();
    assertThat(
            site.client()
                .submit(
                    Request.ofTransfers(
                        List.of(
                            Transfer.payment(
                                account(3), account(1), account(2), TELLTALE, LEDGER, 1))),
                    RunningSite.SOON)
                .join()
                .transferStatus(0)
                .isSuccess())
        .isTrue();
  }

  /** What was paid, as this node alone has it. */
  private long telltaleAt(NodeProcess node) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(balance(node), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Matcher paid = Pattern.compile("\"credits_posted\":\"?(\\d+)").matcher(answer.body());
    assertThat(paid.find()).as(answer.body()).isTrue();
    return Long.parseLong(paid.group(1));
  }

  private HttpRequest balance(NodeProcess node) {
    URI account =
        node.address()
            .rest()
            .resolve("/v1/accounts/" + account(2).toId() + "?consistency=stale-ok");
    return HttpRequest.newBuilder(account).timeout(PATIENCE).build();
  }

  /** Once it is noted that this node is the odd one, it answers nobody until it is rebuilt. */
  private void lookAtAnswer(NodeProcess odd) {
    boolean noted = isNoted(odd);
    try {
      boolean answered = http.send(balance(odd), BodyHandlers.ofString()).statusCode() == 200;
      boolean stillNoted = isNoted(odd);
      assertThat(noted && answered && stillNoted).as("it answers though it differs").isFalse();
      answersBefore += answered && !noted && evidence(odd) == null ? 1 : 0;
      refusals += noted && !answered ? 1 : 0;
    } catch (IOException e) {
      refusals += noted ? 1 : 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isCaught(NodeProcess node) {
    return isNoted(node) || evidence(node) != null;
  }

  private static boolean isNoted(NodeProcess node) {
    return Files.exists(node.directory().resolve("diverged.json"));
  }

  private static @Nullable Path evidence(NodeProcess node) {
    List<String> kept = names(node.directory().resolve("diverged"));
    return kept.isEmpty() ? null : node.directory().resolve("diverged").resolve(kept.getFirst());
  }

  private static boolean hasCheckpoint(NodeProcess node) {
    return names(node.directory().resolve("checkpoints")).stream()
        .anyMatch(name -> name.endsWith(".checkpoint"));
  }

  private static List<String> names(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String key(NodeProcess node) {
    return node.directory().resolve("keys").resolve("data.key").toString();
  }

  private HoldfastCommand command(String... arguments) throws IOException, InterruptedException {
    return HoldfastCommand.run(site.site().directory().resolve("commands"), List.of(arguments));
  }
}

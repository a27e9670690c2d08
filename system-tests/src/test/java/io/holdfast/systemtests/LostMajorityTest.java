package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import io.holdfast.drill.Proof;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two of three nodes dead: no answers rather than wrong ones, said clearly. */
class LostMajorityTest {
  private static final Duration RESUMED = RunningSite.RESUMED;

  private final RunningSite site = RunningSite.prepared("majority", 3);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeEach
  void start() {
    site.startAll();
  }

  @AfterEach
  void killAll() {
    site.close();
    http.close();
  }

  @Test
  void a_lone_survivor_answers_nothing_and_says_why_until_one_returns() throws Exception {
    long seed = Seeds.next("lost majority");
    try (PaymentLoad load =
        site.clientLoad(RunningSite.modest(seed).withDeadline(Duration.ofSeconds(2)))) {
      load.start();
      load.awaitAcknowledged(200, RESUMED);
      NodeProcess survivor = site.follower();
      for (NodeProcess node : site.nodes()) {
        if (node != survivor) {
          node.kill9();
        }
      }
      Deadline.await(
          "not ready", RESUMED, () -> get(survivor, "/health/ready").statusCode() == 503);
      long before = load.acknowledged();

      assertThat(get(survivor, "/health/live").statusCode()).isEqualTo(200);
      assertThat(get(survivor, "/health/leader").statusCode()).isEqualTo(503);
      refusedClearly(pay(survivor, load));
      HttpResponse<String> read = get(survivor, "/v1/accounts/1");
      assertThat(read.statusCode()).isEqualTo(503);
      assertThat(problem(read).path("code").asText()).isIn("unavailable", "no-leader");
      assertThat(load.acknowledged()).as("payments acknowledged by a minority").isEqualTo(before);

      NodeProcess returning =
          site.nodes().stream().filter(node -> !node.isAlive()).findFirst().orElseThrow();
      site.site().restart(returning);
      load.awaitAcknowledged(200, RunningSite.READY);
      site.awaitWhole();
      Proof proof = site.prove(load);
      assertThat(proof.verdict().unknown() + proof.verdict().notTaken()).isPositive();
    }
  }

  private static void refusedClearly(HttpResponse<String> answer) throws Exception {
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    JsonNode problem = problem(answer);
    if (answer.statusCode() == 504) {
      assertThat(problem.path("code").asText()).isEqualTo("outcome-unknown");
      assertThat(problem.toString()).contains("same ids");
    } else {
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(problem.path("code").asText()).isEqualTo("no-leader");
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }
  }

  private HttpResponse<String> pay(NodeProcess node, PaymentLoad load) throws Exception {
    String json =
        """
        [{"id":"%s","debit_account_id":"%s","credit_account_id":"%s","amount":"1",\
        "ledger":978,"code":1}]"""
            .formatted(
                load.plan().payment(4_000, 1).toId(),
                load.plan().payment(4_000, 2).toId(), // accounts that the load knows nothing of
                load.plan().payment(4_000, 3).toId());
    return http.send(
        HttpRequest.newBuilder(node.address().rest().resolve("/v1/transfers"))
            .header("Content-Type", "application/json")
            .header("Holdfast-Timeout-Millis", "1500")
            .timeout(Duration.ofSeconds(10))
            .POST(BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(NodeProcess node, String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(node.address().rest().resolve(path))
              .header("Holdfast-Timeout-Millis", "1500")
              .timeout(Duration.ofSeconds(10))
              .build(),
          BodyHandlers.ofString());
    } catch (java.io.IOException | InterruptedException e) {
      throw new AssertionError("no answer from " + node.name() + path, e);
    }
  }

  private static JsonNode problem(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }
}

package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.Outcome;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.OutageMeter;
import io.holdfast.drill.PaymentLoad;
import io.holdfast.drill.RestDoor;
import io.holdfast.drill.SiteProbe.NodeView;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Transfer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A leader that hangs and wakes again believes for a moment that it still leads. It must neither
 * acknowledge nor show anything from that moment.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HungLeaderTest {
  private static final Duration RESUMED = RunningSite.RESUMED;

  private final RunningSite site = RunningSite.prepared("hung", 3);

  @BeforeAll
  void start() {
    site.startAll();
  }

  @AfterAll
  void killAll() {
    site.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 30})
  void a_hung_leader_comes_back_as_follower_and_nothing_acknowledged_is_missing(int seconds) {
    long seed = Seeds.next("hung leader");
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed))) {
      load.start();
      load.awaitAcknowledged(300, RESUMED);
      NodeProcess former = site.leader();
      long hungAt = System.nanoTime();
      former.hang();
      load.awaitAcknowledged(100, RESUMED);
      Duration left = Duration.ofSeconds(seconds).minusNanos(System.nanoTime() - hungAt);
      Deadline.letPass(left);
      NodeProcess leader = site.leader();
      assertThat(leader.name()).isNotEqualTo(former.name());
      CompletableFuture<String> read = readFromTheHung(former, load);
      former.resume();

      assertThat(read.join()).isIn("shown", "no answer");
      site.awaitWhole();
      NodeView view = site.probe().view(former).orElseThrow();
      assertThat(view.leads()).isFalse();
      load.awaitAcknowledged(100, RESUMED);
      long until = System.nanoTime();
      site.prove(load);
      Printed.line(
          "leader hung for %d s: outage as a client saw it %.0f ms"
              .formatted(seconds, new OutageMeter(load).clientOutageMillis(hungAt, until)));
    }
  }

  /**
   * Pays, then asks the hung node for that payment: it reads the question when it wakes, as the
   * first thing that it does, and must not say that there is no such payment.
   */
  private CompletableFuture<String> readFromTheHung(NodeProcess hung, PaymentLoad load) {
    UInt128 id = load.plan().payment(4_000, 1);
    UInt128 debit = load.plan().payment(4_000, 2); // accounts that the load knows nothing of
    UInt128 credit = load.plan().payment(4_000, 3);
    for (UInt128 account : List.of(debit, credit)) {
      assertThat(site.client().account(Account.opening(account, 978, 1, 0)).join())
          .isInstanceOf(Outcome.Answered.class);
    }
    assertThat(site.client().transfer(Transfer.payment(id, debit, credit, 1, 978, 1)).join())
        .isInstanceOf(Outcome.Answered.class);
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (RestDoor door = new RestDoor(List.of(hung.address().rest()))) {
                boolean shown = !door.lookUp(0, List.of(id), Duration.ofSeconds(10)).isEmpty();
                answer.complete(shown ? "shown" : "stale: an acknowledged payment is not shown");
              } catch (HoldfastException e) {
                answer.complete("no answer");
              }
            });
    return answer;
  }
}

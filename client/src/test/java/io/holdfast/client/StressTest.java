package io.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.FakeGateway.Reaction;
import io.holdfast.client.FakeGateway.Received;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StressTest {
  private static final int THREADS = 8;
  private static final int EACH = 1_500;
  private static final int OUTSTANDING = 8;

  private final FakeLedger ledger = new FakeLedger();
  private final long seed = Long.getLong("holdfast.test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** One in ten requests goes wrong in some way, before or after the ledger has it. */
  private Reaction moody(Received received) {
    int mood;
    synchronized (random) {
      mood = random.nextInt(100);
    }
    return switch (mood) {
      case 0, 1 -> new Reaction.Reset();
      case 2, 3 -> {
        assertThat(ledger.judge(received)).isNotNull();
        yield new Reaction.Reset();
      }
      case 4 -> FakeGateway.problem(503, "no-leader");
      case 5 -> FakeGateway.problem(504, "outcome-unknown");
      case 6 -> {
        assertThat(ledger.judge(received)).isNotNull();
        yield FakeGateway.problem(500, "internal");
      }
      case 7 -> new Reaction.Hang(ledger::judge);
      case 8 -> new Reaction.Garbage();
      default -> ledger.judge(received);
    };
  }

  @Test
  void among_failing_gateways_each_payment_has_exactly_one_outcome_and_none_is_doubled()
      throws Exception {
    Map<UInt128, AtomicInteger> told = new ConcurrentHashMap<>();
    Map<UInt128, Outcome> outcomes = new ConcurrentHashMap<>();
    List<FakeGateway> gateways = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      gateways.add(new FakeGateway(this::moody).leads(i == 0));
    }
    try (HoldfastClient client =
        HoldfastClient.builder()
            .gateways(gateways.stream().map(FakeGateway::address).toList())
            .attemptTimeout(Duration.ofMillis(50))
            .deadline(Duration.ofSeconds(30))
            .build()) {
      CountDownLatch done = new CountDownLatch(THREADS * EACH);
      for (int t = 0; t < THREADS; t++) {
        int thread = t;
        Thread.ofVirtual()
            .start(
                () -> {
                  Semaphore window = new Semaphore(OUTSTANDING);
                  for (int i = 0; i < EACH; i++) {
                    window.acquireUninterruptibly();
                    Transfer transfer = HoldfastClientTest.payment(1 + thread * EACH + i);
                    var _ =
                        client
                            .transfer(transfer)
                            .whenComplete(
                                (outcome, failure) -> {
                                  outcomes.put(transfer.id(), outcome);
                                  told.computeIfAbsent(transfer.id(), id -> new AtomicInteger())
                                      .incrementAndGet();
                                  window.release();
                                  done.countDown();
                                });
                  }
                });
      }
      done.await();
    } finally {
      for (FakeGateway gateway : gateways) {
        gateway.close();
      }
    }
    assertThat(told).as("seed " + seed).hasSize(THREADS * EACH);
    assertThat(told.values()).as("seed " + seed).allMatch(times -> times.get() == 1);
    assertThat(outcomes.values()).as("seed " + seed).allMatch(o -> o instanceof Outcome.Answered);
    assertThat(outcomes.keySet()).as("seed " + seed).allMatch(ledger::has);
    assertThat(ledger.count()).as("seed " + seed).isEqualTo(THREADS * EACH);
    assertThat(outcomes.values().stream().map(o -> ((Outcome.Answered) o).timestamp()).distinct())
        .as("each answer is its own, seed " + seed)
        .hasSize(THREADS * EACH);
  }
}

package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.cluster.Waiting.Origin;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IngressQueueTest {
  private final IngressQueue queue = new IngressQueue(10_000, 4_000_000);

  @Test
  void what_waits_is_collected_in_order_up_to_a_batch() {
    List<Waiting> sent =
        List.of(waiting(1, 4_000), waiting(2, 4_000), waiting(3, 1_000), waiting(4, 1));
    sent.forEach(queue::offer);

    assertThat(queue.collect()).isEqualTo(sent.subList(0, 2));
    assertThat(queue.collect()).isEqualTo(sent.subList(2, 4));
    assertThat(queue.collect()).isEmpty();
    assertThat(queue.events()).isZero();
  }

  @Test
  void the_largest_request_fits_a_batch_alone() {
    Waiting largest = waiting(1, Limits.REQUEST_EVENTS_MAX);
    queue.offer(largest);

    assertThat(queue.collect()).containsExactly(largest);
  }

  @Test
  void a_full_queue_pushes_back_with_what_it_holds() {
    queue.offer(waiting(1, 8_000));

    assertThatThrownBy(() -> queue.offer(waiting(2, 8_000)))
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("overloaded");
              assertThat(e.message()).contains("8000 events wait").contains("10000");
            });
  }

  @Test
  void a_pulse_travels_alone() {
    Waiting first = waiting(1, 1);
    Waiting pulse = new Waiting(new Origin(1, 2), Request.pulse(), Long.MAX_VALUE);
    Waiting last = waiting(3, 1);
    queue.offer(first);
    queue.offer(pulse);
    queue.offer(last);

    assertThat(queue.collect()).containsExactly(first);
    assertThat(queue.collect()).containsExactly(pulse);
    assertThat(queue.collect()).containsExactly(last);
  }

  @Test
  void what_is_put_back_comes_first_and_what_was_answered_meanwhile_not_at_all() {
    Waiting first = waiting(1, 1);
    Waiting second = waiting(2, 1);
    Waiting third = waiting(3, 1);
    queue.offer(third);
    second.answer().complete(new Reply(1, new byte[16]));
    queue.putBack(List.of(first, second));

    assertThat(queue.collect()).containsExactly(first, third);
  }

  @Test
  void with_nothing_on_its_way_one_request_goes_at_once() throws InterruptedException {
    queue.offer(waiting(1, 1));

    assertThat(queue.awaitRipe(() -> 0, 4, 0)).isTrue();
  }

  @Test
  void behind_a_batch_a_small_one_waits_for_company_but_not_for_long() throws InterruptedException {
    queue.offer(waiting(1, 1));

    assertThat(queue.awaitRipe(() -> 1, 4, 0)).isFalse();
    assertThat(queue.awaitRipe(() -> 1, 4, 10_000)).isTrue();
  }

  @Test
  void behind_a_batch_a_large_one_goes_at_once_unless_too_many_are_on_their_way()
      throws InterruptedException {
    queue.offer(waiting(1, 4_000));

    assertThat(queue.awaitRipe(() -> 3, 4, 0)).isTrue();
    assertThat(queue.awaitRipe(() -> 4, 4, 5)).isFalse();
  }

  @Test
  void what_waits_goes_as_soon_as_the_batch_before_it_is_answered() throws InterruptedException {
    AtomicInteger inFlight = new AtomicInteger(4);
    queue.offer(waiting(1, 1));
    Thread answers =
        Thread.startVirtualThread(
            () -> {
              inFlight.decrementAndGet();
              queue.wake();
            });

    assertThat(queue.awaitRipe(inFlight::get, 4, 10_000)).isTrue();
    answers.join();
  }

  private static Waiting waiting(long sequence, int events) {
    List<Account> accounts =
        IntStream.rangeClosed(1, events)
            .mapToObj(i -> Account.opening(UInt128.of(i), 1, 1, 0))
            .toList();
    return new Waiting(new Origin(1, sequence), Request.ofAccounts(accounts), Long.MAX_VALUE);
  }
}

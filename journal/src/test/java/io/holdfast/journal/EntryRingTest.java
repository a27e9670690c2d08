package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EntryRingTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Test
  void what_goes_in_comes_out_in_order_whatever_its_size() {
    EntryRing ring = new EntryRing(4_096);
    int entries = 20_000;
    CompletableFuture<Integer> taken =
        CompletableFuture.supplyAsync(
            () -> {
              Random sizes = new Random(1);
              for (int i = 0; i < entries; i++) {
                int length = 1 + sizes.nextInt(1_500);
                int at = ring.take(10 * SECOND);
                if (at < 0 || ring.length() != length) {
                  return i;
                }
                for (int b = 0; b < length; b++) {
                  if (ring.bytes()[at + b] != (byte) i) {
                    return i;
                  }
                }
                ring.release();
              }
              return entries;
            });
    Random sizes = new Random(1);
    for (int i = 0; i < entries; i++) {
      int length = 1 + sizes.nextInt(1_500);
      int at = ring.claim(length + (i % 3 == 0 ? 200 : 0));
      Arrays.fill(ring.bytes(), at, at + length, (byte) i);
      ring.publish(length);
    }
    assertThat(taken.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(entries);
    assertThat(ring.isEmpty()).isTrue();
  }

  @Test
  void a_giver_that_waits_for_room_is_told_when_nobody_takes_any_more() {
    EntryRing ring = new EntryRing(1_024);
    ring.claim(900);
    ring.publish(900);
    CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> ring.claim(900));
    ring.fail(new IllegalStateException("the disk is gone"));
    assertThatThrownBy(() -> waiting.orTimeout(10, TimeUnit.SECONDS).join())
        .hasRootCauseMessage("the disk is gone");
  }

  @Test
  void it_is_done_when_it_is_closed_and_empty() {
    EntryRing ring = new EntryRing(1_024);
    ring.claim(10);
    ring.publish(10);
    ring.close();
    assertThat(ring.isDone()).isFalse();
    assertThat(ring.take(SECOND)).isNotNegative();
    ring.release();
    assertThat(ring.isDone()).isTrue();
    assertThat(ring.take(SECOND)).isNegative();
  }
}

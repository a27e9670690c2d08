package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReadBarrierTest {
  private final List<CompletableFuture<Void>> asked = new ArrayList<>();
  private final ReadBarrier barrier =
      new ReadBarrier(
          () -> {
            CompletableFuture<Void> question = new CompletableFuture<>();
            asked.add(question);
            return question;
          },
          Runnable::run);

  @Test
  void readers_that_come_while_a_question_is_under_way_share_the_next_one() {
    CompletableFuture<Void> first = barrier.pass();
    CompletableFuture<Void> second = barrier.pass();
    CompletableFuture<Void> third = barrier.pass();
    assertThat(asked).hasSize(1);

    asked.get(0).complete(null);
    assertPasses(first);
    assertThat(second).isNotDone();
    assertThat(asked).hasSize(2);

    asked.get(1).complete(null);
    assertPasses(second);
    assertPasses(third);
    assertThat(asked).hasSize(2);
  }

  @Test
  void a_reader_never_uses_a_question_that_was_asked_before_it_came() {
    barrier.pass();
    asked.get(0).complete(null);

    barrier.pass();

    assertThat(asked).hasSize(2);
  }

  @Test
  void a_failed_question_fails_its_readers_and_not_the_next() {
    CompletableFuture<Void> first = barrier.pass();
    CompletableFuture<Void> second = barrier.pass();

    asked.get(0).completeExceptionally(new IllegalStateException("no leader"));
    asked.get(1).complete(null);

    assertThat(first).isCompletedExceptionally();
    assertPasses(second);
  }

  @Test
  void the_next_question_is_never_asked_on_the_thread_that_brings_an_answer() {
    List<Runnable> handedOver = new ArrayList<>();
    ReadBarrier apart =
        new ReadBarrier(
            () -> {
              CompletableFuture<Void> question = new CompletableFuture<>();
              asked.add(question);
              return question;
            },
            handedOver::add);
    apart.pass();
    handedOver.removeFirst().run();
    CompletableFuture<Void> second = apart.pass();

    asked.get(0).complete(null);
    assertThat(asked).hasSize(1);

    handedOver.removeFirst().run();
    asked.get(1).complete(null);
    assertPasses(second);
  }

  private static void assertPasses(CompletableFuture<Void> reader) {
    assertThat(reader.orTimeout(5, TimeUnit.SECONDS).handle((v, e) -> e).join()).isNull();
  }
}

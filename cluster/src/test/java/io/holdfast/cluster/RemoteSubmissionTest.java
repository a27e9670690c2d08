package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cluster.RemoteSubmission.Outcome;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RemoteSubmissionTest {
  private static final Reply FIRST = new Reply(7, new byte[Reply.RESULT_BYTES]);
  private static final Reply SECOND = new Reply(8, new byte[Reply.RESULT_BYTES]);

  private final Queue<CompletableFuture<List<Outcome>>> calls = new ArrayDeque<>();
  private final Answers answers = new Answers();
  private final IngressQueue queue = new IngressQueue(100, 1 << 20);
  private final RemoteSubmission remote =
      new RemoteSubmission(
          (leader, requests) -> {
            CompletableFuture<List<Outcome>> call = new CompletableFuture<>();
            calls.add(call);
            return call;
          },
          queue,
          answers);
  private final Waiting request =
      new Waiting(
          new Waiting.Origin(5, 1),
          Request.ofAccounts(List.of(Account.opening(UInt128.of(1), 1, 1, 0))),
          System.nanoTime() + TimeUnit.MINUTES.toNanos(1));

  @AfterEach
  void close() {
    answers.close();
  }

  private CompletableFuture<List<Outcome>> sent(String leader) {
    assertThat(remote.tryAcquire()).isTrue();
    assertThat(remote.submit(leader, List.of(request))).isTrue();
    return calls.remove();
  }

  /** This node applies a batch that holds the request. */
  private void apply(Reply reply) {
    MemorySegment batch = MemorySegment.ofArray(new byte[4_096]);
    Batch.writeRequest(batch, Batch.HEADER_BYTES, 5, 1, request.request());
    Batch.writeHeader(batch, 1, 1, 1, 1);
    answers.deliver(batch, MemorySegment.ofArray(reply.results()), reply.op());
  }

  @Test
  void what_the_leader_says_of_a_request_that_was_sent_once_is_its_answer() {
    answers.expect(request);
    sent("n2").complete(List.of(new Outcome.Answered(SECOND)));
    assertThat(request.answer()).isCompletedWithValue(SECOND);
  }

  @Test
  void of_a_request_that_may_be_in_the_log_twice_the_first_to_be_applied_is_the_answer() {
    answers.expect(request);
    sent("n2").cancel(true); // it had appended it, and lost its place
    sent("n3").complete(List.of(new Outcome.Answered(SECOND)));
    assertThat(request.answer()).as("this node is behind").isNotDone();
    apply(FIRST);
    apply(SECOND);
    assertThat(request.answer().orTimeout(10, TimeUnit.SECONDS).join().op()).isEqualTo(7);
  }

  @Test
  void one_that_was_certainly_not_taken_before_was_sent_once() {
    answers.expect(request);
    sent("n2").complete(List.of(new Outcome.NotLeader()));
    sent("n3").complete(List.of(new Outcome.Answered(SECOND)));
    assertThat(request.answer()).isCompletedWithValue(SECOND);
  }
}

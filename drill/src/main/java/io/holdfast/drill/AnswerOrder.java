package io.holdfast.drill;

import io.holdfast.kernel.UInt128;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Whether the answers can all be true together: timestamps are unique, rise with the op, and a
 * payment that was answered before another one was sent has the smaller one.
 */
final class AnswerOrder {
  private final List<Answer> answers = new ArrayList<>();

  /**
   * One acknowledged payment.
   *
   * @param op of its creation; 0 when the answer only said that it exists
   */
  private record Answer(UInt128 id, long timestamp, long op, long sentNanos, long answeredNanos) {}

  void add(PaymentHistory.Row row) {
    long op = row.status() == Statuses.CREATED ? row.op() : 0;
    answers.add(
        new Answer(row.sent().id(), row.timestamp(), op, row.sentNanos(), row.answeredNanos()));
  }

  void judge(Verdict.Findings findings) {
    answers.sort(Comparator.comparingLong(Answer::timestamp));
    long lastTimestamp = 0;
    long lastOp = 0;
    long latestSent = Long.MIN_VALUE;
    for (Answer answer : answers) {
      if (answer.timestamp() == lastTimestamp) {
        contradiction(findings, answer, "shares its timestamp with another payment");
      }
      if (answer.op() != 0 && answer.op() < lastOp) {
        contradiction(findings, answer, "is in op " + answer.op() + " after op " + lastOp);
      }
      if (latestSent > answer.answeredNanos()) {
        contradiction(
            findings, answer, "was answered before one with a smaller timestamp was sent");
      }
      lastTimestamp = answer.timestamp();
      lastOp = Math.max(lastOp, answer.op());
      latestSent = Math.max(latestSent, answer.sentNanos());
    }
  }

  private static void contradiction(Verdict.Findings findings, Answer answer, String what) {
    findings.add(
        Verdict.Kind.CONTRADICTION,
        answer.id(),
        "timestamp " + answer.timestamp() + ": it " + what);
  }
}

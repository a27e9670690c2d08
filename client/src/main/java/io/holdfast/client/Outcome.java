package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import org.jspecify.annotations.Nullable;

/**
 * What became of one event, account or transfer. There are three outcomes and no fourth: the ledger
 * has it, it was refused, or nobody knows yet. A future of an outcome never fails.
 */
public sealed interface Outcome {
  /**
   * The ledger has it, on disk on a majority of nodes.
   *
   * @param existed it stood there before, equal; also what a safe repetition of one's own gets
   * @param timestamp when it was created, in nanoseconds since the epoch
   * @param op the op of the batch that this answer is from
   */
  record Answered(boolean existed, long timestamp, long op) implements Outcome {}

  /**
   * It is not in the ledger.
   *
   * @param code the ledger's status, in snake case, such as {@code exceeds_credits}; or, when it
   *     was never judged, an error code in kebab case: {@code overloaded} (queues are full, here or
   *     there), {@code no-leader} or {@code unavailable} (no gateway took it until the deadline),
   *     {@code malformed-request}, {@code closed}
   * @param originalCode with {@code id_already_failed}, the status that this id failed with first;
   *     else null
   * @param op the op of the batch that judged it; 0 when it was never judged and may be sent again
   * @param detail what is wrong, for a person; empty for a ledger's status
   * @param hint what to do next; may be empty
   */
  record Refused(String code, @Nullable String originalCode, long op, String detail, String hint)
      implements Outcome {
    /** Whether the ledger judged it; if not, sending it again later is sensible. */
    public boolean judged() {
      return op != 0;
    }

    /** As an exception with this code. */
    public HoldfastException asException() {
      String text = detail.isEmpty() ? "refused: " + code : detail;
      return new HoldfastException(
          code, originalCode == null ? text : text + ", first refused: " + originalCode, hint);
    }

    static Refused of(HoldfastException refusal) {
      return new Refused(refusal.code(), null, 0, refusal.message(), refusal.hint());
    }
  }

  /**
   * No answer until the deadline: it may or may not be, or come to be, in the ledger. Send it again
   * with the same ids to find out; it cannot happen twice.
   *
   * @param detail how often it was tried and what happened last
   */
  record Unknown(String detail) implements Outcome {}
}

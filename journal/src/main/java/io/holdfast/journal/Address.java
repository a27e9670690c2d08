package io.holdfast.journal;

import io.holdfast.kernel.Invariants;
import io.holdfast.ledger.MovementKind;

/**
 * An address is the place in the journal where something was decided, and what was: an op, an event
 * of it and a kind, in one positive long. Addresses sort by op, then event, then kind.
 *
 * <pre>
 * bits 62 to 17 op   16 to 3 event (of a pulse: number in the order of release)   2 to 0 kind
 * </pre>
 */
final class Address {
  /** The transfer with this id was created by that event. */
  static final int CREATED = 0;

  /** The id failed there. */
  static final int FAILED = 1;

  /** The pending transfer with this id was posted by that event. */
  static final int POSTED = 2;

  /** The pending transfer with this id was voided by that event. */
  static final int VOIDED = 3;

  /** The pending transfer with this id expired in that pulse. */
  static final int EXPIRED = 4;

  static final long OP_MAX = (1L << 46) - 1;
  static final int EVENT_MAX = (1 << 14) - 1;
  private static final int OP_SHIFT = 17;
  private static final int EVENT_SHIFT = 3;

  private Address() {}

  static long of(long op, int event, int kind) {
    Invariants.check(
        op >= 0 && op <= OP_MAX && event >= 0 && event <= EVENT_MAX && (kind & 7) == kind,
        "an address holds its op, event and kind");
    return op << OP_SHIFT | (long) event << EVENT_SHIFT | kind;
  }

  /** The kind for a pending transfer that was resolved so. */
  static int resolvedBy(MovementKind kind) {
    return switch (kind) {
      case POST -> POSTED;
      case VOID -> VOIDED;
      case EXPIRE -> EXPIRED;
      case PAYMENT, RESERVE -> throw Invariants.broken("a payment resolves nothing");
    };
  }

  static long op(long address) {
    return address >>> OP_SHIFT;
  }

  static int event(long address) {
    return (int) (address >>> EVENT_SHIFT) & EVENT_MAX;
  }

  static int kind(long address) {
    return (int) address & 7;
  }
}

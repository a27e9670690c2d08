package io.holdfast.journal;

/** What a posting does to the sums of its account; the numbers are stored. */
final class PostingKind {
  /** The amount goes to posted. */
  static final int PAYMENT = 0;

  /** The amount goes to pending. */
  static final int RESERVE = 1;

  /** The released amount leaves pending, the amount goes to posted. */
  static final int POST = 2;

  /** The released amount, which is the amount, leaves pending. */
  static final int VOID = 3;

  /** As {@link #VOID}, in a pulse. */
  static final int EXPIRE = 4;

  static final int COUNT = 5;

  private PostingKind() {}
}

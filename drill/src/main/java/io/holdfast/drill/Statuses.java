package io.holdfast.drill;

/**
 * The two numbers on the wire that mean "it is in the ledger". Written out here, for the judge of a
 * ledger shares no code with it.
 */
final class Statuses {
  static final int CREATED = -1;
  static final int EXISTS = 46;

  private Statuses() {}
}

package io.holdfast.vault;

/** A store answered with less, or with other bytes, than it said it has. */
final class HalfAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean whole;

  /**
   * @param whole all bytes came that were announced: it is not the connection that is at fault
   */
  HalfAnswerException(String message, boolean whole) {
    super(message);
    this.whole = whole;
  }

  boolean whole() {
    return whole;
  }
}

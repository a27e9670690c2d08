package io.holdfast.vault;

/**
 * How a store must keep each new object, whoever asks for its deletion.
 *
 * @param days from when it is stored; 0 for no retention
 * @param mode of the retention
 * @param legalHold whether it is also kept until somebody lifts the hold
 */
public record ObjectLock(int days, Mode mode, boolean legalHold) {
  /** Who may shorten it. */
  public enum Mode {
    /** Those with a permission of its own. */
    GOVERNANCE,
    /** Nobody. */
    COMPLIANCE
  }
}

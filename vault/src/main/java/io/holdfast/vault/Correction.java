package io.holdfast.vault;

import io.holdfast.kernel.DerivedId;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;

/**
 * A transfer that should not have been, and the one that takes back what it did. The second follows
 * from the first alone, its id included, and so is the same whoever makes it, and submitted twice
 * happens once. It carries the original's id as its {@code user_data_128}.
 */
public record Correction(Kind kind, Transfer original, Transfer correction) {
  private static final String NAMESPACE = "holdfast correction";
  private static final int RESOLVING =
      TransferFlags.POST_PENDING_TRANSFER | TransferFlags.VOID_PENDING_TRANSFER;

  /** How something is taken back. */
  public enum Kind {
    /** Posted money is moved back by another transfer. */
    REVERSAL,
    /** A reservation that is still open is released. */
    VOID
  }

  /**
   * Takes back what a transfer did: of a payment or of a post what it moved, of a reservation,
   * which must be open, what it holds.
   *
   * @param code of a transfer that moves money back; a release keeps its reservation's
   */
  public static Correction of(Transfer original, int code) {
    boolean reserves = (original.flags() & TransferFlags.PENDING) != 0;
    Transfer correction =
        new Transfer(
            idOf(original.id()),
            reserves ? original.debitAccountId() : original.creditAccountId(),
            reserves ? original.creditAccountId() : original.debitAccountId(),
            original.amount(),
            reserves ? original.id() : UInt128.ZERO,
            original.id(),
            original.userData64(),
            original.userData32(),
            0,
            original.ledger(),
            reserves ? original.code() : code,
            reserves ? TransferFlags.VOID_PENDING_TRANSFER : 0,
            0);
    return new Correction(reserves ? Kind.VOID : Kind.REVERSAL, original, correction);
  }

  /** The id of what corrects the transfer with this id. */
  public static UInt128 idOf(UInt128 original) {
    return DerivedId.of(NAMESPACE, original.toHex());
  }

  /** Whether a transfer is itself such a correction. */
  public static boolean is(Transfer transfer) {
    return transfer.id().equals(idOf(transfer.userData128()));
  }

  /** Whether it moved or reserved anything that can be taken back. */
  static boolean isPossible(Transfer transfer) {
    return (transfer.flags() & TransferFlags.VOID_PENDING_TRANSFER) == 0
        && (!transfer.amount().isZero() || (transfer.flags() & TransferFlags.PENDING) != 0);
  }

  /** Whether a transfer is what became of a reservation. */
  static boolean resolves(Transfer transfer) {
    return (transfer.flags() & RESOLVING) != 0;
  }
}

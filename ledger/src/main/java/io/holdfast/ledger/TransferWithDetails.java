package io.holdfast.ledger;

/** A transfer and its details; empty when it has none, or none any more. */
public record TransferWithDetails(Transfer transfer, byte[] details, DetailsForm form) {
  public TransferWithDetails(Transfer transfer, byte[] details) {
    this(transfer, details, DetailsForm.PLAIN);
  }

  /** Whether it had details that were erased since. */
  public boolean detailsErased() {
    return form == DetailsForm.ERASED;
  }
}

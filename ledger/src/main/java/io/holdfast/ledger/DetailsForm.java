package io.holdfast.ledger;

/** In which form details are given out. */
public enum DetailsForm {
  /** As the client sent them; none are in this form too. */
  PLAIN,
  /** As {@link SealedDetails} lays them out; whoever has the key opens them. */
  SEALED,
  /** There were some, and their key was destroyed: no bytes are left. */
  ERASED
}

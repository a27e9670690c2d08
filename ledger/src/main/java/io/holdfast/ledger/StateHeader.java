package io.holdfast.ledger;

/**
 * What a state consists of besides its pages.
 *
 * @param op after which it is so
 * @param lastTimestamp T of that op
 * @param lastMovement timestamp of the newest movement; 0 when there is none
 * @param movements transfers and expiries so far
 * @param transfers transfers so far
 * @param failed ids that failed so far
 * @param accounts how many there are
 * @param slots of reservations, free ones included
 * @param open reservations
 * @param lastFree the slot + 1 that is taken next; 0 when none is free
 * @param detailsKeys that details were sealed under so far, destroyed ones included
 */
public record StateHeader(
    long op,
    long lastTimestamp,
    long lastMovement,
    long movements,
    long transfers,
    long failed,
    long accounts,
    int slots,
    int open,
    int lastFree,
    int detailsKeys) {

  int accountPages() {
    return FrozenPages.pages(accounts, AccountRecord.BYTES);
  }

  int sidePages() {
    return FrozenPages.pages(accounts, AccountStore.SIDE_BYTES);
  }

  /** How many pages belong to it. */
  public int pages() {
    return accountPages()
        + sidePages()
        + FrozenPages.pages(slots, Reservations.BYTES)
        + FrozenPages.pages(detailsKeys, DetailsKeyTable.BYTES);
  }
}

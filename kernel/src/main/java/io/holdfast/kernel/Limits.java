package io.holdfast.kernel;

/** Limits that are part of the product's contract; each with its reason. */
public final class Limits {
  /** Events in one request: a request of 128-byte events then stays just below 1 MiB. */
  public static final int REQUEST_EVENTS_MAX = 8_189;

  /** Events in one batch: the same, so that the largest request still fits a batch. */
  public static final int BATCH_EVENTS_MAX = REQUEST_EVENTS_MAX;

  /** Bytes of one batch, sealed: below half of Ratis' 4 MB limit for an entry, headers included. */
  public static final int BATCH_BYTES_MAX = 1_900_000;

  /** Bytes of one encoded request: what is left of a batch after its own headers. */
  public static final int REQUEST_BYTES_MAX = BATCH_BYTES_MAX - 4_096;

  /** Bytes of the details of one transfer: a channel's own fields, not a document store. */
  public static final int DETAILS_BYTES_MAX = 4_096;

  /** Ids in one look-up: as many as events in a request. */
  public static final int LOOKUP_IDS_MAX = REQUEST_EVENTS_MAX;

  /** Rows in one page of a query: the answer stays below 2 MiB. */
  public static final int PAGE_ROWS_MAX = REQUEST_EVENTS_MAX;

  /** Nodes in a site. */
  public static final int SITE_NODES_MAX = 5;

  private Limits() {}
}

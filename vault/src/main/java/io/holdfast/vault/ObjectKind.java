package io.holdfast.vault;

/** What an object holds; a part of what its name is made from. */
public enum ObjectKind {
  /** A stretch of a sealed segment, or of one that is written. */
  PIECE,
  /** A stretch of the journal as the continuous stream sent it; named by branch and first op. */
  TAIL,
  /** What some tails hold that follow each other; named by branch and the first one's first op. */
  TAIL_GROUP,
  /** Pages of checkpoints. */
  PAGES,
  /** Which pages a checkpoint consists of. */
  PAGE_MAP,
  /** The ledger's data key. */
  DATA_KEY,
  /** A key of details. */
  DETAILS_KEY
}

package io.holdfast.journal;

/** Who is told what the index of consecutive ops holds, op by op. */
interface RunRows {
  /**
   * The next op.
   *
   * @param segmentFirstOp the first op of the segment that holds its entry
   * @param offset of the entry's first frame in that segment, below 2^32
   * @param firstTimestamp of its first movement; 0 if it has none
   * @param movements transfers it created, or reservations it released
   */
  void op(long op, long segmentFirstOp, long offset, long firstTimestamp, int movements);

  /** What became of an id; in any order. */
  void id(long hi, long lo, long address);

  /**
   * A posting; addresses never fall.
   *
   * @param account its number, in the order of creation
   * @param credit whether the account is credited
   * @param kind of {@link PostingKind}
   * @param amountHi upper half of the amount
   * @param releasedHi upper half of what leaves pending: with {@link PostingKind#POST}
   */
  void posting(
      int account,
      long address,
      boolean credit,
      int kind,
      long amountHi,
      long amountLo,
      long releasedHi,
      long releasedLo);
}

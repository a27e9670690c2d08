package io.holdfast.journal;

/**
 * A stretch of a segment file, whole contents of it, unsealed: what it says without its frames.
 * From it and the data key the same bytes of the file can be made again.
 *
 * @param segmentFirstOp names the segment
 * @param offset in the file; 0 when header and opening are in it
 * @param sizeBytes of the stretch in the file
 * @param firstOp of its entries; 0 when it has none
 * @param lastOp of its entries; 0 when it has none
 * @param ends whether the segment's trailer is in it
 * @param sha256 of the stretch of the file
 * @param content laid out as {@link SegmentPieces} says
 */
public record SegmentPiece(
    long segmentFirstOp,
    long offset,
    long sizeBytes,
    long firstOp,
    long lastOp,
    long firstTime,
    long lastTime,
    boolean ends,
    byte[] sha256,
    byte[] content) {}

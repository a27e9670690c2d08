package io.holdfast.journal;

/**
 * A section of a run: blocks of one kind, one behind the other, all but the last of them as large
 * as a frame can be.
 *
 * @param firstBlock number of its first block in the file
 */
record Section(int kind, long offset, long end, int firstBlock) {
  int blocks() {
    return (int) ((end - offset + FrameLayout.FRAME_BYTES_MAX - 1) / FrameLayout.FRAME_BYTES_MAX);
  }

  long offset(int block) {
    return offset + (long) block * FrameLayout.FRAME_BYTES_MAX;
  }

  /** Bytes of the content of a block. */
  int contentBytes(int block) {
    return (int) Math.min(FrameLayout.FRAME_BYTES_MAX, end - offset(block))
        - FrameLayout.OVERHEAD_BYTES;
  }

  /** The section behind this one. */
  Section next(int nextKind, long nextEnd) {
    return new Section(nextKind, end, nextEnd, firstBlock + blocks());
  }
}

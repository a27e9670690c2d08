package io.holdfast.journal;

/**
 * The layout of a piece: a stretch of a segment file, whole contents of it, without their frames.
 *
 * <pre>
 *   0 magic "HFPC" (4)            4 version = 1 (4)
 *   8 header of the segment, as its file begins (128)
 * 136 offset in the file (8)    144 size in the file (8)
 * 152 contents, each: kind (4)    4 length (4)    8 op (8)   16 its bytes
 * </pre>
 *
 * Little-endian. The header is there in every piece, so that each can be sealed alone; at offset 0
 * it is a part of the stretch, too. See docs/formats/piece.md.
 */
final class PieceLayout {
  static final int MAGIC = 'H' | 'F' << 8 | 'P' << 16 | 'C' << 24;
  static final int VERSION = 1;

  static final int VERSION_AT = 4;
  static final int SEGMENT_HEADER_AT = 8;
  static final int OFFSET_AT = SEGMENT_HEADER_AT + SegmentHeader.BYTES;
  static final int SIZE_AT = OFFSET_AT + 8;
  static final int HEADER_BYTES = SIZE_AT + 8;

  static final int KIND_AT = 0;
  static final int LENGTH_AT = 4;
  static final int OP_AT = 8;
  static final int CONTENT_HEADER_BYTES = 16;

  private PieceLayout() {}
}

package io.holdfast.journal;

/**
 * The layout of a run: the index of consecutive ops in one file. A header in clear; three sections
 * of sealed blocks; the filter, in clear, at a multiple of 4096; the footer and the tail, sealed.
 *
 * <pre>
 * header | ops … | ids … | postings … | zeros | filter … | footer | tail
 * </pre>
 *
 * Each block of a section is one frame, and each but the last of a section is a full one, so that a
 * block is found by its number. What is sealed begins with where it lies, so that no two contents
 * under the key of a file are equal:
 *
 * <pre>
 *  0 number of the block in the file (4)   4 rows (4)   8 offset in the file (8)
 * </pre>
 *
 * Block of ops, in order; a row:
 *
 * <pre>
 * 16 number of the first movement (8)   24 movements of the block (4)   28 reserved, 0 (4)   32 rows
 *  0 offset of the entry in its segment (4)   4 movements of the block before this op (4)
 *  8 time of its first movement, or else the one before it, 0 if the run has none before (8)
 * </pre>
 *
 * Block of ids, in order of id, then address; a row:
 *
 * <pre>
 * 16 rows
 *  0 id (16)   16 address (8)
 * </pre>
 *
 * Block of postings, in order of account, then address:
 *
 * <pre>
 * 16 account of the first row (4)   20 flags: 1 its postings begin in the block before (4)
 * 24 sums of that account's postings in the blocks before (64)   88 rows, then zeros
 * </pre>
 *
 * A row of it is one byte (1 credit; 2, 4, 8 kind; 16 another account than the row before); if so,
 * how much larger the account's number is; the address, less that of the row before, or for the
 * first row of a block or account less that of the run's first op; the amount; and for a post what
 * it releases: all as varints, 7 bits to a byte, the lowest first.
 */
final class RunLayout {
  static final int NUMBER_AT = 0;
  static final int ROWS_AT = 4;
  static final int OFFSET_AT = 8;
  static final int BLOCK_HEAD_BYTES = 16;

  static final int FIRST_MOVEMENT_AT = 16;
  static final int MOVEMENTS_AT = 24;
  static final int OPS_AT = 32;
  static final int OP_BYTES = 16;
  static final int OPS_PER_BLOCK = (FrameLayout.CONTENT_BYTES_MAX - OPS_AT) / OP_BYTES;

  static final int IDS_AT = BLOCK_HEAD_BYTES;
  static final int ID_BYTES = 24;
  static final int IDS_PER_BLOCK = (FrameLayout.CONTENT_BYTES_MAX - IDS_AT) / ID_BYTES;

  static final int ACCOUNT_AT = 16;
  static final int FLAGS_AT = 20;
  static final int SUMS_AT = 24;
  static final int POSTINGS_AT = 88;
  static final int CONTINUED = 1;
  static final int CREDIT = 1;
  static final int KIND_SHIFT = 1;
  static final int KIND_MASK = 7;
  static final int OTHER_ACCOUNT = 16;

  /** One byte, an account, an address and two amounts of 128 bits. */
  static final int POSTING_BYTES_MAX = 1 + 5 + 10 + 19 + 19;

  /** One byte and three varints. */
  static final int POSTING_BYTES_MIN = 3;

  /** The filter begins at a multiple of this, and each such piece of it has a checksum. */
  static final int FILTER_PIECE_BYTES = 4096;

  private RunLayout() {}
}

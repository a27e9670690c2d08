package io.holdfast.journal;

/**
 * The layout of a frame: a block of a file that is sealed as one. An entry lies in as many frames
 * as it needs, all but the last of them full, so that a part of it can be read without the rest.
 *
 * <pre>
 *  0 length of the ciphertext (4)   4 kind (1)   5 flags: 1 first, 2 last of its content (1)
 *  6 reserved, 0 (2)   8 op, or of an index the number of the block (8)   16 nonce (12)
 * 28 CRC-32C of bytes 0 to 27 and of all from 32 on (4)
 * 32 ciphertext (at most 16,336)    … tag of AES-256-GCM (16)
 * </pre>
 *
 * Little-endian. Authenticated but not secret: bytes 0 to 15 and the frame's place in its file.
 */
final class FrameLayout {
  static final int HEADER_BYTES = 32;
  static final int TAG_BYTES = 16;
  static final int OVERHEAD_BYTES = HEADER_BYTES + TAG_BYTES;

  /** A full frame then has 16 KiB, of which reading one transfer opens no more than two. */
  static final int CONTENT_BYTES_MAX = 16 * 1024 - OVERHEAD_BYTES;

  static final int FRAME_BYTES_MAX = CONTENT_BYTES_MAX + OVERHEAD_BYTES;

  static final int LENGTH_AT = 0;
  static final int KIND_AT = 4;
  static final int FLAGS_AT = 5;
  static final int OP_AT = 8;
  static final int NONCE_AT = 16;
  static final int NONCE_BYTES = 12;
  static final int CRC_AT = 28;

  /** Bytes of the header that are authenticated. */
  static final int AUTHENTIC_BYTES = 16;

  static final int FIRST = 1;
  static final int LAST = 2;

  static final int KIND_OPENING = 1;
  static final int KIND_ENTRY = 2;
  static final int KIND_TRAILER = 3;
  static final int KIND_INDEX_OPS = 4;
  static final int KIND_INDEX_IDS = 5;
  static final int KIND_INDEX_POSTINGS = 6;
  static final int KIND_INDEX_FOOTER = 7;
  static final int KIND_INDEX_TAIL = 8;
  static final int KIND_PAGE = 9;
  static final int KIND_CHECKPOINT = 10;

  private FrameLayout() {}

  /** Bytes that content of this length takes in a file. */
  static long sealedBytes(int contentBytes) {
    int frames = Math.max(1, (contentBytes + CONTENT_BYTES_MAX - 1) / CONTENT_BYTES_MAX);
    return contentBytes + (long) frames * OVERHEAD_BYTES;
  }
}

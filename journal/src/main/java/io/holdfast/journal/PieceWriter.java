package io.holdfast.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Lays a piece out, content after content, in memory that grows. For one thread. */
final class PieceWriter {
  private final int expectedBytes;
  private byte[] bytes;
  private ByteBuffer fields;
  private int sizeBytes;
  private int contentAt; // of the content that is being written

  /**
   * @param expectedBytes how much a piece will have, about
   */
  PieceWriter(int expectedBytes) {
    this.expectedBytes = expectedBytes;
    this.bytes = new byte[expectedBytes];
    this.fields = fields(bytes);
  }

  /** Begins a piece; the one before it is forgotten. */
  void begin(byte[] segmentHeader, long offset) {
    sizeBytes = 0;
    makeRoom(PieceLayout.HEADER_BYTES);
    fields.putInt(0, PieceLayout.MAGIC);
    fields.putInt(PieceLayout.VERSION_AT, PieceLayout.VERSION);
    fields.put(PieceLayout.SEGMENT_HEADER_AT, segmentHeader);
    fields.putLong(PieceLayout.OFFSET_AT, offset);
    sizeBytes = PieceLayout.HEADER_BYTES;
  }

  /** Begins a content. */
  void beginContent(int kind, long op) {
    makeRoom(PieceLayout.CONTENT_HEADER_BYTES);
    contentAt = sizeBytes;
    fields.putInt(contentAt + PieceLayout.KIND_AT, kind);
    fields.putLong(contentAt + PieceLayout.OP_AT, op);
    sizeBytes += PieceLayout.CONTENT_HEADER_BYTES;
  }

  /** Where more of the content is to be put; there is room for so much. */
  int room(int more) {
    makeRoom(more);
    return sizeBytes;
  }

  byte[] bytes() {
    return bytes;
  }

  /** So much was put there. */
  void put(int more) {
    sizeBytes += more;
  }

  /** How much the content has so far. */
  int contentBytes() {
    return sizeBytes - contentAt - PieceLayout.CONTENT_HEADER_BYTES;
  }

  long longInContent(int field) {
    return fields.getLong(contentAt + PieceLayout.CONTENT_HEADER_BYTES + field);
  }

  void endContent() {
    fields.putInt(contentAt + PieceLayout.LENGTH_AT, contentBytes());
  }

  /** Takes the content back that was begun last. */
  void dropContent() {
    sizeBytes = contentAt;
  }

  /** Ends the piece. */
  byte[] end(long sizeInFile) {
    fields.putLong(PieceLayout.SIZE_AT, sizeInFile);
    return Arrays.copyOf(bytes, sizeBytes);
  }

  private void makeRoom(int more) {
    if (sizeBytes + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(sizeBytes + more, bytes.length + expectedBytes));
      fields = fields(bytes);
    }
  }

  private static ByteBuffer fields(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

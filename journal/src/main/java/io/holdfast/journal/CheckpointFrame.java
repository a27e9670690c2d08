package io.holdfast.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a checkpoint has beside its pages: the header as in its file, then the footer. */
record CheckpointFrame(CheckpointHeader header, CheckpointFooter footer) {

  byte[] encode() {
    byte[] last = footer.encode();
    return ByteBuffer.allocate(CheckpointHeader.BYTES + last.length)
        .put(header.encode())
        .put(last)
        .array();
  }

  /** Reads it back; null when the two are not whole, or do not belong together. */
  static @Nullable CheckpointFrame parse(byte[] bytes) {
    if (bytes.length < CheckpointHeader.BYTES) {
      return null;
    }
    CheckpointHeader header = CheckpointHeader.parse(Arrays.copyOf(bytes, CheckpointHeader.BYTES));
    CheckpointFooter footer =
        CheckpointFooter.parse(Arrays.copyOfRange(bytes, CheckpointHeader.BYTES, bytes.length));
    return header == null
            || footer == null
            || footer.state().op() != header.op()
            || footer.state().pages() != header.pages()
        ? null
        : new CheckpointFrame(header, footer);
  }
}

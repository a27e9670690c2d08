package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;

/** Makes segment files again from their pieces, which may come in any order. For any thread. */
@SuppressWarnings("DoNotCallSuggester")
public final class SegmentAssembly implements AutoCloseable {
  /** What a piece turned out to be. */
  public record Placed(Path file, long offset, long sizeBytes, long firstOp, long lastOp) {}

  public SegmentAssembly(Disk disk, Path directory, DataKey dataKey) {}

  /**
   * Seals a piece and writes it to its place.
   *
   * @param content of a {@link SegmentPiece}
   * @param sha256 that the bytes must have in the file
   * @throws io.holdfast.kernel.HoldfastException code {@code piece-damaged}
   */
  public Placed write(byte[] content, byte[] sha256) throws IOException {
    throw new UnsupportedOperationException("not yet");
  }

  /** Syncs all. */
  @Override
  public void close() throws IOException {}
}

package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Takes a segment apart into pieces, for who keeps it elsewhere. For one thread. */
@SuppressWarnings("DoNotCallSuggester")
public final class SegmentPieces implements AutoCloseable {
  private SegmentPieces() {}

  /**
   * @param from where in the file to begin: 0, or the end of an earlier piece
   * @param until the file's size, or how much of it is on disk
   */
  public static SegmentPieces open(Disk disk, Path file, DataKey dataKey, long from, long until)
      throws IOException {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * The next piece: at least this much of the file, or all that there is; null at the end. The same
   * file gives the same pieces.
   */
  public @Nullable SegmentPiece next(int bytesMin) throws IOException {
    throw new UnsupportedOperationException("not yet");
  }

  @Override
  public void close() throws IOException {}
}

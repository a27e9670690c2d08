package io.holdfast.journal;

import java.nio.file.Path;
import java.util.List;

/**
 * A stretch of a segment that was written to its file, and what lies in it, open, for who proves it
 * without reading it again. Nobody changes its content.
 */
public final class ArrivedPiece {
  private final Path file;
  private final SegmentHeader header;
  private final SegmentAssembly.Placed placed;
  private final byte[] content;
  private final List<SealedPiece.Content> contents;

  ArrivedPiece(Path file, SealedPiece piece, byte[] content) {
    this.file = file;
    this.header = piece.header();
    this.placed =
        new SegmentAssembly.Placed(
            file, piece.offset(), piece.sizeBytes(), piece.firstOp(), piece.lastOp());
    this.content = content;
    this.contents = piece.contents();
  }

  /** Where it lies. */
  public SegmentAssembly.Placed placed() {
    return placed;
  }

  Path file() {
    return file;
  }

  SegmentHeader header() {
    return header;
  }

  /** Laid out as a {@link SegmentPiece}. */
  byte[] content() {
    return content;
  }

  List<SealedPiece.Content> contents() {
    return contents;
  }
}

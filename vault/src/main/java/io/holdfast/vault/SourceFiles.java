package io.holdfast.vault;

import io.holdfast.journal.FileKind;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a source has at one moment: its journal from the first segment on without a hole, and the
 * checkpoints that were there then.
 *
 * @param segments in order; only the last one may be open
 * @param checkpoints in order
 */
record SourceFiles(List<SegmentFile> segments, List<Path> checkpoints) {
  /** The clear beginning of a segment: it names ledger, branch, incarnation and op. */
  static final int HEAD_BYTES = 128;

  private static final int OP_DIGITS = 20;

  /** How often a segment may go while we look: an empty one gives way to another. */
  private static final int TRIES = 5;

  SourceFiles {
    segments = List.copyOf(segments);
    checkpoints = List.copyOf(checkpoints);
  }

  /**
   * A segment file.
   *
   * @param head SHA-256 of its first {@link #HEAD_BYTES}, in hex
   * @param sizeBytes of an open one: what is on disk of it
   */
  record SegmentFile(Path file, long firstOp, String head, long sizeBytes, boolean sealed) {}

  /** The op that the name of a segment or checkpoint tells of. */
  static long op(Path file) {
    return Long.parseLong(String.valueOf(file.getFileName()).substring(0, OP_DIGITS));
  }

  /**
   * Looks.
   *
   * @throws HoldfastException code {@code no-journal}
   */
  static SourceFiles of(Disk disk, BackupSource source) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return look(disk, source);
      } catch (NoSuchFileException | FileNotFoundException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private static SourceFiles look(Disk disk, BackupSource source) throws IOException {
    // The open one first: if it is sealed meanwhile, the list that is made later has it.
    BackupSource.Open open = source.open();
    List<SegmentFile> segments = new ArrayList<>();
    for (Path file : source.sealedSegments()) {
      segments.add(segment(disk, file, -1));
    }
    if (open != null && (segments.isEmpty() || segments.getLast().firstOp() < op(open.file()))) {
      segments.add(segment(disk, open.file(), open.syncedBytes()));
    }
    if (segments.isEmpty()) {
      throw new HoldfastException(
          "no-journal",
          "node " + source.node() + " has no journal yet",
          "nothing is there to back up");
    }
    return new SourceFiles(segments, source.checkpoints());
  }

  /**
   * @param syncedBytes -1 for one that is sealed
   */
  private static SegmentFile segment(Disk disk, Path file, long syncedBytes) throws IOException {
    if (!FileKind.SEGMENT.isName(String.valueOf(file.getFileName()))) {
      throw new IllegalArgumentException(file + " is no segment");
    }
    try (DiskFile in = disk.openForReading(file)) {
      byte[] head = new byte[HEAD_BYTES];
      in.read(ByteBuffer.wrap(head), 0);
      return new SegmentFile(
          file,
          op(file),
          Digests.hex(head),
          syncedBytes < 0 ? in.sizeBytes() : syncedBytes,
          syncedBytes < 0);
    }
  }
}

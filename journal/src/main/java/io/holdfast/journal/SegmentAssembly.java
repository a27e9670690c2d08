package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes segment files again from their pieces, which may come in any order and more than once. What
 * was written is on disk once {@link #close} has returned, and not before. For any thread.
 */
public final class SegmentAssembly implements AutoCloseable {
  private final Disk disk;
  private final Path directory;
  private final DataKey dataKey;
  private final Set<Path> files = new TreeSet<>(); // guards itself

  /** What a piece turned out to be. */
  public record Placed(Path file, long offset, long sizeBytes, long firstOp, long lastOp) {}

  /**
   * @param directory of the segments; made if it does not exist
   */
  public SegmentAssembly(Disk disk, Path directory, DataKey dataKey) {
    this.disk = disk;
    this.directory = directory;
    this.dataKey = dataKey;
  }

  /**
   * Seals a piece and writes it to its place. Nothing is written of one that is not whole.
   *
   * @param content of a {@link SegmentPiece}
   * @param sha256 that the bytes must have in the file
   * @throws HoldfastException code {@code piece-damaged}
   */
  public Placed write(byte[] content, byte[] sha256) throws IOException {
    SealedPiece piece = SealedPiece.of(content, sha256, dataKey);
    Path file = SegmentFiles.file(directory, piece.segmentFirstOp());
    try (DiskFile out = open(file)) {
      out.write(ByteBuffer.wrap(piece.bytes()), piece.offset());
    }
    return new Placed(file, piece.offset(), piece.bytes().length, piece.firstOp(), piece.lastOp());
  }

  /** Opened anew for each piece: a long journal has more segments than a process may have open. */
  private DiskFile open(Path file) throws IOException {
    synchronized (files) {
      if (files.isEmpty()) {
        disk.createDirectories(directory);
      }
      boolean there = disk.exists(file);
      DiskFile out = there ? disk.open(file) : disk.create(file, Disk.Access.OWNER);
      files.add(file);
      return out;
    }
  }

  /** Syncs all that was written, and the names of the files. */
  @Override
  public void close() throws IOException {
    synchronized (files) {
      for (Path file : files) {
        try (DiskFile out = disk.open(file)) {
          out.sync();
        }
      }
      if (!files.isEmpty()) {
        disk.syncDirectory(directory);
      }
      files.clear();
    }
  }
}

package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes segment files again from their pieces, which may come in any order and more than once. What
 * was written is on disk once {@link #close} has returned, and not before; files that are complete
 * go there meanwhile, beside the work on the others. For any thread.
 */
public final class SegmentAssembly implements AutoCloseable {
  /** Who assembles has a few threads; each needs a buffer of a piece's size while it seals. */
  private static final int SPARE_BUFFERS = 4;

  private final Disk disk;
  private final Path directory;
  private final DataKey dataKey;
  private final Set<Path> files = new TreeSet<>(); // not synced yet; guards itself
  private final List<Future<?>> syncing = new ArrayList<>(); // guarded by files
  private final BlockingQueue<byte[]> spare = new ArrayBlockingQueue<>(SPARE_BUFFERS);
  private final ExecutorService syncer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("holdfast-assembly-sync").daemon().factory());

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
   * @param content of a {@link SegmentPiece}; not to be changed any more
   * @param sha256 that the bytes must have in the file
   * @throws HoldfastException code {@code piece-damaged}
   */
  public ArrivedPiece write(byte[] content, byte[] sha256) throws IOException {
    SealedPiece piece = SealedPiece.of(content, sha256, dataKey, this::buffer);
    Path file = SegmentFiles.file(directory, piece.segmentFirstOp());
    try (DiskFile out = open(file)) {
      out.write(ByteBuffer.wrap(piece.bytes(), 0, piece.sizeBytes()), piece.offset());
    }
    spare.offer(piece.bytes()); // full: it is garbage
    return new ArrivedPiece(file, piece, content);
  }

  private byte[] buffer(int bytes) {
    byte[] buffer = spare.poll();
    return buffer != null && buffer.length >= bytes ? buffer : new byte[bytes];
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

  /** No more will be written to a file: it can go to disk. Returns at once. */
  public void complete(Path file) {
    synchronized (files) {
      if (files.remove(file)) {
        syncing.add(
            syncer.submit(
                () -> {
                  sync(file);
                  return null;
                }));
      }
    }
  }

  private void sync(Path file) throws IOException {
    try (DiskFile out = disk.open(file)) {
      out.sync();
    }
  }

  private void syncAll() throws IOException {
    List<Future<?>> running;
    synchronized (files) {
      List.copyOf(files).forEach(this::complete);
      running = List.copyOf(syncing);
      syncing.clear();
    }
    for (Future<?> one : running) {
      await(one);
    }
    if (!running.isEmpty()) {
      disk.syncDirectory(directory);
    }
  }

  private static void await(Future<?> one) throws IOException {
    try {
      one.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IllegalStateException("cannot sync", e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a segment was synced", e);
    }
  }

  /** Syncs all that was written, and the names of the files. */
  @Override
  public void close() throws IOException {
    try {
      syncAll();
    } finally {
      syncer.shutdownNow();
      spare.clear();
    }
  }
}

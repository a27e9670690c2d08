package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of files that never change: computed once, at the pace of who asks, and remembered by
 * name and size. For any thread.
 */
public final class FileDigests {
  private static final int CHUNK_BYTES = 1 << 20;

  private final Disk disk;
  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  private record Known(long sizeBytes, String sha256) {}

  public FileDigests(Disk disk) {
    this.disk = disk;
  }

  /** The digest if it was computed before; else null. */
  public @Nullable String known(Path file, long sizeBytes) {
    Known found = known.get(file);
    return found == null || found.sizeBytes != sizeBytes ? null : found.sha256;
  }

  /**
   * The digest of a whole file.
   *
   * @param pace is told how many bytes were read, and may wait
   */
  public String of(Path file, LongConsumer pace) throws IOException {
    try (DiskFile in = disk.openForReading(file)) {
      long size = in.sizeBytes();
      String found = known(file, size);
      if (found == null) {
        found = hex(over(in, size, pace));
        known.put(file, new Known(size, found));
      }
      return found;
    }
  }

  /** The digest of a file's beginning, which is not remembered. */
  public String ofBeginning(Path file, long bytes) throws IOException {
    try (DiskFile in = disk.openForReading(file)) {
      return hex(over(in, bytes, read -> {}));
    }
  }

  /** Takes in what was found out otherwise. */
  public void remember(Path file, long sizeBytes, String sha256) {
    known.put(file, new Known(sizeBytes, sha256));
  }

  /** The file was replaced or deleted. */
  public void forget(Path file) {
    known.remove(file);
  }

  /** A digest that has taken in the first bytes of a file, for who reads on. */
  public static MessageDigest over(DiskFile in, long bytes, LongConsumer pace) throws IOException {
    MessageDigest sha256 = Chain.sha256();
    ByteBuffer chunk = ByteBuffer.allocate(Math.clamp(bytes, 1, CHUNK_BYTES));
    long at = 0;
    while (at < bytes) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), bytes - at));
      int read = in.read(chunk, at);
      if (read == 0) {
        throw new EOFException("a file ends after " + at + " bytes, not " + bytes);
      }
      sha256.update(chunk.flip());
      at += read;
      pace.accept(read);
    }
    return sha256;
  }

  /** Ends a digest. */
  public static String hex(MessageDigest sha256) {
    return Chain.hex(sha256.digest());
  }
}

package io.holdfast.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Small files that must survive a power cut whole: written beside, synced, renamed, the directory
 * synced. A reader sees the old content or the new, never a mixture.
 */
public final class Disk {
  private Disk() {}

  /** Replaces the file's content atomically and durably. */
  public static void writeDurably(Path file, byte[] content) throws IOException {
    writeDurably(file, content, "rw-r--r--");
  }

  /** As {@link #writeDurably(Path, byte[])}, readable by the owner alone from the first byte on. */
  public static void writeSecret(Path file, byte[] content) throws IOException {
    writeDurably(file, content, "rw-------");
  }

  private static void writeDurably(Path file, byte[] content, String mode) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(file + " is no file");
    }
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(directory);
  }

  /** Makes the entries of a directory (new, renamed, deleted files) durable. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}

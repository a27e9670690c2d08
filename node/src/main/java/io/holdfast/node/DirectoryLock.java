package io.holdfast.node;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A node's hold on its data directory: at most one process has it, and the system releases it when
 * that process ends, however it ends.
 */
public final class DirectoryLock implements AutoCloseable {
  private static final String FILE = "node.lock";
  private static final int PID_BYTES_MAX = 20;

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the directory.
   *
   * @throws HoldfastException code {@code directory-missing}, {@code directory-unreadable}, {@code
   *     directory-in-use}
   */
  public static DirectoryLock take(Path directory) {
    check(directory);
    Path file = directory.resolve(FILE);
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        throw inUse(directory, holder(channel));
      }
      channel.truncate(0);
      byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
      channel.write(ByteBuffer.wrap(pid), 0);
      taken = true;
      return new DirectoryLock(channel);
    } catch (AccessDeniedException e) {
      throw unreadable(directory, e);
    } catch (IOException e) {
      throw new HoldfastException("disk-failed", file + " cannot be locked: " + e, "", e);
    } finally {
      if (!taken) {
        closeFile(channel);
      }
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another node in this very process
    }
  }

  private static void check(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new HoldfastException(
          "directory-missing",
          "node.directory is " + directory + ", which is no directory",
          "make the directories of a site with 'holdfast init' and copy each to its machine");
    }
    if (!Files.isReadable(directory) || !Files.isWritable(directory)) {
      throw unreadable(directory, null);
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(PID_BYTES_MAX);
    channel.read(pid, 0);
    return new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).strip();
  }

  private static HoldfastException inUse(Path directory, String pid) {
    String who = pid.matches("[0-9]+") ? "process " + pid : "another process";
    return new HoldfastException(
        "directory-in-use",
        directory + " is in use by " + who,
        "a node runs there already; stop it first, or give this one its own directory");
  }

  private static HoldfastException unreadable(Path directory, @Nullable Exception cause) {
    String message =
        directory + " cannot be read and written by user " + System.getProperty("user.name");
    String hint = "the node's own user must own the directory and all in it";
    return cause == null
        ? new HoldfastException("directory-unreadable", message, hint)
        : new HoldfastException("directory-unreadable", message, hint, cause);
  }

  private static void closeFile(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new HoldfastException("disk-failed", "a lock file cannot be closed: " + e, "", e);
    }
  }

  /** Gives the directory back. */
  @Override
  public void close() {
    closeFile(channel);
  }
}

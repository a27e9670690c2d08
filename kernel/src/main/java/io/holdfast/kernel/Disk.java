package io.holdfast.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system, as far as Holdfast needs one. What is written is durable after {@link
 * DiskFile#sync}; that a file exists, has its name or is gone, after {@link #syncDirectory}. Until
 * then a crash may keep any part of it.
 */
public interface Disk {
  /** Who may read a new file. */
  enum Access {
    ANYONE,
    OWNER
  }

  /** Makes a new file for reading and writing; one that exists is an error. */
  DiskFile create(Path file, Access access) throws IOException;

  /** Opens a file for reading and writing. */
  DiskFile open(Path file) throws IOException;

  /** Opens a file for reading alone. */
  DiskFile openForReading(Path file) throws IOException;

  boolean exists(Path file);

  boolean isDirectory(Path path);

  /** When the content of a file was last written, in milliseconds since 1970, as the disk says. */
  long modifiedMillis(Path file) throws IOException;

  /**
   * The files and directories in a directory in order of their names; none if there is no such
   * directory.
   */
  List<Path> list(Path directory) throws IOException;

  void createDirectories(Path directory) throws IOException;

  /** Gives a file another name, in place of whatever has it, in one step. */
  void move(Path from, Path to) throws IOException;

  /** Gives a file a second name, which must not be taken: the bytes are there once. */
  void link(Path file, Path secondName) throws IOException;

  /** Removes a file if it exists. */
  void delete(Path file) throws IOException;

  /** Makes the entries of a directory (new, renamed, deleted files) durable. */
  void syncDirectory(Path directory) throws IOException;

  /**
   * Replaces the content of a small file, durably: written beside, synced, renamed, the directory
   * synced. A reader sees the old content or the new, never a mixture.
   */
  default void writeDurably(Path file, byte[] content) throws IOException {
    replace(file, content, Access.ANYONE);
  }

  /** As {@link #writeDurably}, readable by the owner alone from the first byte on. */
  default void writeSecret(Path file, byte[] content) throws IOException {
    replace(file, content, Access.OWNER);
  }

  private void replace(Path file, byte[] content, Access access) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(file + " is no file");
    }
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    delete(beside);
    try (DiskFile written = create(beside, access)) {
      written.write(ByteBuffer.wrap(content), 0);
      written.sync();
    }
    move(beside, file);
    syncDirectory(directory);
  }
}

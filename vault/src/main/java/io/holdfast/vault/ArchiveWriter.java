package io.holdfast.vault;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * An archive while it is made: a repository whose objects are written one behind the other. The
 * file has its name only when {@link #finish} has made it durable; closed before, it is gone.
 */
final class ArchiveWriter implements Repository {
  private final Path file;
  private final Path beside;
  private final Disk disk = SystemDisk.INSTANCE;
  private final DiskFile out;
  private final TreeMap<String, ArchiveIndex.Stretch> objects = new TreeMap<>();
  private final List<ArchiveIndex.Stretch> stretches = new ArrayList<>();
  private long end = ArchiveIndex.HEADER_BYTES;
  private boolean finished;

  private ArchiveWriter(Path file, Path beside, DiskFile out) {
    this.file = file;
    this.beside = beside;
    this.out = out;
  }

  /**
   * Begins an archive.
   *
   * @throws HoldfastException codes {@code archive-exists}, {@code archive-unwritable}
   */
  static ArchiveWriter create(Path file) {
    Disk disk = SystemDisk.INSTANCE;
    if (disk.exists(file)) {
      throw new HoldfastException(
          "archive-exists",
          file + " is there already",
          "archives are never overwritten: name another");
    }
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try {
      disk.delete(beside); // what an export that was killed left
      ArchiveWriter writer =
          new ArchiveWriter(file, beside, disk.create(beside, Disk.Access.OWNER));
      try {
        writer.out.write(ByteBuffer.wrap(ArchiveIndex.header()), 0);
      } catch (IOException e) {
        writer.close();
        throw e;
      }
      return writer;
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static HoldfastException unwritable(Path file, IOException cause) {
    Path directory = file.toAbsolutePath().getParent();
    if (DiskFaults.isFull(cause)) {
      return new HoldfastException(
          "disk-full",
          "the disk of " + directory + " has no room for the archive " + file,
          "make room, or name a file on another disk; nothing of the archive is left",
          cause);
    }
    return new HoldfastException(
        "archive-unwritable",
        cause instanceof NoSuchFileException || cause instanceof FileNotFoundException
            ? file + " can't be written: there is no directory " + directory
            : file + " can't be written: " + cause,
        "name a file in a directory that this user may write; nothing of the archive is left",
        cause);
  }

  @Override
  public String describe() {
    return "archive:" + file;
  }

  @Override
  public synchronized boolean put(String name, byte[] bytes) {
    if (objects.containsKey(name)) {
      return false;
    }
    try {
      out.write(ByteBuffer.wrap(bytes), end);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
    ArchiveIndex.Stretch stretch =
        new ArchiveIndex.Stretch(name, end, bytes.length, Digests.hex(bytes));
    objects.put(name, stretch);
    stretches.add(stretch);
    end += bytes.length;
    return true;
  }

  @Override
  public synchronized byte[] get(String name) {
    ArchiveIndex.Stretch stretch = objects.get(name);
    if (stretch == null) {
      throw new HoldfastException("object-missing", name + " is not in " + describe(), "");
    }
    byte[] bytes = new byte[Math.toIntExact(stretch.sizeBytes())];
    try {
      out.read(ByteBuffer.wrap(bytes), stretch.offset());
      return bytes;
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  @Override
  public synchronized boolean has(String name) {
    return objects.containsKey(name);
  }

  @Override
  public synchronized List<StoredObject> list(String prefix) {
    return objects.tailMap(prefix).values().stream()
        .takeWhile(stretch -> stretch.name().startsWith(prefix))
        .map(stretch -> new StoredObject(stretch.name(), stretch.sizeBytes(), 0))
        .toList();
  }

  /** The bytes stay, without a name. */
  @Override
  public synchronized void delete(String name) {
    ArchiveIndex.Stretch gone = objects.remove(name);
    if (gone != null) {
      stretches.replaceAll(
          one ->
              one.equals(gone)
                  ? new ArchiveIndex.Stretch("", gone.offset(), gone.sizeBytes(), gone.sha256())
                  : one);
    }
  }

  /** Ends the archive and gives it its name; returns its size. */
  synchronized long finish() {
    try {
      byte[] index = new ArchiveIndex(stretches).encode(end);
      out.write(ByteBuffer.wrap(index), end);
      out.sync();
      out.close();
      disk.move(beside, file);
      finished = true;
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null) {
        disk.syncDirectory(directory);
      }
      return end + index.length;
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  @Override
  public synchronized void close() {
    if (finished) {
      return;
    }
    try {
      out.close();
      disk.delete(beside);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }
}

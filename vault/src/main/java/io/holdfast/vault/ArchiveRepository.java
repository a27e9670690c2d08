package io.holdfast.vault;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * An archive, which is a repository in one file that is never written again: what is read from it
 * is what was written, or it is refused.
 */
final class ArchiveRepository implements Repository {
  private final Path file;
  private final DiskFile in;
  private final TreeMap<String, ArchiveIndex.Stretch> objects = new TreeMap<>();

  private ArchiveRepository(Path file, DiskFile in, ArchiveIndex index) {
    this.file = file;
    this.in = in;
    for (ArchiveIndex.Stretch stretch : index.stretches()) {
      if (!stretch.name().isEmpty()) {
        objects.put(stretch.name(), stretch);
      }
    }
  }

  /**
   * Opens an archive.
   *
   * @throws HoldfastException codes {@code archive-damaged}, {@code repository-missing}
   */
  static ArchiveRepository open(Path file) {
    DiskFile in;
    try {
      in = SystemDisk.INSTANCE.openForReading(file);
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw new HoldfastException(
          "repository-missing", "there is no archive " + file, "look at the path", e);
    } catch (IOException e) {
      throw DiskFaults.coded(e, file);
    }
    try {
      return new ArchiveRepository(file, in, index(file, in));
    } catch (IOException e) {
      closeQuietly(in, e);
      throw DiskFaults.coded(e, file);
    } catch (RuntimeException e) {
      closeQuietly(in, e);
      throw e;
    }
  }

  private static void closeQuietly(DiskFile in, Exception because) {
    try {
      in.close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private static ArchiveIndex index(Path file, DiskFile in) throws IOException {
    long size = in.sizeBytes();
    if (size < ArchiveIndex.HEADER_BYTES + ArchiveIndex.END_BYTES) {
      throw damaged(file, "it is too short");
    }
    byte[] end = read(in, size - ArchiveIndex.END_BYTES, ArchiveIndex.END_BYTES);
    ArchiveIndex.Place place = ArchiveIndex.place(end, size);
    if (place == null) {
      throw damaged(file, "it does not end as an archive does: it was cut off, or is none");
    }
    byte[] tail =
        read(in, place.offset(), Math.toIntExact(place.sizeBytes() + ArchiveIndex.END_BYTES));
    ArchiveIndex index = ArchiveIndex.parse(read(in, 0, ArchiveIndex.HEADER_BYTES), tail, place);
    if (index == null) {
      throw damaged(file, "its header or index is not what was written");
    }
    return index;
  }

  private static byte[] read(DiskFile in, long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    int read = in.read(ByteBuffer.wrap(bytes), offset);
    if (read < length) {
      throw new IOException("the file ends at " + (offset + read));
    }
    return bytes;
  }

  static HoldfastException damaged(Path file, String what) {
    return new HoldfastException(
        "archive-damaged",
        file + " is damaged: " + what,
        "nothing of it was used; take another copy of it");
  }

  @Override
  public String describe() {
    return "archive:" + file;
  }

  @Override
  public boolean put(String name, byte[] bytes) {
    throw readOnly();
  }

  @Override
  public boolean takesMore() {
    return false;
  }

  @Override
  public byte[] get(String name) {
    ArchiveIndex.Stretch stretch = objects.get(name);
    if (stretch == null) {
      throw new HoldfastException("object-missing", name + " is not in " + describe(), "");
    }
    byte[] bytes;
    try {
      bytes = read(in, stretch.offset(), Math.toIntExact(stretch.sizeBytes()));
    } catch (IOException e) {
      throw DiskFaults.coded(e, file);
    }
    if (!Digests.hex(bytes).equals(stretch.sha256())) {
      throw new HoldfastException(
          "object-damaged",
          name
              + " in "
              + describe()
              + " is damaged: bytes "
              + stretch.offset()
              + " to "
              + (stretch.offset() + stretch.sizeBytes())
              + " are not what was written",
          "take another copy of the archive");
    }
    return bytes;
  }

  @Override
  public boolean has(String name) {
    return objects.containsKey(name);
  }

  @Override
  public List<StoredObject> list(String prefix) {
    return objects.tailMap(prefix).values().stream()
        .takeWhile(stretch -> stretch.name().startsWith(prefix))
        .map(stretch -> new StoredObject(stretch.name(), stretch.sizeBytes(), 0))
        .toList();
  }

  @Override
  public void delete(String name) {
    throw readOnly();
  }

  private HoldfastException readOnly() {
    return new HoldfastException(
        "repository-denied",
        describe() + " is an archive, which is never written again",
        "to go on from it, import it into a repository: holdfast backup import");
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw DiskFaults.coded(e, file);
    }
  }
}

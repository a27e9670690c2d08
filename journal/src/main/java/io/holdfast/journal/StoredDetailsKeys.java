package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.ledger.DetailsKeyName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of keys of details in a directory, for who keeps them elsewhere. Writes nothing. */
public final class StoredDetailsKeys {
  private StoredDetailsKeys() {}

  /**
   * The bytes of each file that is whole and of this ledger, by the key's label; they are sealed
   * under the data key. A file that is no whole key, or goes while it is read, is left out.
   */
  public static SortedMap<String, byte[]> in(Disk disk, Path directory, DataKey dataKey)
      throws IOException {
    SortedMap<String, byte[]> found = new TreeMap<>();
    for (Path file : disk.list(directory)) {
      DetailsKeyName name = DetailsKeyFile.name(file);
      try {
        if (name != null) {
          byte[] bytes = bytes(disk, file);
          // Looked at only now: one that is being destroyed was not whole any more before.
          if (DetailsKeyFile.read(disk, directory, dataKey, name) != null) {
            found.put(name.label(), bytes);
          }
        }
      } catch (NoSuchFileException | FileNotFoundException e) {
        // Destroyed meanwhile.
      }
    }
    return found;
  }

  /** Whether these are the bytes of the file of the key with this label, and of this ledger. */
  public static boolean isWhole(String label, byte[] bytes, DataKey dataKey) {
    DetailsKeyName name = DetailsKeyFile.name(Path.of(label + ".key"));
    return name != null && DetailsKeyFile.parse(bytes, dataKey, name) != null;
  }

  private static byte[] bytes(Disk disk, Path file) throws IOException {
    try (DiskFile in = disk.openForReading(file)) {
      byte[] bytes = new byte[Math.toIntExact(in.sizeBytes())];
      in.read(ByteBuffer.wrap(bytes), 0);
      return bytes;
    }
  }
}

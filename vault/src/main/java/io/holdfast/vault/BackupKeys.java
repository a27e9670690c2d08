package io.holdfast.vault;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.vault.BackupManifest.KeyRef;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of details in a backup: by their names, the files as they are. They are sealed under the
 * data key, too, and are destroyed in the repository when history says so.
 */
final class BackupKeys {
  /** What the data key is called among them. */
  static final String DATA = "data";

  private static final String SUFFIX = ".key";
  private static final String WHOLE = "holdfast-details-key ";
  private static final int FILE_BYTES_MAX = 4_096;

  private BackupKeys() {}

  static List<KeyRef> sendDetails(Disk disk, Path directory, Sender sender) throws IOException {
    List<KeyRef> keys = new ArrayList<>();
    for (Path file : disk.list(directory)) {
      String name = String.valueOf(file.getFileName());
      if (!name.endsWith(SUFFIX)) {
        continue;
      }
      byte[] content;
      try {
        content = read(disk, file);
      } catch (NoSuchFileException | FileNotFoundException e) {
        continue; // destroyed meanwhile
      }
      if (new String(content, StandardCharsets.US_ASCII).contains(WHOLE)) {
        String label = name.substring(0, name.length() - SUFFIX.length());
        Sender.Sent sent = sender.send(ObjectKind.DETAILS_KEY, identity(label), content);
        keys.add(new KeyRef(label, sent.name()));
      }
    }
    return keys;
  }

  static byte[] identity(String label) {
    return label.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] read(Disk disk, Path file) throws IOException {
    try (DiskFile in = disk.openForReading(file)) {
      byte[] content = new byte[(int) Math.min(FILE_BYTES_MAX, in.sizeBytes())];
      in.read(ByteBuffer.wrap(content), 0);
      return content;
    }
  }
}

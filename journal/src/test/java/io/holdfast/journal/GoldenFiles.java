package io.holdfast.journal;

import io.holdfast.kernel.SystemDisk;
import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Files that were written when their format was fixed, on a disk in memory. */
final class GoldenFiles {
  static final Path DIRECTORY = Path.of("/golden");

  private GoldenFiles() {}

  /** The segments or checkpoints of a folder. */
  static HostileDisk disk(String folder) throws IOException {
    HostileDisk disk = new HostileDisk(1);
    for (Path file : SystemDisk.INSTANCE.list(path(folder))) {
      String name = String.valueOf(file.getFileName());
      if (name.endsWith(".segment") || name.endsWith(".checkpoint")) {
        disk.writeDurably(DIRECTORY.resolve(name), Files.readAllBytes(file));
      }
    }
    return disk;
  }

  /**
   * The data key of a folder.
   *
   * @param temporary where a file may be made that its owner alone can read
   */
  static DataKey key(String folder, Path temporary) throws IOException {
    Path secret = temporary.resolve(DataKey.FILE);
    SystemDisk.INSTANCE.writeSecret(secret, Files.readAllBytes(path(folder).resolve(DataKey.FILE)));
    return DataKey.read(secret);
  }

  private static Path path(String folder) {
    URL found = Objects.requireNonNull(GoldenFiles.class.getResource("/" + folder));
    try {
      return Path.of(found.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.holdfast.systemtests;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** Changes what a disk stores, as a failing one does. */
final class StoredBits {
  private StoredBits() {}

  /** Flips a bit of the byte at {@code at}; done twice, it is as before. */
  static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile stored = new RandomAccessFile(file.toFile(), "rw")) {
      stored.seek(at);
      int old = stored.read();
      stored.seek(at);
      stored.write(old ^ 0x10);
    }
  }
}

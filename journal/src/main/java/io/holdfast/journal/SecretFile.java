package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Reads files of the keys directory; a secret one only if nobody but its owner can. */
public final class SecretFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  /** Larger than any certificate or key of ours; what is larger is something else. */
  private static final int BYTES_MAX = 64 * 1024;

  private SecretFile() {}

  /**
   * Reads a secret.
   *
   * @throws HoldfastException code {@code key-file-exposed} when its mode is wider than 600, else
   *     as {@link #readPublic}
   */
  public static byte[] readSecret(Path file) {
    byte[] content = readPublic(file);
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (!OWNER_ONLY.containsAll(mode)) {
        throw new HoldfastException(
            "key-file-exposed",
            file
                + " has mode "
                + PosixFilePermissions.toString(mode)
                + "; allowed: rw------- (600) or less, for it is secret",
            "chmod 600 " + file + ", and think about who may have read it until now");
      }
    } catch (IOException | UnsupportedOperationException e) { // the latter: it has no modes at all
      throw new HoldfastException(
          "key-file-exposed",
          file + ": its mode cannot be read, so that nobody knows who can read it: " + e,
          "keep keys on a POSIX file system",
          e);
    }
    return content;
  }

  /** Reads a file; codes {@code key-file-missing}, {@code key-file-unreadable}. */
  public static byte[] readPublic(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new HoldfastException(
            "key-file-damaged",
            file + " has " + Files.size(file) + " bytes; allowed: at most " + BYTES_MAX,
            "this is no file that 'holdfast init' made");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new HoldfastException(
          "key-file-missing",
          file + " does not exist",
          "copy the whole directory that 'holdfast init' made for this node, keys included",
          e);
    } catch (IOException e) {
      throw new HoldfastException(
          "key-file-unreadable",
          file + " cannot be read: " + e,
          "the node's own user must own it",
          e);
    }
  }
}

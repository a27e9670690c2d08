package io.holdfast.vault;

import io.holdfast.journal.SecretFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Files with a master key: one line of 64 hex digits, and before it lines that begin with {@code #}
 * and mean nothing; readable by their owner alone.
 */
public final class MasterKeyFiles {
  static final int KEY_BYTES = 32;

  private static final String COMMENT =
      """
      # A master key of Holdfast backups. Whoever has it can read every backup that it opens;
      # when no master key is left, nobody can. Keep a copy away from the backups and the ledger.
      """;

  private static final SecureRandom RANDOM = new SecureRandom();

  private MasterKeyFiles() {}

  /**
   * Makes a new key in a new file.
   *
   * @throws HoldfastException codes {@code key-file-exists}, {@code key-file-unwritable}
   */
  public static void create(Path file) {
    byte[] key = new byte[KEY_BYTES];
    RANDOM.nextBytes(key);
    byte[] text =
        (COMMENT + HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII);
    try {
      if (Files.exists(file)) {
        throw new HoldfastException(
            "key-file-exists",
            file + " exists; nothing was written",
            "a key that is overwritten is lost, and what it opens with it: choose another name");
      }
      SystemDisk.INSTANCE.writeSecret(file, text);
    } catch (IOException e) {
      throw new HoldfastException(
          "key-file-unwritable",
          file
              + " cannot be written: "
              + (e instanceof NoSuchFileException ? "its directory does not exist" : e),
          "its directory must exist, and this user must be allowed to write in it",
          e);
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
  }

  /** The 32 bytes of a key; whoever gets them wipes them. */
  static byte[] key(Path file) {
    byte[] text = read(file);
    try {
      int at = 0;
      while (at < text.length && (text[at] == '#' || text[at] == '\n')) {
        at = lineEnd(text, at) + 1;
      }
      int end = Math.min(lineEnd(text, at), text.length);
      if (end - at != 2 * KEY_BYTES) {
        throw damaged(file);
      }
      byte[] key = new byte[KEY_BYTES];
      for (int i = 0; i < KEY_BYTES; i++) {
        int high = text[at + 2 * i];
        int low = text[at + 2 * i + 1];
        if (!HexFormat.isHexDigit(high) || !HexFormat.isHexDigit(low)) {
          throw damaged(file);
        }
        key[i] = (byte) (HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low));
      }
      return key;
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  /** A secret file's bytes; whoever gets them wipes them. */
  static byte[] read(Path file) {
    try {
      return SecretFile.readSecret(file);
    } catch (HoldfastException e) {
      String hint =
          switch (e.code()) {
            case "key-file-missing" -> "correct its path, or get it from where its copy is kept";
            case "key-file-damaged" -> "this is no master key";
            case "key-file-unreadable" -> "the user who runs this must own it";
            default -> e.hint();
          };
      throw new HoldfastException(e.code(), e.message(), hint, e);
    }
  }

  private static int lineEnd(byte[] text, int from) {
    int end = from;
    while (end < text.length && text[end] != '\n' && text[end] != '\r') {
      end++;
    }
    return end;
  }

  private static HoldfastException damaged(Path file) {
    return new HoldfastException(
        "key-file-damaged",
        file + " is no master key: it does not hold one line of 64 hex digits",
        "'holdfast backup key new FILE' makes one; one that was cut or mistyped is to be restored"
            + " from its copy");
  }
}

package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.DetailsPeriod;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The file of a key of details: its name in clear, the key wrapped under the data key, so that the
 * file alone opens nothing. docs/formats/details-key.md describes it.
 */
final class DetailsKeyFile {
  private static final String HEADER = "holdfast-details-key 1";
  private static final Pattern NAME =
      Pattern.compile("([0-9]{4}(?:-[0-9]{2}){0,2})-([0-9a-f]{16})\\.key(\\.new)?");
  private static final String UNFINISHED = ".new";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int FILE_BYTES_MAX = 4_096;
  private static final HexFormat HEX = HexFormat.of();
  private static final SecureRandom RANDOM = new SecureRandom();

  private DetailsKeyFile() {}

  static Path of(Path directory, DetailsKeyName name) {
    return directory.resolve(name.label() + ".key");
  }

  /** Which key a file is of; null when it is of none, or was not finished. */
  static @Nullable DetailsKeyName name(Path file) {
    Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
    if (!matcher.matches() || matcher.group(3) != null) {
      return null;
    }
    int code = Integer.parseInt(matcher.group(1).replace("-", ""));
    return DetailsPeriod.isValid(code)
        ? new DetailsKeyName(
            new DetailsPeriod(code), HexFormat.fromHexDigitsToLong(matcher.group(2)))
        : null;
  }

  /** Whether a crash left it before it had its name; it may hold a key all the same. */
  static boolean isUnfinished(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(UNFINISHED) && NAME.matcher(name).matches();
  }

  static void write(Disk disk, Path directory, DataKey dataKey, DetailsKey key) throws IOException {
    String text =
        "# The key of the details of a period. When it is destroyed they are erased, so keep no copy.\n"
            + HEADER
            + "\nname: "
            + key.name().label()
            + "\nwrapped: "
            + HEX.formatHex(wrap(dataKey, key))
            + "\n";
    disk.writeSecret(of(directory, key.name()), text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads a key back; null when the file is not whole, or not of this ledger. */
  static @Nullable DetailsKey read(Disk disk, Path directory, DataKey dataKey, DetailsKeyName name)
      throws IOException {
    byte[] content;
    try (DiskFile file = disk.openForReading(of(directory, name))) {
      ByteBuffer into = ByteBuffer.allocate((int) Math.min(FILE_BYTES_MAX, file.sizeBytes()));
      file.read(into, 0);
      content = into.array();
    }
    return parse(content, dataKey, name);
  }

  /** Reads a key back from the bytes of its file; null as {@link #read}. */
  static @Nullable DetailsKey parse(byte[] content, DataKey dataKey, DetailsKeyName name) {
    List<String> lines =
        new String(content, StandardCharsets.US_ASCII)
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();
    if (lines.size() != 3
        || !lines.get(0).equals(HEADER)
        || !lines.get(1).equals("name: " + name.label())
        || !lines.get(2).matches("wrapped: ([0-9a-f]{2})+")) {
      return null;
    }
    byte[] wrapped = HEX.parseHex(lines.get(2).substring("wrapped: ".length()));
    return unwrap(dataKey, name, wrapped);
  }

  /** Overwrites a file and removes it, both durably; one that is gone already is no matter. */
  static void shred(Disk disk, Path file) throws IOException {
    try (DiskFile open = disk.open(file)) {
      ByteBuffer zeros = ByteBuffer.allocate(Math.toIntExact(open.sizeBytes()));
      open.write(zeros, 0);
      open.sync();
    } catch (NoSuchFileException _) {
      return;
    }
    disk.delete(file);
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      disk.syncDirectory(directory);
    }
  }

  private static byte[] wrap(DataKey dataKey, DetailsKey key) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    byte[] plain = key.bytes();
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, dataKey, nonce, key.name()).doFinal(plain);
      byte[] wrapped = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, wrapped, NONCE_BYTES, sealed.length);
      return wrapped;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot wrap a key", e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static @Nullable DetailsKey unwrap(DataKey dataKey, DetailsKeyName name, byte[] wrapped) {
    if (wrapped.length != NONCE_BYTES + DetailsKey.BYTES + TAG_BYTES) {
      return null;
    }
    try {
      byte[] nonce = Arrays.copyOf(wrapped, NONCE_BYTES);
      byte[] key =
          cipher(Cipher.DECRYPT_MODE, dataKey, nonce, name)
              .doFinal(wrapped, NONCE_BYTES, wrapped.length - NONCE_BYTES);
      return DetailsKey.of(name, key);
    } catch (GeneralSecurityException e) {
      return null; // its tag does not fit: damaged, or wrapped under another data key
    }
  }

  private static Cipher cipher(int mode, DataKey dataKey, byte[] nonce, DetailsKeyName name)
      throws GeneralSecurityException {
    SecretKey key =
        dataKey.derive("holdfast details key wrap 1".getBytes(StandardCharsets.US_ASCII));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
    cipher.updateAAD(name.label().getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }
}

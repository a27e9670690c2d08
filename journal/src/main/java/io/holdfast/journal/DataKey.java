package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The 32 random bytes under which everything of a ledger is sealed. It never encrypts anything
 * itself: keys for that are derived from it by HKDF-SHA256. Its file is text, as
 * docs/formats/data-key.md describes it, and readable by its owner alone.
 */
public final class DataKey {
  public static final String FILE = "data.key";
  public static final int BYTES = 32;

  /** Long enough never to meet by chance, short enough for the header of each sealed payload. */
  public static final int KEY_ID_BYTES = 8;

  private static final String HEADER = "holdfast-data-key 1";
  private static final HexFormat HEX = HexFormat.of();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] key;
  private final byte[] keyId;

  private DataKey(byte[] key) {
    this.key = key;
    this.keyId = Arrays.copyOf(hmac(key, "holdfast data key id"), KEY_ID_BYTES);
  }

  /** Makes a new key. */
  public static DataKey create() {
    byte[] key = new byte[BYTES];
    RANDOM.nextBytes(key);
    return new DataKey(key);
  }

  /**
   * Reads a key.
   *
   * @throws HoldfastException code {@code key-file-missing}, {@code key-file-exposed} (mode wider
   *     than 600), {@code key-file-damaged} (text or checksum wrong)
   */
  public static DataKey read(Path file) {
    return parse(SecretFile.readSecret(file), file);
  }

  /**
   * Reads a key from the bytes of its file.
   *
   * @param file for messages
   * @throws HoldfastException code {@code key-file-damaged}
   */
  public static DataKey parse(byte[] bytes, Path file) {
    String text = new String(bytes, StandardCharsets.US_ASCII);
    List<String> lines =
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      throw damaged(file, "it does not begin with '" + HEADER + "'");
    }
    if (lines.size() != 3
        || !lines.get(1).matches("key: [0-9a-f]{64}")
        || !lines.get(2).matches("checksum: [0-9a-f]{16}")) {
      throw damaged(file, "it does not hold a line 'key: ' and a line 'checksum: '");
    }
    byte[] key = HEX.parseHex(lines.get(1).substring("key: ".length()));
    byte[] checksum = HEX.parseHex(lines.get(2).substring("checksum: ".length()));
    if (!MessageDigest.isEqual(checksum, checksum(key))) {
      throw damaged(file, "its checksum does not fit its content");
    }
    return new DataKey(key);
  }

  /** Writes the key into a file that its owner alone can read. */
  public void write(Path file) throws IOException {
    String text =
        "# The data key of a Holdfast ledger. Whoever has it can read what the ledger stores;\n"
            + "# without it nobody can. Keep a copy in a safe place.\n"
            + HEADER
            + "\nkey: "
            + HEX.formatHex(key)
            + "\nchecksum: "
            + HEX.formatHex(checksum(key))
            + "\n";
    SystemDisk.INSTANCE.writeSecret(file, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Names the key without telling anything about it; 8 bytes. */
  public byte[] keyId() {
    return keyId.clone();
  }

  /** {@link #keyId()} in 16 hex digits. */
  public String keyIdHex() {
    return HEX.formatHex(keyId);
  }

  /** A key of 256 bits for AES that differs with every {@code info}: RFC 5869. */
  public SecretKey derive(byte[] info) {
    try {
      HKDFParameterSpec parameters = HKDFParameterSpec.ofExtract().addIKM(key).thenExpand(info, 32);
      return KDF.getInstance("HKDF-SHA256").deriveKey("AES", parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK from 25 on has HKDF-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "DataKey[" + keyIdHex() + "]";
  }

  private static byte[] checksum(byte[] key) {
    return Arrays.copyOf(hmac(key, "holdfast data key checksum"), 8);
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static HoldfastException damaged(Path file, String why) {
    return new HoldfastException(
        "key-file-damaged",
        file + " is damaged: " + why,
        "copy it from another node of the ledger: all have the same");
  }
}

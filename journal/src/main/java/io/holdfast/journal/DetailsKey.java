package io.holdfast.journal;

import io.holdfast.kernel.Invariants;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.DetailsPeriod;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * 32 random bytes under which the details of a period are sealed. Nothing that is kept elsewhere
 * tells anything about them: once every node has forgotten the key, what it sealed is erased.
 */
public final class DetailsKey {
  public static final int BYTES = 32;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final DetailsKeyName name;
  private final byte[] key;

  private DetailsKey(DetailsKeyName name, byte[] key) {
    this.name = name;
    this.key = key;
  }

  /** Makes a new key. */
  public static DetailsKey create(DetailsPeriod period) {
    byte[] key = new byte[BYTES];
    RANDOM.nextBytes(key);
    return new DetailsKey(new DetailsKeyName(period, fingerprint(key)), key);
  }

  /** The key of this name; null when these bytes are not it. */
  public static @Nullable DetailsKey of(DetailsKeyName name, byte[] key) {
    return key.length == BYTES && fingerprint(key) == name.fingerprint()
        ? new DetailsKey(name, key.clone())
        : null;
  }

  public DetailsKeyName name() {
    return name;
  }

  /** The key itself, for another node of the ledger. */
  public byte[] bytes() {
    return key.clone();
  }

  /** Seals and opens details under this key; for one thread. */
  public DetailsCipher cipher() {
    return new DetailsCipher(name, derive("tag", "HmacSHA256"), derive("cipher", "AES"));
  }

  /** Overwrites the key in memory; it is of no use from now on. */
  void forget() {
    Arrays.fill(key, (byte) 0);
  }

  private SecretKey derive(String purpose, String algorithm) {
    byte[] info = ("holdfast details " + purpose + " 1").getBytes(StandardCharsets.US_ASCII);
    try {
      HKDFParameterSpec parameters =
          HKDFParameterSpec.ofExtract().addIKM(key).thenExpand(info, BYTES);
      return KDF.getInstance("HKDF-SHA256").deriveKey(algorithm, parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK from 25 on has HKDF-SHA256", e);
    }
  }

  private static long fingerprint(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] digest = mac.doFinal("holdfast details key id".getBytes(StandardCharsets.US_ASCII));
      Invariants.check(digest.length == BYTES, "HMAC-SHA256 has 32 bytes");
      return ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN).getLong();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  @Override
  public String toString() {
    return "DetailsKey[" + name.label() + "]";
  }
}

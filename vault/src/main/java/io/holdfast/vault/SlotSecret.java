package io.holdfast.vault;

import com.google.crypto.tink.Aead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a master key locks: the private key of its slot, and the secret that all keys of the
 * repository carry inside, so that only who could open the repository can have written them.
 *
 * <pre>
 * secret, locked by the master key:  repository's secret (32), private key (32)
 * keys, sealed to the public key:    repository's secret (32), digest of the object (32),
 *                                    RepositoryKeys
 * </pre>
 */
final class SlotSecret {
  static final int REPOSITORY_SECRET_BYTES = 32;
  private static final int DIGEST_BYTES = 32;

  private final byte[] repositorySecret;
  private final SlotKey key;

  private SlotSecret(byte[] repositorySecret, SlotKey key) {
    this.repositorySecret = repositorySecret;
    this.key = key;
  }

  byte[] repositorySecret() {
    return repositorySecret;
  }

  /** A slot for a master key, in which nothing is sealed yet. */
  static KeysObject.Slot newSlot(
      String repository, String name, MasterKey master, byte[] repositorySecret, long now) {
    KeysObject.checkName(name);
    SlotLock lock = SlotLock.fresh(master);
    SlotKey key = SlotKey.create();
    byte[] privateKey = key.privateBytes();
    byte[] secret =
        ByteBuffer.allocate(REPOSITORY_SECRET_BYTES + SlotKey.PRIVATE_BYTES)
            .put(repositorySecret)
            .put(privateKey)
            .array();
    try {
      byte[] locked = lock.with(master).encrypt(secret, context("slot", repository, name));
      return new KeysObject.Slot(
          name, now, lock, key.publicHex(), HexFormat.of().formatHex(locked), "");
    } catch (GeneralSecurityException e) {
      if (master instanceof MasterKey.Kms kms) {
        throw KeyServices.unavailable(kms.uri(), e);
      }
      throw new IllegalStateException("sealing in memory cannot fail", e);
    } finally {
      Arrays.fill(privateKey, (byte) 0);
      Arrays.fill(secret, (byte) 0);
    }
  }

  /**
   * Opens a slot.
   *
   * @return null when this master key does not fit
   */
  static @Nullable SlotSecret open(String repository, KeysObject.Slot slot, MasterKey master) {
    Aead lock = slot.lock().with(master);
    byte[] secret;
    try {
      secret = lock.decrypt(hex(slot.secret()), context("slot", repository, slot.name()));
    } catch (GeneralSecurityException e) {
      if (master instanceof MasterKey.Kms kms && e.getCause() != null) {
        throw KeyServices.unavailable(kms.uri(), e); // its client wraps what the service said
      }
      return null;
    }
    byte[] privateKey = {};
    try {
      privateKey = Arrays.copyOfRange(secret, REPOSITORY_SECRET_BYTES, secret.length);
      return new SlotSecret(
          Arrays.copyOf(secret, REPOSITORY_SECRET_BYTES), SlotKey.of(slot.publicKey(), privateKey));
    } catch (GeneralSecurityException e) {
      return null;
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(privateKey, (byte) 0);
    }
  }

  /** The keys that are sealed in this slot. */
  RepositoryKeys keys(KeysObject object, KeysObject.Slot slot) throws GeneralSecurityException {
    byte[] opened =
        key.open(
            hex(slot.keys()),
            context("keys", object.repository() + ":" + object.number(), slot.name()));
    try {
      ByteBuffer content = ByteBuffer.wrap(opened);
      if (opened.length < REPOSITORY_SECRET_BYTES + DIGEST_BYTES
          || !MessageDigest.isEqual(repositorySecret, take(content, REPOSITORY_SECRET_BYTES))
          || !MessageDigest.isEqual(object.digest(), take(content, DIGEST_BYTES))) {
        throw new GeneralSecurityException("who sealed these keys could not open the repository");
      }
      return RepositoryKeys.fromSecretBytes(content);
    } finally {
      Arrays.fill(opened, (byte) 0);
    }
  }

  /** The object with the keys sealed in each of its slots. */
  static KeysObject sealed(KeysObject object, RepositoryKeys keys, byte[] repositorySecret) {
    byte[] secret = keys.secretBytes();
    byte[] content =
        ByteBuffer.allocate(REPOSITORY_SECRET_BYTES + DIGEST_BYTES + secret.length)
            .put(repositorySecret)
            .put(object.digest())
            .put(secret)
            .array();
    try {
      List<KeysObject.Slot> slots = new ArrayList<>();
      for (KeysObject.Slot slot : object.slots()) {
        byte[] sealed =
            SlotKey.seal(
                slot.publicKey(),
                content,
                context("keys", object.repository() + ":" + object.number(), slot.name()));
        slots.add(slot.with(HexFormat.of().formatHex(sealed)));
      }
      return new KeysObject(
          object.format(),
          object.repository(),
          object.number(),
          object.writtenAt(),
          object.dataKeys(),
          object.dataKeySince(),
          slots);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing in memory cannot fail", e);
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(content, (byte) 0);
    }
  }

  private static byte[] take(ByteBuffer from, int bytes) {
    byte[] taken = new byte[bytes];
    from.get(taken);
    return taken;
  }

  private static byte[] hex(String text) throws GeneralSecurityException {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("no hex digits", e);
    }
  }

  private static byte[] context(String what, String repository, String slot) {
    return ("holdfast " + what + " 1:" + repository + ":" + slot)
        .getBytes(StandardCharsets.US_ASCII);
  }
}

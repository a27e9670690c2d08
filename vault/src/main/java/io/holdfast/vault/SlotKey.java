package io.holdfast.vault;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.HybridConfig;
import com.google.crypto.tink.util.Bytes;
import com.google.crypto.tink.util.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

/**
 * A slot's own pair of keys (HPKE, RFC 9180: X25519, HKDF-SHA256, AES-256-GCM). Whoever holds one
 * slot's master key can so seal new keys to all slots without holding theirs, and a slot that was
 * removed opens nothing of what comes later.
 */
final class SlotKey {
  static final int PRIVATE_BYTES = 32;

  private static final HpkeParameters PARAMETERS;

  static {
    try {
      HybridConfig.register();
      PARAMETERS =
          HpkeParameters.builder()
              .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
              .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
              .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
              .setVariant(HpkeParameters.Variant.NO_PREFIX)
              .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink has what this class asks of it", e);
    }
  }

  private final HpkePrivateKey key;

  private SlotKey(HpkePrivateKey key) {
    this.key = key;
  }

  static SlotKey create() {
    try {
      return new SlotKey(
          (HpkePrivateKey) KeysetHandle.generateNew(PARAMETERS).getPrimary().getKey());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink makes keys", e);
    }
  }

  @AccessesPartialKey
  static SlotKey of(String publicKey, byte[] privateKey) throws GeneralSecurityException {
    return new SlotKey(
        HpkePrivateKey.create(
            publicKey(publicKey), SecretBytes.copyFrom(privateKey, InsecureSecretKeyAccess.get())));
  }

  @AccessesPartialKey
  String publicHex() {
    return HexFormat.of().formatHex(key.getPublicKey().getPublicKeyBytes().toByteArray());
  }

  /** Whoever gets it wipes it. */
  @AccessesPartialKey
  byte[] privateBytes() {
    return key.getPrivateKeyBytes().toByteArray(InsecureSecretKeyAccess.get());
  }

  byte[] open(byte[] sealed, byte[] context) throws GeneralSecurityException {
    return handle(key)
        .getPrimitive(RegistryConfiguration.get(), HybridDecrypt.class)
        .decrypt(sealed, context);
  }

  static byte[] seal(String publicKey, byte[] content, byte[] context)
      throws GeneralSecurityException {
    return handle(publicKey(publicKey))
        .getPrimitive(RegistryConfiguration.get(), HybridEncrypt.class)
        .encrypt(content, context);
  }

  @AccessesPartialKey
  private static HpkePublicKey publicKey(String hex) throws GeneralSecurityException {
    try {
      return HpkePublicKey.create(PARAMETERS, Bytes.copyFrom(HexFormat.of().parseHex(hex)), null);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("no public key", e);
    }
  }

  private static KeysetHandle handle(Key key) throws GeneralSecurityException {
    return KeysetHandle.newBuilder()
        .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
        .build();
  }
}

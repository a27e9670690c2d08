package io.holdfast.vault;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.PublicKeySign;
import com.google.crypto.tink.PublicKeyVerify;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.mac.HmacParameters;
import com.google.crypto.tink.mac.MacConfig;
import com.google.crypto.tink.signature.PredefinedSignatureParameters;
import com.google.crypto.tink.signature.SignatureConfig;
import com.google.crypto.tink.streamingaead.PredefinedStreamingAeadParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig;
import io.holdfast.kernel.HoldfastException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one repository: objects are compressed and sealed with a streaming AEAD under them,
 * named by a keyed digest so that names leak nothing, and manifests are signed. The newest key
 * seals and signs, every earlier one still opens and verifies; the key of names is the same for
 * ever. Immutable, for any thread.
 */
public final class RepositoryKeys {
  /** Of a signed content: version, signature, content. */
  private static final byte SIGNED_FORMAT = 1;

  /** A byte 1, the number of the key in 4, and 64 of Ed25519. */
  private static final int SIGNATURE_BYTES = 5 + 64;

  private static final int NAME_BYTES = 32;

  static {
    try {
      StreamingAeadConfig.register();
      SignatureConfig.register();
      MacConfig.register();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink has what this class asks of it", e);
    }
  }

  private final KeysetHandle nameKeys;
  private final KeysetHandle dataKeys;
  private final KeysetHandle signatureKeys;
  private final Mac naming;
  private final ObjectSealing sealing;
  private final PublicKeySign signing;
  private final PublicKeyVerify verifying;

  private RepositoryKeys(KeysetHandle nameKeys, KeysetHandle dataKeys, KeysetHandle signatureKeys)
      throws GeneralSecurityException {
    this.nameKeys = nameKeys;
    this.dataKeys = dataKeys;
    this.signatureKeys = signatureKeys;
    this.naming = nameKeys.getPrimitive(RegistryConfiguration.get(), Mac.class);
    this.sealing =
        new ObjectSealing(dataKeys.getPrimitive(RegistryConfiguration.get(), StreamingAead.class));
    this.signing = signatureKeys.getPrimitive(RegistryConfiguration.get(), PublicKeySign.class);
    this.verifying =
        signatureKeys
            .getPublicKeysetHandle()
            .getPrimitive(RegistryConfiguration.get(), PublicKeyVerify.class);
  }

  /** New keys for a new repository. */
  public static RepositoryKeys create() {
    try {
      return new RepositoryKeys(
          KeysetHandle.generateNew(nameParameters()),
          KeysetHandle.generateNew(PredefinedStreamingAeadParameters.AES256_GCM_HKDF_1MB),
          KeysetHandle.generateNew(PredefinedSignatureParameters.ED25519));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink makes keys", e);
    }
  }

  /** These keys and new ones, which seal and sign from now on. */
  public RepositoryKeys rotated() {
    try {
      return new RepositoryKeys(
          nameKeys,
          withNewPrimary(dataKeys, PredefinedStreamingAeadParameters.AES256_GCM_HKDF_1MB),
          withNewPrimary(signatureKeys, PredefinedSignatureParameters.ED25519));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink makes keys", e);
    }
  }

  /** How many keys for data there are: one more with each rotation. */
  public int dataKeyCount() {
    return dataKeys.size();
  }

  /** These keys in bytes, for {@link #fromSecretBytes}; whoever gets them wipes them. */
  byte[] secretBytes() {
    try {
      byte[][] parts = {
        TinkProtoKeysetFormat.serializeKeyset(nameKeys, InsecureSecretKeyAccess.get()),
        TinkProtoKeysetFormat.serializeKeyset(dataKeys, InsecureSecretKeyAccess.get()),
        TinkProtoKeysetFormat.serializeKeyset(signatureKeys, InsecureSecretKeyAccess.get())
      };
      int bytes = 0;
      for (byte[] part : parts) {
        bytes += Integer.BYTES + part.length;
      }
      ByteBuffer joined = ByteBuffer.allocate(bytes);
      for (byte[] part : parts) {
        joined.putInt(part.length).put(part);
        Arrays.fill(part, (byte) 0);
      }
      return joined.array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink writes keysets", e);
    }
  }

  /** Reads what {@link #secretBytes} made. */
  static RepositoryKeys fromSecretBytes(ByteBuffer bytes) throws GeneralSecurityException {
    KeysetHandle[] parts = new KeysetHandle[3];
    for (int i = 0; i < parts.length; i++) {
      int partBytes = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
      if (partBytes < 0 || partBytes > bytes.remaining()) {
        throw new GeneralSecurityException("keys are cut");
      }
      byte[] part = new byte[partBytes];
      bytes.get(part);
      parts[i] = TinkProtoKeysetFormat.parseKeyset(part, InsecureSecretKeyAccess.get());
      Arrays.fill(part, (byte) 0);
    }
    return new RepositoryKeys(parts[0], parts[1], parts[2]);
  }

  /**
   * The name of an object: {@code objects/ab/abcd…}, HMAC-SHA256 of its kind and identity.
   *
   * @param identity its content's digest, or what else names it
   */
  public String objectName(ObjectKind kind, byte[] identity) {
    byte[] word = kind.name().getBytes(StandardCharsets.US_ASCII);
    byte[] named =
        ByteBuffer.allocate(word.length + 1 + identity.length)
            .put(word)
            .put((byte) 0)
            .put(identity)
            .array();
    try {
      String hex = HexFormat.of().formatHex(naming.computeMac(named));
      return "objects/" + hex.substring(0, 2) + "/" + hex;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC cannot fail", e);
    }
  }

  /**
   * Compresses and seals.
   *
   * @param name of the object, which is bound to it
   */
  public byte[] seal(String name, byte[] content) {
    return sealing.seal(name, content);
  }

  /**
   * Opens what {@link #seal} sealed.
   *
   * @throws HoldfastException code {@code object-damaged}
   */
  public byte[] open(String name, byte[] sealed) {
    return sealing.open(name, sealed);
  }

  /** Signs; the signature goes before the content. */
  public byte[] sign(byte[] content) {
    try {
      byte[] signature = signing.sign(content);
      return ByteBuffer.allocate(1 + SIGNATURE_BYTES + content.length)
          .put(SIGNED_FORMAT)
          .put(signature)
          .put(content)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing in memory cannot fail", e);
    }
  }

  /**
   * What was signed.
   *
   * @throws HoldfastException code {@code signature-wrong}
   */
  public byte[] verified(byte[] signed) {
    if (signed.length < 1 + SIGNATURE_BYTES || signed[0] != SIGNED_FORMAT) {
      throw wrong(null);
    }
    byte[] signature = Arrays.copyOfRange(signed, 1, 1 + SIGNATURE_BYTES);
    byte[] content = Arrays.copyOfRange(signed, 1 + SIGNATURE_BYTES, signed.length);
    try {
      verifying.verify(signature, content);
      return content;
    } catch (GeneralSecurityException e) {
      throw wrong(e);
    }
  }

  @Override
  public String toString() {
    return "RepositoryKeys[" + dataKeys.size() + " of data]";
  }

  private static Parameters nameParameters() throws GeneralSecurityException {
    return HmacParameters.builder()
        .setKeySizeBytes(NAME_BYTES)
        .setTagSizeBytes(NAME_BYTES)
        .setHashType(HmacParameters.HashType.SHA256)
        .setVariant(HmacParameters.Variant.NO_PREFIX)
        .build();
  }

  private static KeysetHandle withNewPrimary(KeysetHandle keys, Parameters parameters)
      throws GeneralSecurityException {
    return KeysetHandle.newBuilder(keys)
        .addEntry(KeysetHandle.generateEntryFromParameters(parameters).withRandomId().makePrimary())
        .build();
  }

  private static HoldfastException wrong(@Nullable Exception cause) {
    String message = "a signature does not fit: who wrote this did not have the repository's keys";
    String hint = "do not restore from it; find out who else can write into the repository";
    return cause == null
        ? new HoldfastException("signature-wrong", message, hint)
        : new HoldfastException("signature-wrong", message, hint, cause);
  }
}

package io.holdfast.vault;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * What a slot's lock asks of a master key that is to open it: its kind, and how the key that locks
 * is made from it. Tells nothing about the master key but a service's URI.
 *
 * @param argon2id of a passphrase
 * @param uri of a key of a service
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SlotLock(Kind kind, @Nullable Argon2id argon2id, @Nullable String uri) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SALT_BYTES = 16;

  static {
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink has what this class asks of it", e);
    }
  }

  /** Kinds of master keys. */
  public enum Kind {
    PASSPHRASE("passphrase", "a passphrase"),
    KEY_FILE("key-file", "a key file"),
    KMS("kms", "a key of a key management service");

    private final String code;
    private final String words;

    Kind(String code, String words) {
      this.code = code;
      this.words = words;
    }

    /** As it is stored. */
    @JsonValue
    public String code() {
      return code;
    }

    public String words() {
      return words;
    }
  }

  /**
   * How a passphrase is stretched: version 1.3 of RFC 9106.
   *
   * @param salt hex
   */
  public record Argon2id(String salt, int memoryKib, int iterations, int lanes) {
    /** What RFC 9106 recommends where memory is scarce: 64 MiB, three passes, four lanes. */
    static final int MEMORY_KIB = 64 * 1024;

    static final int ITERATIONS = 3;
    static final int LANES = 4;

    /** What is larger is no lock of ours, and would stop this process rather than open. */
    private static final int MEMORY_KIB_MAX = 1024 * 1024;

    private static final int ITERATIONS_MAX = 100;

    public Argon2id {
      if (!salt.matches("[0-9a-f]{32,128}")
          || memoryKib < 8 * lanes
          || memoryKib > MEMORY_KIB_MAX
          || iterations < 1
          || iterations > ITERATIONS_MAX
          || lanes < 1
          || lanes > 64) {
        throw new IllegalArgumentException("parameters of argon2id are out of range");
      }
    }

    private static Argon2id fresh() {
      byte[] salt = new byte[SALT_BYTES];
      RANDOM.nextBytes(salt);
      return new Argon2id(HexFormat.of().formatHex(salt), MEMORY_KIB, ITERATIONS, LANES);
    }

    private byte[] stretched(MasterKey.Passphrase passphrase) {
      Argon2BytesGenerator generator = new Argon2BytesGenerator();
      generator.init(
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withSalt(HexFormat.of().parseHex(salt))
              .withMemoryAsKB(memoryKib)
              .withIterations(iterations)
              .withParallelism(lanes)
              .build());
      byte[] given = passphrase.utf8();
      byte[] key = new byte[MasterKeyFiles.KEY_BYTES];
      generator.generateBytes(given, key);
      Arrays.fill(given, (byte) 0);
      return key;
    }
  }

  public SlotLock {
    boolean whole =
        switch (kind) {
          case PASSPHRASE -> argon2id != null && uri == null;
          case KEY_FILE -> argon2id == null && uri == null;
          case KMS -> argon2id == null && uri != null;
        };
    if (!whole) {
      throw new IllegalArgumentException("a lock has what its kind needs and nothing else");
    }
  }

  /** A new lock for a master key. */
  static SlotLock fresh(MasterKey master) {
    return switch (master) {
      case MasterKey.Passphrase _ -> new SlotLock(Kind.PASSPHRASE, Argon2id.fresh(), null);
      case MasterKey.KeyFile _ -> new SlotLock(Kind.KEY_FILE, null, null);
      case MasterKey.Kms kms -> new SlotLock(Kind.KMS, null, kms.uri());
    };
  }

  /** Whether a master key is of the kind that this lock wants; if so it may be the right one. */
  boolean mayFit(MasterKey master) {
    return switch (master) {
      case MasterKey.Passphrase _ -> kind == Kind.PASSPHRASE;
      case MasterKey.KeyFile _ -> kind == Kind.KEY_FILE;
      case MasterKey.Kms kms -> kms.uri().equals(uri);
    };
  }

  /** What locks and opens with a master key that {@link #mayFit may fit}. */
  Aead with(MasterKey master) {
    return switch (master) {
      case MasterKey.Passphrase passphrase -> {
        Argon2id stretching = argon2id;
        if (stretching == null) {
          throw new IllegalArgumentException("not the lock of a passphrase");
        }
        yield aead(stretching.stretched(passphrase));
      }
      case MasterKey.KeyFile keyFile -> aead(MasterKeyFiles.key(keyFile.file()));
      case MasterKey.Kms kms -> KeyServices.aead(kms.uri());
    };
  }

  /** AES-256-GCM under a key that is wiped. */
  @AccessesPartialKey
  private static Aead aead(byte[] key) {
    try {
      AesGcmParameters parameters =
          AesGcmParameters.builder()
              .setKeySizeBytes(key.length)
              .setIvSizeBytes(12)
              .setTagSizeBytes(16)
              .setVariant(AesGcmParameters.Variant.NO_PREFIX)
              .build();
      AesGcmKey imported =
          AesGcmKey.builder()
              .setParameters(parameters)
              .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
              .build();
      return KeysetHandle.newBuilder()
          .addEntry(KeysetHandle.importKey(imported).withRandomId().makePrimary())
          .build()
          .getPrimitive(RegistryConfiguration.get(), Aead.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink has AES-256-GCM", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}

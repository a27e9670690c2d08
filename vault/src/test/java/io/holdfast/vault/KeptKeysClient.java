package io.holdfast.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A key management service in this process; keys named {@code kept:away…} cannot be reached. */
public final class KeptKeysClient implements KmsClient {
  private static final Map<String, Aead> KEYS = new ConcurrentHashMap<>();

  @Override
  public boolean doesSupport(String keyUri) {
    return keyUri.startsWith("kept:");
  }

  @Override
  public KmsClient withCredentials(@Nullable String path) {
    return this;
  }

  @Override
  public KmsClient withDefaultCredentials() {
    return this;
  }

  @Override
  public Aead getAead(@Nullable String keyUri) throws GeneralSecurityException {
    if (keyUri == null || keyUri.startsWith("kept:away")) {
      throw new GeneralSecurityException("asking failed", new IOException("no route to host"));
    }
    return KEYS.computeIfAbsent(keyUri, uri -> fresh());
  }

  private static Aead fresh() {
    try {
      AeadConfig.register();
      return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM)
          .getPrimitive(RegistryConfiguration.get(), Aead.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.holdfast.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.holdfast.kernel.HoldfastException;
import java.security.GeneralSecurityException;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Key management services, by Tink's clients on the class path: {@code tink-awskms} for {@code
 * aws-kms://…}, {@code tink-gcpkms} for {@code gcp-kms://…}, or one of your own.
 */
final class KeyServices {
  private KeyServices() {}

  /**
   * What wraps and unwraps with the key of this URI, without ever seeing it.
   *
   * @throws HoldfastException codes {@code key-service-unknown}, {@code key-service-unavailable}
   */
  static Aead aead(String uri) {
    try {
      for (KmsClient client : ServiceLoader.load(KmsClient.class)) {
        if (client.doesSupport(uri)) {
          return client.withDefaultCredentials().getAead(uri);
        }
      }
    } catch (GeneralSecurityException | RuntimeException | ServiceConfigurationError e) {
      throw unavailable(uri, e);
    }
    throw new HoldfastException(
        "key-service-unknown",
        "no client for the key " + uri + " is on the class path",
        "put the jar of its Tink client (tink-awskms, tink-gcpkms, …) into the directory lib");
  }

  static HoldfastException unavailable(String uri, Throwable cause) {
    return new HoldfastException(
        "key-service-unavailable",
        "the service of the key " + uri + " could not be asked: " + cause,
        "check its credentials and that this host reaches it; another slot's key opens as well",
        cause);
  }
}

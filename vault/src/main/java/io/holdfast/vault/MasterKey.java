package io.holdfast.vault;

import java.nio.file.Path;

/**
 * What opens a repository's keys: a passphrase, a file with 32 random bytes, or a key that a key
 * management service keeps. It never gets into a repository.
 */
public sealed interface MasterKey {
  /** A passphrase, stretched with Argon2id. */
  record Passphrase(String value) implements MasterKey {
    @Override
    public String toString() {
      return "Passphrase[…]";
    }
  }

  /** A file with 64 hex digits. */
  record KeyFile(Path file) implements MasterKey {}

  /** A key of a service, by the URI that its client takes. */
  record Kms(String uri) implements MasterKey {}
}

package io.holdfast.node;

import io.holdfast.vault.Vault;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A repository, opened when it is first needed, for all who work on it. For any thread. */
final class OpenVault implements AutoCloseable {
  private final Supplier<Vault> opening;
  private @Nullable Vault vault;

  /**
   * @param opening opens it anew: with the master key that is configured, as it is now
   */
  OpenVault(Supplier<Vault> opening) {
    this.opening = opening;
  }

  synchronized Vault get() {
    Vault open = vault;
    if (open == null) {
      open = opening.get();
      vault = open;
    }
    return open;
  }

  /** Opens it once more: throws unless the master key fits. */
  void tryKey() {
    opening.get().close();
  }

  @Override
  public synchronized void close() {
    if (vault != null) {
      vault.close();
      vault = null;
    }
  }
}

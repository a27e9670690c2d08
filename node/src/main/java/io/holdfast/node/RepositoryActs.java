package io.holdfast.node;

import io.holdfast.journal.Lineage;
import io.holdfast.kernel.Clock;
import io.holdfast.vault.Backup;
import io.holdfast.vault.BackupSource;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.Repository;
import io.holdfast.vault.TailStream;
import io.holdfast.vault.Vault;

/** What is done to a real repository. */
final class RepositoryActs implements VaultActs {
  /** Two files at a time: the payments have the rest of the node. */
  private static final int AT_ONCE = 2;

  private final RepositoryConfig config;
  private final OpenVault vault;
  private final Clock clock;

  RepositoryActs(RepositoryConfig config, OpenVault vault, Clock clock) {
    this.config = config;
    this.vault = vault;
    this.clock = clock;
  }

  static Vault open(RepositoryConfig config) {
    Repository repository = Repositories.open(config.where());
    try {
      return Vault.open(repository, config.key().read());
    } catch (RuntimeException e) {
      repository.close();
      throw e;
    }
  }

  @Override
  public Found lookUp(Lineage lineage) {
    Manifests.Named newest = TailStream.newest(Manifests.all(vault.get()).backups(), lineage);
    return newest == null ? new Found(null, null, 0) : new Found(newest.id(), newest.manifest(), 0);
  }

  @Override
  public Taken backUp(BackupSource source, RepositoryProgress progress) {
    RepositoryConfig.Work work = config.work();
    Backup.Options options = new Backup.Options(work.replayBound(), work.bytesPerSecond(), AT_ONCE);
    Backup.Result result = Backup.run(vault.get(), source, options, clock, progress);
    return new Taken(result.named().id(), result.manifest());
  }

  @Override
  public String expire(RepositoryConfig.Keep keep) {
    return "nothing expired";
  }

  @Override
  public void prove(RepositoryProgress progress) {}

  @Override
  public void tryKey() {
    vault.tryKey();
  }
}

package io.holdfast.node;

import io.holdfast.journal.Lineage;
import io.holdfast.journal.StoredDetailsKeys;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.vault.Backup;
import io.holdfast.vault.BackupSource;
import io.holdfast.vault.Expire;
import io.holdfast.vault.ExpirePlan;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.Pause;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.Repository;
import io.holdfast.vault.Retention;
import io.holdfast.vault.TailStream;
import io.holdfast.vault.Telling;
import io.holdfast.vault.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** What is done to a real repository. */
final class RepositoryActs implements VaultActs {
  /** Two files at a time: the payments have the rest of the node. */
  private static final int AT_ONCE = 2;

  /** For a backup that somebody else takes; what is not deleted now is after the next one. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

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
    Retention retention =
        new Retention(keep.last(), keep.daily(), keep.weekly(), keep.monthly(), keep.within());
    ExpirePlan done =
        new Expire(vault.get(), clock, Pause.SYSTEM, Telling.NONE)
            .apply(new Expire.Wanted(retention, Set.of()), PATIENCE);
    return done.going().size() + " backups expired, " + done.freedBytes() + " bytes freed";
  }

  @Override
  public Set<String> detailsKeys(BackupSource source) {
    Path directory = source.keys().resolve("details");
    try {
      return StoredDetailsKeys.in(SystemDisk.INSTANCE, directory, source.dataKey()).keySet();
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  @Override
  public void prove(RepositoryProgress progress) {}

  @Override
  public void tryKey() {
    vault.tryKey();
  }
}

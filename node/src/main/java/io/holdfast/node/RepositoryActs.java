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
import io.holdfast.vault.Finding;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.PacedRepository;
import io.holdfast.vault.Pause;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.Repository;
import io.holdfast.vault.Retention;
import io.holdfast.vault.TailStream;
import io.holdfast.vault.Telling;
import io.holdfast.vault.Vault;
import io.holdfast.vault.Verify;
import io.holdfast.vault.VerifyResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** What is done to a real repository. */
final class RepositoryActs implements VaultActs {
  /**
   * What one thread reads, seals and stores in a second while the store takes a while to answer.
   */
  private static final long BYTES_PER_THREAD = 16L << 20;

  /** What was proved so long ago is proved again: a store loses things in time. */
  private static final Duration PROVED_AGAIN = Duration.ofDays(30);

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
    return open(config, (repository, bytesPerSecond) -> repository);
  }

  private static Vault open(
      RepositoryConfig config, BiFunction<Repository, Long, Repository> within) {
    Repository repository =
        within.apply(Repositories.open(config.where()), config.work().bytesPerSecond());
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
    Backup.Options options =
        new Backup.Options(
            work.replayBound(), work.bytesPerSecond(), atOnce(work.bytesPerSecond()));
    Backup.Result result = Backup.run(vault.get(), source, options, clock, progress);
    return new Taken(result.named().id(), result.manifest());
  }

  /** No more threads than the rate needs: they work by turns, and payments have the rest. */
  static int atOnce(long bytesPerSecond) {
    return Math.clamp(bytesPerSecond / BYTES_PER_THREAD, 1, Backup.Options.AT_ONCE);
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
  public boolean hasJournal(BackupSource source) {
    try {
      return source.open() != null || !source.sealedSegments().isEmpty();
    } catch (IOException e) {
      throw DiskFaults.coded(e, source.keys());
    }
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
  public Proof prove() {
    try (Vault quiet = open(config, PacedRepository::reading)) {
      VerifyResult found =
          Verify.run(quiet, List.of(), new Verify.Mode.Since(PROVED_AGAIN), clock, Telling.NONE);
      Finding first = found.proved() ? null : found.findings().getFirst();
      return new Proof(
          found.proved(),
          first == null
              ? found.objects() + " objects proved, " + found.skipped() + " proved before"
              : found.findings().size()
                  + " findings, the first: "
                  + first.object()
                  + ": "
                  + first.what());
    }
  }

  @Override
  public void tryKey() {
    vault.tryKey();
  }
}

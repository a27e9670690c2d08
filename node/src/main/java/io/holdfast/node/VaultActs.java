package io.holdfast.node;

import io.holdfast.journal.Lineage;
import io.holdfast.vault.BackupManifest;
import io.holdfast.vault.BackupSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is done to a repository beside the stream. Each may take long, and fail as coded. */
interface VaultActs {
  /**
   * What was done to it before.
   *
   * @param name of the newest backup of the history; null for none
   * @param provedNanos when it was proved last; 0 for never
   */
  record Found(@Nullable String name, @Nullable BackupManifest manifest, long provedNanos) {}

  /** A backup that was taken. */
  record Taken(String name, BackupManifest manifest) {}

  /**
   * What a proof gave.
   *
   * @param whole whether all can be restored
   */
  record Proof(boolean whole, String words) {}

  Found lookUp(Lineage lineage);

  Taken backUp(BackupSource source, RepositoryProgress progress);

  /** Deletes what is not to be kept; returns in words what that was. */
  String expire(RepositoryConfig.Keep keep);

  /** Whether there is anything to back up yet. */
  boolean hasJournal(BackupSource source);

  /** The names of the keys of details that the node has. */
  Set<String> detailsKeys(BackupSource source);

  /** Proves what was not proved lately. */
  Proof prove();

  /** Opens the repository anew with the master key that is configured. */
  void tryKey();
}

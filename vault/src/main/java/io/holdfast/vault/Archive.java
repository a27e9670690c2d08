package io.holdfast.vault;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Backups in one file, for tape or an air gap: with all that a restore needs, sealed under keys of
 * its own that a master key opens. docs/formats/archive.md describes it.
 */
public final class Archive {
  private Archive() {}

  /**
   * What an export made.
   *
   * @param sizeBytes of the file
   */
  public record Exported(Manifests.Named backup, long sizeBytes) {}

  /**
   * Makes an archive of a backup.
   *
   * @throws HoldfastException codes {@code archive-exists}, {@code object-missing}, {@code
   *     object-damaged}: then there is no file
   */
  public static Exported export(
      Vault from, Manifests.Named backup, Path file, MasterKey master, Telling telling) {
    try (ArchiveWriter writer = ArchiveWriter.create(file);
        Vault to = made(writer, master)) {
      BackupManifest copied =
          new BackupCopy(from, to, Backup.Options.AT_ONCE, telling)
              .copy(backup.manifest(), backup.manifest().kind(), new SystemClock());
      String name = Manifests.publish(to, copied);
      return new Exported(new Manifests.Named(name, copied), writer.finish());
    } catch (IOException e) {
      throw DiskFaults.coded(e, file);
    }
  }

  /** Makes an archive straight from a source. */
  public static Exported export(
      BackupSource source, Path file, MasterKey master, Backup.Options options, Telling telling) {
    try (ArchiveWriter writer = ArchiveWriter.create(file);
        Vault to = made(writer, master)) {
      Backup.Result result = Backup.run(to, source, options, new SystemClock(), telling);
      return new Exported(result.named(), writer.finish());
    }
  }

  /**
   * Puts all backups of an archive into a repository.
   *
   * @param archive opened
   * @return the last of them
   */
  public static Manifests.Named importInto(
      Vault archive, Vault repository, Clock clock, Telling telling) {
    Manifests.All all = Manifests.all(archive);
    if (!all.faults().isEmpty() || all.backups().isEmpty()) {
      throw new HoldfastException(
          "archive-damaged",
          archive.repository().describe()
              + (all.faults().isEmpty() ? " holds no backup" : ": " + all.faults().getFirst()),
          "take another copy of the archive");
    }
    Manifests.Named last = all.backups().getLast();
    try (Turn turn = Backup.turn(repository, clock)) {
      BackupManifest copied =
          new BackupCopy(archive, repository, Backup.Options.AT_ONCE, telling)
              .copy(last.manifest(), BackupManifest.Kind.IMPORTED, clock);
      return new Manifests.Named(Backup.publish(repository, copied, turn), copied);
    } catch (IOException e) {
      throw new HoldfastException("disk-failed", String.valueOf(e.getMessage()), "", e);
    }
  }

  private static Vault made(ArchiveWriter writer, MasterKey master) {
    return new Vault(writer, VaultKeys.create(writer, master, VaultKeys.FIRST_SLOT).keys());
  }
}

package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.StoredDetailsKeys;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.DetailsPeriod;
import io.holdfast.vault.BackupManifest.Erasure;
import io.holdfast.vault.BackupManifest.KeyRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys of a backup: the data key, and those of details, as the node keeps them. A key of
 * details whose destruction history tells of is destroyed in the repository, too, so that what was
 * erased does not come back with a restore.
 */
final class BackupKeys {
  /** What the data key is called among them. */
  static final String DATA = "data";

  private static final String DETAILS = "details";

  /** A key's label is its period's, a dash and 16 digits. */
  private static final int FINGERPRINT_CHARS = 17;

  private final Vault vault;
  private final Sender sender;
  private final Path directory;
  private final DataKey dataKey;

  BackupKeys(Vault vault, Sender sender, Path directory, DataKey dataKey) {
    this.vault = vault;
    this.sender = sender;
    this.directory = directory;
    this.dataKey = dataKey;
  }

  List<KeyRef> send(Disk disk) throws IOException {
    List<KeyRef> keys = new ArrayList<>();
    byte[] data = Files.readAllBytes(directory.resolve(DataKey.FILE));
    keys.add(new KeyRef(DATA, sender.send(ObjectKind.DATA_KEY, dataKey.keyId(), data).name()));
    Map<String, byte[]> details = StoredDetailsKeys.in(disk, directory.resolve(DETAILS), dataKey);
    details.forEach(
        (label, bytes) ->
            keys.add(
                new KeyRef(
                    label, sender.send(ObjectKind.DETAILS_KEY, identity(label), bytes).name())));
    return keys;
  }

  static byte[] identity(String label) {
    return label.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Deletes keys of earlier backups that were destroyed after those.
   *
   * @param alive keys that the node has: one of an erased period that was not in use yet is not
   *     destroyed with the others
   * @return what could not be deleted, and why
   */
  List<String> destroy(List<BackupManifest> earlier, List<KeyRef> alive, List<Erasure> erasures) {
    Set<String> settled = new HashSet<>();
    alive.forEach(key -> settled.add(key.object()));
    List<String> failures = new ArrayList<>();
    for (BackupManifest manifest : earlier) {
      for (KeyRef key : manifest.keys()) {
        if (isDestroyed(key.name(), manifest.lastOp(), erasures)
            && settled.add(key.object())
            && sender.isThere(key.object())) {
          delete(key, failures);
        }
      }
    }
    return failures;
  }

  static boolean isDestroyed(String name, long lastOp, List<Erasure> erasures) {
    if (name.equals(DATA) || name.length() <= FINGERPRINT_CHARS) {
      return false;
    }
    DetailsPeriod period =
        DetailsPeriod.parse(name.substring(0, name.length() - FINGERPRINT_CHARS));
    return erasures.stream()
        .anyMatch(
            erasure ->
                erasure.op() > lastOp && DetailsPeriod.parse(erasure.period()).contains(period));
  }

  private void delete(KeyRef key, List<String> failures) {
    try {
      vault.repository().delete(key.object());
    } catch (HoldfastException e) {
      if (!e.code().equals("object-locked")) {
        throw e;
      }
      failures.add(
          "the key of details "
              + key.name()
              + " is destroyed, but the repository keeps it until its lock ends: "
              + e.message());
    }
  }
}

package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.StoredDetailsKeys;
import io.holdfast.kernel.HoldfastException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Proves the keys of backups: the data key opens and is the one that the manifest names; keys of
 * details are whole under it. One whose destruction history tells of is rightly gone.
 */
final class VerifyKeys {
  private final VerifyObjects objects;
  private final Findings findings;
  private final Map<String, DataKey> dataKeys = new HashMap<>();

  VerifyKeys(VerifyObjects objects, Findings findings) {
    this.objects = objects;
    this.findings = findings;
  }

  /** The data key of a backup; null, and a finding, when there is none that fits. */
  @Nullable DataKey dataKey(Manifests.Named named) {
    BackupManifest manifest = named.manifest();
    for (BackupManifest.KeyRef key : manifest.keys()) {
      if (key.name().equals(BackupKeys.DATA)) {
        DataKey found = dataKey(key, named);
        if (found != null && found.keyIdHex().equals(manifest.dataKeyId())) {
          return found;
        }
        if (found != null) {
          findings.add(
              named.name(),
              "its data key is " + found.keyIdHex() + ", and it names " + manifest.dataKeyId(),
              "the whole backup",
              List.of(named.name()));
        }
        return null;
      }
    }
    findings.add(named.name(), "it names no data key", "the whole backup", List.of(named.name()));
    return null;
  }

  private @Nullable DataKey dataKey(BackupManifest.KeyRef key, Manifests.Named named) {
    DataKey known = dataKeys.get(key.object());
    if (known != null) {
      return known;
    }
    try {
      DataKey found = DataKey.parse(objects.load(key.object()), Path.of(DataKey.FILE));
      dataKeys.put(key.object(), found);
      return found;
    } catch (HoldfastException e) {
      findings.add(
          key.object(),
          e,
          "the data key of the ledger: without it nothing can be restored",
          List.of(named.name()));
      return null;
    }
  }

  /**
   * The keys of details of a backup.
   *
   * @param erasures all that is known of this ledger's history
   */
  void details(Manifests.Named named, DataKey dataKey, List<BackupManifest.Erasure> erasures) {
    for (BackupManifest.KeyRef key : named.manifest().keys()) {
      if (key.name().equals(BackupKeys.DATA)
          || BackupKeys.isDestroyed(key.name(), named.manifest().lastOp(), erasures)) {
        continue;
      }
      List<String> faults = new ArrayList<>();
      try {
        if (!StoredDetailsKeys.isWhole(key.name(), objects.load(key.object()), dataKey)) {
          faults.add(key.object() + " is not the key of details " + key.name());
        }
      } catch (HoldfastException e) {
        if (e.code().startsWith("repository-")) {
          throw e;
        }
        faults.add(e.message());
      }
      for (String fault : faults) {
        findings.add(
            key.object(),
            fault,
            "the key of details " + key.name() + ": without it these cannot be read",
            List.of(named.name()));
      }
    }
  }
}

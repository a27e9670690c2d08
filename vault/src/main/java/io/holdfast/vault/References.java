package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Which objects backups need: what they name, and what their maps of pages name. */
final class References {
  private References() {}

  /** What a manifest names. */
  static Set<String> named(BackupManifest manifest) {
    Set<String> names = new HashSet<>();
    for (BackupManifest.Segment segment : manifest.segments()) {
      segment.pieces().forEach(piece -> names.add(piece.object()));
    }
    for (BackupManifest.CheckpointRef checkpoint : manifest.checkpoints()) {
      names.add(checkpoint.map());
      names.addAll(checkpoint.objects());
    }
    manifest.keys().forEach(key -> names.add(key.object()));
    return names;
  }

  /** All that these backups need. A map that cannot be read adds nothing to what is named. */
  static Set<String> needed(Vault vault, Collection<BackupManifest> manifests) {
    Set<String> names = new HashSet<>();
    Set<String> maps = new HashSet<>();
    for (BackupManifest manifest : manifests) {
      names.addAll(named(manifest));
      manifest.checkpoints().forEach(checkpoint -> maps.add(checkpoint.map()));
    }
    for (String map : maps) {
      try {
        names.addAll(PageMap.parse(vault.load(map)).objects());
      } catch (HoldfastException e) {
        if (e.code().startsWith("repository-")) {
          throw e;
        }
      }
    }
    return names;
  }
}

package io.holdfast.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names of backups that were given up on purpose, so that nobody misses them: signed, and stored
 * before the first of them is deleted. One that is there still was not deleted yet, and counts as
 * any other.
 *
 * @param at nanoseconds since 1970
 */
record ExpiredBackups(int format, long at, String host, List<String> backups) {
  static final int FORMAT = 1;
  static final String PREFIX = "expired";

  ExpiredBackups {
    backups = List.copyOf(backups);
  }

  /** All names that any record has. */
  static Set<String> names(Vault vault) {
    Set<String> names = new TreeSet<>();
    for (Repository.StoredObject object : vault.repository().list(PREFIX + "/")) {
      names.addAll(read(vault, object.name()));
    }
    return names;
  }

  private static List<String> read(Vault vault, String name) {
    try {
      return Manifests.JSON.readValue(vault.published(name), ExpiredBackups.class).backups();
    } catch (IOException notLaidOut) {
      return List.of(); // then what it excuses is missed, and that is said
    } catch (HoldfastException e) {
      if (e.code().startsWith("repository-")) {
        throw e;
      }
      return List.of();
    }
  }

  /**
   * Puts all that is still missed by any of these backups into one record, and takes the others
   * away; those that are locked stay.
   */
  static void tidy(Vault vault, long at, Collection<BackupManifest> remaining) {
    List<Repository.StoredObject> records = vault.repository().list(PREFIX + "/");
    Set<String> names = names(vault);
    Set<String> named = new TreeSet<>();
    remaining.forEach(manifest -> named.addAll(manifest.before()));
    if (records.size() < 2 && named.containsAll(names)) {
      return;
    }
    names.retainAll(named);
    if (!names.isEmpty()) {
      publish(vault, at, names);
    }
    for (Repository.StoredObject record : records) {
      try {
        vault.repository().delete(record.name());
      } catch (HoldfastException e) {
        if (!e.code().equals("object-locked")) {
          throw e;
        }
      }
    }
  }

  static String publish(Vault vault, long at, Collection<String> backups) {
    try {
      return vault.publish(
          PREFIX,
          Manifests.JSON.writeValueAsBytes(
              new ExpiredBackups(FORMAT, at, Host.name(), List.copyOf(backups))));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("names can be written as JSON", e);
    }
  }
}

package io.holdfast.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The manifests of a repository: written, read, and missed when one is not there that should be.
 */
public final class Manifests {
  static final String PREFIX = "backups";
  static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private Manifests() {}

  /** A manifest and its name. */
  public record Named(String name, BackupManifest manifest) {
    /** What people call it: the first digits of its name. */
    public String id() {
      return name.substring(PREFIX.length() + 1, PREFIX.length() + 9);
    }
  }

  /**
   * All manifests.
   *
   * @param backups in the order of their last ops, then of when they were taken
   * @param faults what is wrong, in words that name the object: one that is damaged, or that
   *     another names as its predecessor and that is not there, though no expiry took it away
   * @param lost the names of those, in the same order
   */
  public record All(List<Named> backups, List<String> faults, List<String> lost) {}

  public static String publish(Vault vault, BackupManifest manifest) {
    try {
      return vault.publish(PREFIX, JSON.writeValueAsBytes(manifest));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest can be written as JSON", e);
    }
  }

  public static Named read(Vault vault, String name) {
    try {
      return new Named(name, JSON.readValue(vault.published(name), BackupManifest.class));
    } catch (IOException e) {
      throw new HoldfastException(
          "object-damaged",
          name + " in " + vault.repository().describe() + " is no manifest: " + e.getMessage(),
          "it may be of a later version of Holdfast",
          e);
    }
  }

  /**
   * The backup whose id begins so, or that has this name.
   *
   * @throws HoldfastException code {@code no-such-backup}: there is none, or more than one
   */
  public static Named find(Vault vault, String wanted) {
    return find(vault, all(vault).backups(), wanted);
  }

  static Named find(Vault vault, List<Named> backups, String wanted) {
    List<Named> fitting =
        backups.stream()
            .filter(named -> !wanted.isEmpty())
            .filter(
                named ->
                    named.name().equals(wanted) || named.name().startsWith(PREFIX + "/" + wanted))
            .toList();
    if (fitting.size() != 1) {
      throw new HoldfastException(
          "no-such-backup",
          (fitting.isEmpty() ? "no backup" : fitting.size() + " backups")
              + " in "
              + vault.repository().describe()
              + (fitting.isEmpty() ? " begins with '" : " begin with '")
              + wanted
              + "'",
          "'holdfast backup list' shows all");
    }
    return fitting.getFirst();
  }

  /** Reads all: those that the repository lists, and those that they name. */
  public static All all(Vault vault) {
    TreeMap<String, Named> found = new TreeMap<>();
    TreeMap<String, String> faults = new TreeMap<>();
    Set<String> tried = new TreeSet<>();
    TreeSet<String> open = new TreeSet<>();
    vault.repository().list(PREFIX + "/").forEach(object -> open.add(object.name()));
    while (!open.isEmpty()) {
      String name = open.pollFirst();
      if (!tried.add(name)) {
        continue;
      }
      try {
        Named named = read(vault, name);
        found.put(name, named);
        open.addAll(named.manifest().before());
      } catch (HoldfastException e) {
        if (e.code().startsWith("repository-")) {
          throw e;
        }
        faults.put(name, e.message());
      }
    }
    if (!faults.isEmpty()) {
      faults.keySet().removeAll(ExpiredBackups.names(vault));
    }
    List<Named> backups = new ArrayList<>(found.values());
    backups.sort(
        Comparator.comparingLong((Named named) -> named.manifest().lastOp())
            .thenComparingLong(named -> named.manifest().takenAt()));
    return new All(backups, List.copyOf(faults.values()), List.copyOf(faults.keySet()));
  }
}

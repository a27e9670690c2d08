package io.holdfast.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Backups that must not go, whatever the rules say: a court, an audit or an inquiry needs them. */
public final class Holds {
  static final String PREFIX = "holds";

  private Holds() {}

  /**
   * A hold.
   *
   * @param backup name of its manifest
   * @param by who asked for it
   * @param at nanoseconds since 1970
   */
  public record Hold(int format, String backup, String reason, String by, long at) {
    public static final int FORMAT = 1;
  }

  /** A hold and its name. */
  public record Named(String name, Hold hold) {
    /** What people call it: the first digits of its name. */
    public String id() {
      return name.substring(PREFIX.length() + 1, PREFIX.length() + 9);
    }
  }

  /** Takes a hold; returns its name. The caller has a turn, so that no expiry runs meanwhile. */
  public static String add(Vault vault, Hold hold) {
    try {
      return vault.publish(PREFIX, Manifests.JSON.writeValueAsBytes(hold));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a hold can be written as JSON", e);
    }
  }

  /**
   * All holds, the oldest first.
   *
   * @throws HoldfastException codes {@code object-damaged}, {@code signature-wrong}: nobody knows
   *     what that one holds
   */
  public static List<Named> all(Vault vault) {
    List<Named> found = new ArrayList<>();
    for (Repository.StoredObject object : vault.repository().list(PREFIX + "/")) {
      try {
        byte[] content = vault.published(object.name());
        found.add(new Named(object.name(), Manifests.JSON.readValue(content, Hold.class)));
      } catch (IOException e) {
        throw new HoldfastException(
            "object-damaged",
            object.name() + " in " + vault.repository().describe() + " is no hold",
            "it may be of a later version of Holdfast",
            e);
      } catch (HoldfastException e) {
        if (!e.code().equals("object-missing")) { // removed meanwhile
          throw e;
        }
      }
    }
    found.sort(Comparator.comparingLong(named -> named.hold().at()));
    return found;
  }

  /** By the name of each backup that is held, why. */
  static Map<String, List<String>> reasons(List<Named> holds) {
    Map<String, List<String>> reasons = new HashMap<>();
    for (Named named : holds) {
      Hold hold = named.hold();
      reasons
          .computeIfAbsent(hold.backup(), backup -> new ArrayList<>())
          .add(hold.reason() + " (" + hold.by() + ")");
    }
    return reasons;
  }

  /**
   * Lifts a hold.
   *
   * @param id its first digits, or its name
   * @throws HoldfastException code {@code no-such-hold}
   */
  public static Named remove(Vault vault, String id) {
    List<Named> fitting =
        all(vault).stream()
            .filter(named -> !id.isEmpty() && named.name().startsWith(PREFIX + "/" + bare(id)))
            .toList();
    if (fitting.size() != 1) {
      throw new HoldfastException(
          "no-such-hold",
          (fitting.isEmpty() ? "no hold" : fitting.size() + " holds")
              + " in "
              + vault.repository().describe()
              + (fitting.isEmpty() ? " begins with '" : " begin with '")
              + id
              + "'",
          "'holdfast backup hold list' shows all");
    }
    vault.repository().delete(fitting.getFirst().name());
    return fitting.getFirst();
  }

  private static String bare(String id) {
    return id.startsWith(PREFIX + "/") ? id.substring(PREFIX.length() + 1) : id;
  }
}

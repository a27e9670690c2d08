package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds the objects that nothing needs. An object that no backup refers to is a tail of the
 * continuous stream, or was left by a backup that never became one; which of the two, only its
 * content tells.
 *
 * @param needed names that backups which stay refer to
 * @param expired names that backups refer to which go, or went just now
 * @param coverage of the backups that stay
 */
record Sweep(Vault vault, Set<String> needed, Set<String> expired, Coverage coverage) {
  /** A backup that was interrupted goes on with what it had stored, if it is tried within a day. */
  static final Duration GRACE = Duration.ofHours(24);

  /** Answers of a store on the network are waited for together; each has a tail at most. */
  private static final int READ_AT_ONCE = 8;

  /** What to do with an object that is not needed. */
  private enum Fate {
    GOES,
    STAYS,
    UNKNOWN
  }

  /** What was found. */
  record Found(List<Repository.StoredObject> going, ExpirePlan.Left young, List<String> unknown) {
    long bytes() {
      return going.stream().mapToLong(Repository.StoredObject::sizeBytes).sum();
    }
  }

  /**
   * Looks at all objects.
   *
   * @param nowMillis by the store's clock
   */
  Found find(long nowMillis) throws IOException {
    List<Repository.StoredObject> going = new ArrayList<>();
    List<Repository.StoredObject> toRead = new ArrayList<>();
    int youngObjects = 0;
    long youngBytes = 0;
    for (Repository.StoredObject object : vault.repository().list("objects/")) {
      if (needed.contains(object.name())) {
        continue;
      }
      if (expired.contains(object.name())) {
        going.add(object);
      } else if (nowMillis - object.storedMillis() < GRACE.toMillis()) {
        youngObjects++;
        youngBytes += object.sizeBytes();
      } else {
        toRead.add(object);
      }
    }
    List<String> unknown = new ArrayList<>();
    List<Fate> fates = fates(toRead);
    for (int i = 0; i < toRead.size(); i++) {
      switch (fates.get(i)) {
        case GOES -> going.add(toRead.get(i));
        case UNKNOWN -> unknown.add(toRead.get(i).name());
        case STAYS -> {}
      }
    }
    return new Found(going, new ExpirePlan.Left(youngObjects, youngBytes), unknown);
  }

  private List<Fate> fates(List<Repository.StoredObject> objects) throws IOException {
    try (InFlight<Fate> reading = new InFlight<>("holdfast-sweep-", READ_AT_ONCE)) {
      for (Repository.StoredObject object : objects) {
        reading.submit(() -> fate(object.name()));
      }
      return reading.finish();
    }
  }

  private Fate fate(String name) {
    byte[] content;
    try {
      content = vault.load(name);
    } catch (HoldfastException e) {
      return switch (e.code()) {
        case "object-missing" -> Fate.STAYS; // gone meanwhile
        case "object-damaged" -> Fate.UNKNOWN;
        default -> throw e;
      };
    }
    try {
      if (TailGroup.isOne(content)) {
        return coverage.has(TailGroup.decode(name, content)) ? Fate.GOES : Fate.STAYS;
      }
      if (!Tail.isOne(content)) {
        return Fate.GOES;
      }
      return coverage.has(Tail.decode(name, content)) ? Fate.GOES : Fate.STAYS;
    } catch (HoldfastException notOfThisVersion) {
      return Fate.UNKNOWN;
    }
  }
}

package io.holdfast.vault;

import io.holdfast.vault.Repository.StoredObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stores objects unless they are there, and counts what that took. What is there it learns from one
 * listing, and of what that lacks it asks. For any thread.
 */
final class Sender {
  private final Vault vault;
  private final Map<String, Long> there = new ConcurrentHashMap<>();
  private final LongAdder sentBytes = new LongAdder();

  Sender(Vault vault) {
    this.vault = vault;
    for (StoredObject object : vault.repository().list("objects/")) {
      there.put(object.name(), object.sizeBytes());
    }
  }

  /**
   * An object that is in the repository.
   *
   * @param wasThere whether somebody else stored it
   */
  record Sent(String name, long sizeBytes, boolean wasThere) {}

  /** Whether the repository has an object. */
  boolean isThere(String name) {
    return there.containsKey(name) || vault.repository().has(name);
  }

  Sent send(ObjectKind kind, byte[] identity, byte[] content) {
    String name = vault.keys().objectName(kind, identity);
    Long known = there.get(name);
    if (known != null) {
      return new Sent(name, known, true);
    }
    if (vault.repository().has(name)) {
      return stored(name, vault.repository().get(name).length, true);
    }
    byte[] sealed = vault.keys().seal(name, content);
    boolean first = vault.repository().put(name, sealed);
    if (first) {
      sentBytes.add(sealed.length);
    }
    return stored(name, sealed.length, !first);
  }

  private Sent stored(String name, long sizeBytes, boolean wasThere) {
    there.put(name, sizeBytes);
    return new Sent(name, sizeBytes, wasThere);
  }

  /** What was sent so far. */
  long sentBytes() {
    return sentBytes.sum();
  }
}

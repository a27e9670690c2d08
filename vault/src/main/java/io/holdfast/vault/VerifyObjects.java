package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Fetches objects to be proved, and counts them. For any thread. */
final class VerifyObjects {
  private final Vault vault;
  private final Telling telling;
  private final Map<String, Long> listed = new HashMap<>();
  private final Set<String> fetched = new HashSet<>();
  private long bytes;
  private long expectedBytes = -1;

  VerifyObjects(Vault vault, Telling telling) {
    this.vault = vault;
    this.telling = telling;
  }

  /** Reads which objects there are; only what it tells of sizes is relied on. */
  void list() {
    vault
        .repository()
        .list("objects/")
        .forEach(object -> listed.put(object.name(), object.sizeBytes()));
  }

  /** Says what will be fetched, for the progress. */
  synchronized void expect(Set<String> objects) {
    expectedBytes = objects.stream().mapToLong(name -> listed.getOrDefault(name, 0L)).sum();
  }

  /** Names of those that are listed. */
  Set<String> listed() {
    return listed.keySet();
  }

  /**
   * An object's content.
   *
   * @throws HoldfastException what {@link Vault#load} throws
   */
  byte[] load(String name) {
    byte[] content = vault.load(name);
    count(name, listed.getOrDefault(name, (long) content.length));
    return content;
  }

  /** Takes in that an object was fetched otherwise. */
  void counted(String name) {
    count(name, listed.getOrDefault(name, 0L));
  }

  private synchronized void count(String name, long sizeBytes) {
    if (fetched.add(name)) {
      bytes += sizeBytes;
      telling.progress("verify", bytes, Math.max(bytes, expectedBytes));
    }
  }

  /**
   * Whether an object that is not fetched is there, with the size that it has by its manifest.
   *
   * @param sizeBytes -1 when the manifest does not say
   * @return what is wrong; empty when nothing is
   */
  String missing(String name, long sizeBytes) {
    if (!vault.repository().has(name)) {
      return name + " is not in " + vault.repository().describe();
    }
    Long found = listed.get(name);
    return sizeBytes < 0 || found == null || found == sizeBytes
        ? ""
        : name + " has " + found + " bytes, not " + sizeBytes + " as when it was stored";
  }

  synchronized long objects() {
    return fetched.size();
  }

  synchronized long bytes() {
    return bytes;
  }
}

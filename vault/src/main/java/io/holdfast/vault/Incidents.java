package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What was not as it should be and was got over, each named once. For any thread. */
final class Incidents {
  private final Set<String> said = new LinkedHashSet<>();

  synchronized void add(String what) {
    said.add(what);
  }

  /** An object that could not be had from a repository. */
  void add(Vault vault, String object, HoldfastException why) {
    add(vault.repository().describe() + ": " + object + ": " + why.message());
  }

  synchronized List<String> all() {
    return List.copyOf(said);
  }
}

package io.holdfast.journal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Files that someone who read them found damaged, each once, until it is looked at. */
final class Suspects {
  private final Map<String, DamagedFileException> files = new ConcurrentHashMap<>();

  void report(DamagedFileException damage) {
    files.putIfAbsent(damage.name(), damage);
  }

  /** Takes one out; null when there is none. */
  @Nullable DamagedFileException next() {
    for (String name : List.copyOf(files.keySet())) {
      DamagedFileException damage = files.remove(name);
      if (damage != null) {
        return damage;
      }
    }
    return null;
  }
}

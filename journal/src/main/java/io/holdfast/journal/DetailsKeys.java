package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.DetailsForm;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.DetailsKeyState;
import io.holdfast.ledger.TransferWithDetails;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of details that this node holds, in memory and in a directory of their own. A key that
 * history says is destroyed is never taken in, is not used from the moment that this is known, and
 * is gone from memory and disk after {@link #settle}. Safe for use by many threads.
 */
public final class DetailsKeys {
  private static final byte[] NONE = {};

  private final Disk disk;
  private final Path directory;
  private final DataKey dataKey;
  private final Map<DetailsKeyName, DetailsKey> held = new ConcurrentHashMap<>();
  private final List<String> damaged = new ArrayList<>();
  private volatile Consumer<DetailsKeyName> source = name -> {};
  private volatile Set<DetailsKeyName> alive = Set.of();
  private volatile Set<DetailsKeyName> destroyed = Set.of();

  private DetailsKeys(Disk disk, Path directory, DataKey dataKey) {
    this.disk = disk;
    this.directory = directory;
    this.dataKey = dataKey;
  }

  /** Reads what is there. What a crash left half written goes; a damaged file counts as absent. */
  public static DetailsKeys open(Disk disk, Path directory, DataKey dataKey) {
    DetailsKeys keys = new DetailsKeys(disk, directory, dataKey);
    try {
      disk.createDirectories(directory);
      for (Path file : disk.list(directory)) {
        keys.load(file);
      }
      return keys;
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  private void load(Path file) throws IOException {
    if (DetailsKeyFile.isUnfinished(file)) {
      DetailsKeyFile.shred(disk, file);
      return;
    }
    DetailsKeyName name = DetailsKeyFile.name(file);
    if (name != null) {
      DetailsKey key = DetailsKeyFile.read(disk, directory, dataKey, name);
      if (key == null) {
        damaged.add(file.toString());
      } else {
        held.put(name, key);
      }
    }
  }

  /**
   * @param askedSource is asked for a key that is wanted and not here; it adds the key if it finds
   *     it
   */
  public void askWhenMissing(Consumer<DetailsKeyName> askedSource) {
    source = askedSource;
  }

  /** Files found that are no whole keys; those still needed come again from other nodes. */
  public List<String> damaged() {
    return List.copyOf(damaged);
  }

  /** Takes in what history says of all keys, once per change. */
  public void learn(List<DetailsKeyState> states) {
    Set<DetailsKeyName> nowAlive = new HashSet<>();
    Set<DetailsKeyName> nowDestroyed = new HashSet<>();
    for (DetailsKeyState state : states) {
      (state.destroyed() ? nowDestroyed : nowAlive).add(state.name());
    }
    destroyed = nowDestroyed;
    alive = nowAlive;
  }

  /** Erases what history says is destroyed; returns when it is gone from this node's disk. */
  public synchronized void settle() {
    try {
      for (DetailsKeyName name : destroyed) {
        Path file = DetailsKeyFile.of(directory, name);
        if (disk.exists(file)) {
          DetailsKeyFile.shred(disk, file);
        }
        DetailsKey key = held.remove(name); // last: others take it for erased once it is not held
        if (key != null) {
          key.forget();
        }
      }
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  /** Takes a key in, durably; says whether this node has it now. */
  public synchronized boolean add(DetailsKey key) {
    if (destroyed.contains(key.name())) {
      return false;
    }
    try {
      if (!held.containsKey(key.name())) {
        DetailsKeyFile.write(disk, directory, dataKey, key);
        held.put(key.name(), key);
      }
      return true;
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  /** The keys that this node holds. */
  public Set<DetailsKeyName> names() {
    return Set.copyOf(held.keySet());
  }

  /** The key, if this node holds it and may use it. */
  public @Nullable DetailsKey find(DetailsKeyName name) {
    return destroyed.contains(name) ? null : held.get(name);
  }

  public boolean isDestroyed(DetailsKeyName name) {
    return destroyed.contains(name);
  }

  /** The keys that details are sealed under and that this node lacks. */
  public Set<DetailsKeyName> missing() {
    Set<DetailsKeyName> missing = new HashSet<>(alive);
    missing.removeAll(held.keySet());
    return missing;
  }

  /** The name of the key that details of a transfer are sealed under; null if they are not. */
  public static @Nullable DetailsKeyName keyOf(TransferWithDetails stored) {
    return stored.form() == DetailsForm.SEALED
        ? DetailsKeyName.read(MemorySegment.ofArray(stored.details()), 0)
        : null;
  }

  /**
   * Opens the details of a transfer as they are stored.
   *
   * @throws HoldfastException code {@code unavailable}: this node lacks a key that is not destroyed
   */
  public TransferWithDetails open(TransferWithDetails stored) {
    DetailsKeyName name = keyOf(stored);
    if (name == null) {
      return stored;
    }
    DetailsKey key = find(name);
    if (key == null && !destroyed.contains(name)) {
      source.accept(name);
      key = find(name);
    }
    byte[] plain =
        key == null
            ? null
            : key.cipher()
                .open(stored.transfer().id().hi(), stored.transfer().id().lo(), stored.details());
    if (destroyed.contains(name)) { // also when it was destroyed while it was used
      return new TransferWithDetails(stored.transfer(), NONE, DetailsForm.ERASED);
    }
    if (plain == null) {
      throw new HoldfastException(
          "unavailable",
          "the details of transfer "
              + stored.transfer().id().toId()
              + " are sealed under key "
              + name.label()
              + (key == null ? ", which this node does not have" : ", which does not open them"),
          "repeat it: the node asks the others for keys that it lacks");
    }
    return new TransferWithDetails(stored.transfer(), plain);
  }
}

package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A repository in memory with a clock of its own, object lock, and a hook before each change. */
final class ShelfRepository implements Repository {
  private record Shelved(byte[] bytes, long storedMillis) {}

  private final TreeMap<String, Shelved> objects = new TreeMap<>();
  private final Set<String> locked = new HashSet<>();
  private final LongSupplier millis;
  private Consumer<String> beforeDelete = name -> {};
  private Consumer<String> beforePut = name -> {};
  private boolean unavailable;
  private boolean full;
  private boolean reserve;
  private int gets;

  ShelfRepository(LongSupplier millis) {
    this.millis = millis;
  }

  synchronized void lock(String name) {
    locked.add(name);
  }

  synchronized void beforeDelete(Consumer<String> hook) {
    beforeDelete = hook;
  }

  synchronized void beforePut(Consumer<String> hook) {
    beforePut = hook;
  }

  synchronized void setUnavailable(boolean now) {
    unavailable = now;
  }

  /** Puts other bytes in an object's place, as only a fault does. */
  synchronized void replace(String name, byte[] bytes) {
    objects.computeIfPresent(name, (at, old) -> new Shelved(bytes, old.storedMillis()));
  }

  synchronized void lose(String name) {
    objects.remove(name);
  }

  /** How many objects were read until now, or asked for. */
  synchronized int gets() {
    return gets;
  }

  synchronized Set<String> names() {
    return new HashSet<>(objects.keySet());
  }

  @Override
  public String describe() {
    return "shelf";
  }

  @Override
  public synchronized boolean put(String name, byte[] bytes) {
    available();
    beforePut.accept(name);
    if (full) {
      throw new HoldfastException("repository-full", "shelf is full", "");
    }
    return objects.putIfAbsent(name, new Shelved(bytes.clone(), millis.getAsLong())) == null;
  }

  @Override
  public synchronized byte[] get(String name) {
    available();
    gets++;
    Shelved found = objects.get(name);
    if (found == null) {
      throw new HoldfastException("object-missing", name + " is not in " + describe(), "");
    }
    return found.bytes().clone();
  }

  @Override
  public synchronized boolean has(String name) {
    available();
    return objects.containsKey(name);
  }

  @Override
  public synchronized List<StoredObject> list(String prefix) {
    available();
    List<StoredObject> found = new ArrayList<>();
    objects
        .tailMap(prefix)
        .forEach(
            (name, shelved) -> {
              if (name.startsWith(prefix)) {
                found.add(new StoredObject(name, shelved.bytes().length, shelved.storedMillis()));
              }
            });
    return found;
  }

  @Override
  public synchronized void delete(String name) {
    available();
    beforeDelete.accept(name);
    if (locked.contains(name) && objects.containsKey(name)) {
      throw new HoldfastException("object-locked", name + " is locked", "");
    }
    objects.remove(name);
  }

  /** From now on nothing more fits, but for what was kept back, if that is given up. */
  synchronized void fill(boolean withReserve) {
    full = true;
    reserve = withReserve;
  }

  @Override
  public synchronized boolean giveUpReserve() {
    boolean given = reserve;
    full &= !given;
    reserve = false;
    return given;
  }

  private void available() {
    if (unavailable) {
      throw new HoldfastException("repository-unavailable", "shelf is away", "");
    }
  }

  @Override
  public void close() {}
}

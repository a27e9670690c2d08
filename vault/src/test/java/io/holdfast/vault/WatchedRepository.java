package io.holdfast.vault;

import java.util.List;
import java.util.function.Consumer;

/** Another repository, with a hook before each object is read. */
record WatchedRepository(Repository of, Consumer<String> beforeGet) implements Repository {
  @Override
  public String describe() {
    return of.describe();
  }

  @Override
  public boolean put(String name, byte[] bytes) {
    return of.put(name, bytes);
  }

  @Override
  public byte[] get(String name) {
    beforeGet.accept(name);
    return of.get(name);
  }

  @Override
  public boolean has(String name) {
    return of.has(name);
  }

  @Override
  public List<StoredObject> list(String prefix) {
    return of.list(prefix);
  }

  @Override
  public void delete(String name) {
    of.delete(name);
  }

  @Override
  public void close() {
    of.close();
  }
}

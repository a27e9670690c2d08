package io.holdfast.node;

import io.holdfast.journal.Pace;
import io.holdfast.vault.Repository;
import java.util.List;

/** A repository that is read no faster than so many bytes in a second. */
final class QuietRepository implements Repository {
  private final Repository inner;
  private final Pace pace;

  QuietRepository(Repository inner, long bytesPerSecond) {
    this.inner = inner;
    this.pace = new Pace(bytesPerSecond);
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public boolean put(String name, byte[] bytes) {
    return inner.put(name, bytes);
  }

  @Override
  public byte[] get(String name) {
    byte[] bytes = inner.get(name);
    pace.await(bytes.length);
    return bytes;
  }

  @Override
  public boolean has(String name) {
    return inner.has(name);
  }

  @Override
  public List<StoredObject> list(String prefix) {
    return inner.list(prefix);
  }

  @Override
  public void delete(String name) {
    inner.delete(name);
  }

  @Override
  public void close() {
    inner.close();
  }
}

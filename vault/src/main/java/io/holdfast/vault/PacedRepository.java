package io.holdfast.vault;

import io.holdfast.journal.Pace;
import java.util.List;

/** A repository whose uploads together take no more than so many bytes in a second. */
final class PacedRepository implements Repository {
  private final Repository inner;
  private final Pace pace;

  PacedRepository(Repository inner, long bytesPerSecondMax) {
    this.inner = inner;
    this.pace = new Pace(bytesPerSecondMax);
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public boolean put(String name, byte[] bytes) {
    pace.await(bytes.length);
    return inner.put(name, bytes);
  }

  @Override
  public byte[] get(String name) {
    return inner.get(name);
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

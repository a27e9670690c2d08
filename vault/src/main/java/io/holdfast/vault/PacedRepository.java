package io.holdfast.vault;

import io.holdfast.journal.Pace;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A repository whose uploads, or downloads, together take no more than so many bytes in a second.
 */
public final class PacedRepository implements Repository {
  private final Repository inner;
  private final IntConsumer beforePut;
  private final IntConsumer afterGet;

  private PacedRepository(Repository inner, IntConsumer beforePut, IntConsumer afterGet) {
    this.inner = inner;
    this.beforePut = beforePut;
    this.afterGet = afterGet;
  }

  /** What is stored takes its time. */
  static Repository writing(Repository inner, long bytesPerSecondMax) {
    return new PacedRepository(inner, new Pace(bytesPerSecondMax)::await, bytes -> {});
  }

  /** What is read takes its time. */
  public static Repository reading(Repository inner, long bytesPerSecondMax) {
    return new PacedRepository(inner, bytes -> {}, new Pace(bytesPerSecondMax)::await);
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public boolean put(String name, byte[] bytes) {
    beforePut.accept(bytes.length);
    return inner.put(name, bytes);
  }

  @Override
  public byte[] get(String name) {
    byte[] bytes = inner.get(name);
    afterGet.accept(bytes.length);
    return bytes;
  }

  @Override
  public boolean has(String name) {
    return inner.has(name);
  }

  @Override
  public boolean takesMore() {
    return inner.takesMore();
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
  public boolean giveUpReserve() {
    return inner.giveUpReserve();
  }

  @Override
  public void close() {
    inner.close();
  }
}

package io.holdfast.vault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A repository of which each call can be made to fail, and whose listings can lack objects. */
final class HookedRepository implements Repository {
  private final Repository within;
  private final List<String> stored = Collections.synchronizedList(new ArrayList<>());
  private volatile Consumer<String> before = call -> {};
  private volatile Consumer<String> after = call -> {};
  private volatile Predicate<String> hidden = name -> false;

  HookedRepository(Repository within) {
    this.within = within;
  }

  /** Is told of each call before it is done, such as {@code put objects/…}. */
  void before(Consumer<String> hook) {
    before = hook;
  }

  /** Is told of each call after it was done, so that what was done is not known to who asked. */
  void after(Consumer<String> hook) {
    after = hook;
  }

  void hide(Predicate<String> names) {
    hidden = names;
  }

  /** Names of all objects that were given to it, in order; one that was there already, too. */
  List<String> puts() {
    return List.copyOf(stored);
  }

  @Override
  public String describe() {
    return within.describe();
  }

  @Override
  public boolean put(String name, byte[] bytes) {
    before.accept("put " + name);
    stored.add(name);
    boolean put = within.put(name, bytes);
    after.accept("put " + name);
    return put;
  }

  @Override
  public byte[] get(String name) {
    before.accept("get " + name);
    return within.get(name);
  }

  @Override
  public boolean has(String name) {
    before.accept("has " + name);
    return within.has(name);
  }

  @Override
  public List<StoredObject> list(String prefix) {
    before.accept("list " + prefix);
    return within.list(prefix).stream().filter(object -> !hidden.test(object.name())).toList();
  }

  @Override
  public void delete(String name) {
    before.accept("delete " + name);
    within.delete(name);
    after.accept("delete " + name);
  }

  @Override
  public void close() {
    within.close();
  }
}

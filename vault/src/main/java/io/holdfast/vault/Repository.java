package io.holdfast.vault;

import java.util.List;

/**
 * A place for backups: objects by name, each written once, whole or not at all, and never changed.
 * What it holds is sealed before it comes here. Names consist of lower-case letters, digits, {@code
 * /}, {@code .} and {@code -}. For any thread, and for several processes at once.
 *
 * <p>Every call may fail with codes {@code repository-unavailable} (worth another try), {@code
 * repository-denied}, {@code repository-missing}, {@code repository-full}.
 */
public interface Repository extends AutoCloseable {
  /**
   * What an object may have at most: some times what the largest of ours have, so that a store that
   * answers without end cannot fill the memory.
   */
  int OBJECT_BYTES_MAX = 256 << 20;

  /**
   * An object, as a listing tells of it; what a listing lacks may be there all the same.
   *
   * @param storedMillis when it was stored, by the clock of the store, in milliseconds since 1970:
   *     all who use a store see each other's objects by this one clock
   */
  record StoredObject(String name, long sizeBytes, long storedMillis) {}

  /** Where it is, such as {@code file:/backup} or {@code s3://bucket/prefix}. */
  String describe();

  /**
   * Stores an object that is durable when this returns.
   *
   * @return false if there was one of this name already, which is left as it is
   */
  boolean put(String name, byte[] bytes);

  /**
   * Reads an object.
   *
   * @throws io.holdfast.kernel.HoldfastException code {@code object-missing}
   */
  byte[] get(String name);

  boolean has(String name);

  /** Whether it is one that objects are put into; an archive is not. */
  default boolean takesMore() {
    return true;
  }

  /** The objects whose names begin so, in order of their names. */
  List<StoredObject> list(String prefix);

  /**
   * Deletes an object, if it is there.
   *
   * @throws io.holdfast.kernel.HoldfastException code {@code object-locked}: the store keeps it
   */
  void delete(String name);

  /**
   * Gives up what was kept back for the time when it is full, so that a few small objects can be
   * stored without which nothing can be deleted; it is kept back again once there is room.
   *
   * @return whether there was something
   */
  default boolean giveUpReserve() {
    return false;
  }

  @Override
  void close();
}

package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tails of a branch one after the other, and ahead. Which tail is next, only the one
 * before it tells; but a stream stores them in their order, so after some the repository is listed
 * once, and what was stored after the tail that was found is fetched while that is worked on. The
 * listing is a hint alone: a tail that it does not have is found by its name, and one that came
 * wrong is read again. For one thread.
 */
final class TailReader implements AutoCloseable {
  /** So many are read one by one before the listing, which itself takes a few answers' time. */
  static final int LISTED_AFTER = 16;

  /** How many are fetched at once; what waits has two MiB each at most. */
  private static final int AHEAD = 8;

  /** A tail is smaller; what is larger is part of a backup. */
  private static final long TAIL_BYTES_MAX = 2L * TailStream.TAIL_BYTES + (1 << 20);

  private final Vault vault;
  private final Tails tails;
  private final List<String> stored = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<Integer, Future<byte[]>> fetched = new HashMap<>();
  private @Nullable ExecutorService threads;
  private int found;

  TailReader(Vault vault, Tails tails) {
    this.vault = vault;
    this.tails = tails;
  }

  /**
   * The tail that begins so; null when there is none.
   *
   * @throws HoldfastException as {@link Tails#find}
   */
  @Nullable Tail find(long firstOp) {
    Integer place = places.get(tails.name(firstOp));
    Future<byte[]> ahead = place == null ? null : fetched.remove(place);
    Tail tail = ahead == null ? null : tail(firstOp, ahead);
    if (tail == null) {
      tail = tails.find(firstOp);
    }
    if (tail != null) {
      found++;
      goOn(firstOp);
    }
    return tail;
  }

  /** Null when it came wrong, whatever is wrong with it. */
  private @Nullable Tail tail(long firstOp, Future<byte[]> ahead) {
    try {
      return tails.decoded(firstOp, ahead.get());
    } catch (ExecutionException | HoldfastException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private void goOn(long firstOp) {
    if (found < LISTED_AFTER) {
      return;
    }
    ExecutorService running = threads;
    if (running == null) {
      running =
          Executors.newFixedThreadPool(
              AHEAD, Thread.ofPlatform().daemon().name("holdfast-tails-", 0).factory());
      threads = running;
      list();
    }
    Integer at = places.get(tails.name(firstOp));
    if (at == null) {
      return;
    }
    // Some of the same second come in another order than they were stored.
    fetched.keySet().removeIf(place -> place < at - AHEAD);
    for (int next = at + 1; next < Math.min(at + 1 + AHEAD, stored.size()); next++) {
      String name = stored.get(next);
      if (!fetched.containsKey(next)) {
        fetched.put(next, running.submit(() -> vault.load(name)));
      }
    }
  }

  private void list() {
    vault.repository().list("objects/").stream()
        .filter(object -> object.sizeBytes() <= TAIL_BYTES_MAX)
        .sorted(Comparator.comparingLong(Repository.StoredObject::storedMillis))
        .map(Repository.StoredObject::name)
        .forEach(stored::add);
    for (int i = 0; i < stored.size(); i++) {
      places.put(stored.get(i), i);
    }
  }

  @Override
  public void close() {
    ExecutorService running = threads;
    if (running != null) {
      running.shutdownNow();
    }
  }
}

package io.holdfast.vault;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A turn at a repository, as {@link Writers} gives it: it lasts until it is closed, or until its
 * mark could not be renewed for ten minutes, or somebody found it dead. Who deletes or publishes
 * {@link #check}s it before; who publishes also afterwards, and takes back what it published
 * without a turn. For any thread; one of its own renews the mark.
 */
public final class Turn implements AutoCloseable {
  /** Ends a turn well before others may believe that its holder is dead. */
  static final Duration LOST = Duration.ofMinutes(10);

  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Vault vault;
  private final Clock clock;
  private final String id;
  private final WriterMark mark;
  private long number;
  private long renewedWall;
  private long renewedMonotonic;
  private volatile boolean closed;
  private @Nullable Thread renewing;

  Turn(Vault vault, Clock clock, String id, WriterMark mark) {
    this.vault = vault;
    this.clock = clock;
    this.id = id;
    this.mark = mark;
    renew();
  }

  String id() {
    return id;
  }

  /**
   * Makes sure that the turn lasts.
   *
   * @throws HoldfastException code {@code turn-lost}
   */
  public synchronized void check() {
    // Wall time, too: a machine that slept may not have counted that.
    long passed =
        Math.max(clock.wallNanos() - renewedWall, clock.monotonicNanos() - renewedMonotonic);
    if (closed || passed >= LOST.toNanos()) {
      throw lost("it could not be renewed for " + TimeUnit.NANOSECONDS.toMinutes(passed) + " min");
    }
    if (!vault.repository().has(new WriterMark.Name(id, number).toString())) {
      throw lost("another process took its mark away");
    }
  }

  /** When the mark was renewed last, by the store's clock; that is never later than now. */
  synchronized long storedMillis() {
    String name = new WriterMark.Name(id, number).toString();
    for (Repository.StoredObject object : vault.repository().list(name)) {
      if (object.name().equals(name)) {
        return object.storedMillis();
      }
    }
    throw lost("another process took its mark away");
  }

  private HoldfastException lost(String why) {
    return new HoldfastException(
        "turn-lost",
        "the turn at " + vault.repository().describe() + " is lost: " + why,
        "run it again; it goes on with what is there");
  }

  synchronized void renewIfDue() {
    if (clock.monotonicNanos() - renewedMonotonic >= Writers.RENEWED.toNanos()) {
      renew();
    }
  }

  /** Puts the next mark; the one before stays, so that no listing meanwhile misses both. */
  private void renew() {
    long wall = clock.wallNanos();
    long monotonic = clock.monotonicNanos();
    mark.put(vault, new WriterMark.Name(id, number + 1));
    number++;
    renewedWall = wall;
    renewedMonotonic = monotonic;
    if (number > 2) {
      delete(vault, new WriterMark.Name(id, number - 2).toString());
    }
  }

  synchronized void keepRenewing() {
    renewing = Thread.ofPlatform().name("holdfast-turn").daemon().start(this::renewUntilClosed);
  }

  private void renewUntilClosed() {
    while (!closed) {
      LockSupport.parkNanos(TICK_NANOS);
      try {
        synchronized (this) {
          if (!closed) {
            renewIfDue();
          }
        }
      } catch (HoldfastException unavailable) {
        // Tried again at the next tick; check() tells who relies on the turn.
      }
    }
  }

  /** Ends the turn. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      try {
        if (!deleteMarks(vault, id)) {
          mark.over().put(vault, new WriterMark.Name(id, number + 1));
        }
      } catch (HoldfastException unavailable) {
        // Others find the mark dead after a while.
      }
    }
    Thread running = renewing;
    if (running != null) {
      LockSupport.unpark(running);
    }
  }

  /** Deletes all marks of a writer; false if the store keeps one. */
  static boolean deleteMarks(Vault vault, String id) {
    boolean all = true;
    for (Repository.StoredObject object : vault.repository().list(WriterMark.PREFIX + id + "-")) {
      all &= delete(vault, object.name());
    }
    return all;
  }

  private static boolean delete(Vault vault, String name) {
    try {
      vault.repository().delete(name);
      return true;
    } catch (HoldfastException e) {
      if (!e.code().equals("object-locked")) {
        throw e;
      }
      return false;
    }
  }
}

package io.holdfast.client;

import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One gateway and what was last seen of it. A gateway is well, or troubled (it failed or did not
 * answer in time, and is avoided while a better one is there), and may be paused: not asked before
 * some moment. Guarded by itself; times are of {@link System#nanoTime}.
 */
final class Gateway {
  /** What choosing a troubled gateway costs beside waiting for a paused one. */
  private static final long TROUBLE_NANOS = 250_000_000;

  private static final long PAUSE_FIRST_NANOS = 25_000_000;
  private static final long PAUSE_MOST_NANOS = 200_000_000;

  /** How long a node without a leader is left alone: an election takes a few hundred ms. */
  private static final long NOT_NOW_NANOS = 30_000_000;

  /** How much of Retry-After is believed: seconds are coarse, queues drain in less. */
  private static final long RETRY_AFTER_MOST_NANOS = 1_000_000_000;

  private final URI address;
  private final String base;
  private boolean troubled;
  private long pauseNanos = PAUSE_FIRST_NANOS;
  private long pausedUntil = System.nanoTime();

  Gateway(URI address) {
    this.address = address;
    String text = address.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /** The address of a resource. */
  URI uri(String path) {
    return URI.create(base + path);
  }

  synchronized boolean troubled() {
    return troubled;
  }

  /** How long to wait before it may be asked; 0 or less: now. */
  synchronized long waitNanos(long now) {
    return pausedUntil - now;
  }

  /** What asking it costs in time: the pause still to wait, and more if it is troubled. */
  synchronized long costNanos(long now) {
    return Math.max(0, pausedUntil - now) + (troubled ? TROUBLE_NANOS : 0);
  }

  /** It answered a request as it should. */
  synchronized void answered() {
    troubled = false;
    pauseNanos = PAUSE_FIRST_NANOS;
  }

  /** It answered a probe: whatever it was, it lives. */
  synchronized void lives(long now) {
    if (troubled) {
      answered();
      pausedUntil = now;
    }
  }

  /** It failed: refused or reset the connection, or answered what no gateway should. */
  synchronized void failed(long now) {
    troubled = true;
    if (now - pausedUntil >= 0) { // requests that fail together count as one failure
      pausedUntil = now + jittered(pauseNanos);
      pauseNanos = Math.min(2 * pauseNanos, PAUSE_MOST_NANOS);
    }
  }

  /** It did not answer in time; it may still. */
  synchronized void slow() {
    troubled = true;
  }

  /** It lives and cannot do it at the moment, as when no node leads. */
  synchronized void notNow(long now) {
    answered();
    pausedUntil = now + jittered(NOT_NOW_NANOS);
  }

  /** It lives, its queues are full, and it asks to be left alone so long. */
  synchronized void overloaded(long now, long retryAfterNanos) {
    answered();
    pausedUntil =
        now + jittered(Math.clamp(retryAfterNanos, NOT_NOW_NANOS, RETRY_AFTER_MOST_NANOS));
  }

  /** Half to all of it, so that many clients do not come back at once. */
  private static long jittered(long nanos) {
    return nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1);
  }

  @Override
  public String toString() {
    return address.toString();
  }
}

package io.holdfast.gateway.rest;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes all bodies may hold in memory together. Safe for use by many threads. */
final class ByteBudget {
  private final long max;
  private final AtomicLong used = new AtomicLong();

  ByteBudget(long max) {
    this.max = max;
  }

  /** Takes so many bytes, or throws {@code overloaded} and takes none. */
  void acquire(int bytes) {
    if (used.addAndGet(bytes) > max) {
      used.addAndGet(-bytes);
      throw Refusal.of(
          ErrorCode.OVERLOADED,
          "bodies of requests in progress fill the " + max + " bytes that are set aside for them",
          "send again after the time in Retry-After; smaller or fewer requests at once help");
    }
  }

  void release(int bytes) {
    used.addAndGet(-bytes);
  }

  long used() {
    return used.get();
  }
}

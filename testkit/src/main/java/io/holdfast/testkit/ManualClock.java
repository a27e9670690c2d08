package io.holdfast.testkit;

import io.holdfast.kernel.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when told to. Safe for use by many threads. */
public final class ManualClock implements Clock {
  /** Where it begins: 2026-01-01T00:00:00Z. */
  public static final long BEGIN_NANOS = 1_767_225_600_000_000_000L;

  private final AtomicLong passed = new AtomicLong();

  /** Moves both times on. */
  public void advance(Duration by) {
    passed.addAndGet(by.toNanos());
  }

  @Override
  public long wallNanos() {
    return BEGIN_NANOS + passed.get();
  }

  @Override
  public long monotonicNanos() {
    return passed.get();
  }
}

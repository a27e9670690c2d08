package io.holdfast.kernel;

import java.security.SecureRandom;

/**
 * Makes ids that rise with time: 48 bits of milliseconds, then 80 random bits that grow by one
 * within a millisecond (the ULID scheme). Rising ids keep index look-ups cheap. Safe for use by
 * many threads.
 */
public final class TimeOrderedIds {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Clock clock;
  private long lastMillis = -1;
  private long upper; // 48 bits of time, 16 random bits
  private long lower; // 64 random bits, counted up

  public TimeOrderedIds(Clock clock) {
    this.clock = clock;
  }

  public synchronized UInt128 next() {
    long millis = Math.max(clock.wallNanos() / 1_000_000, lastMillis);
    if (millis != lastMillis) {
      lastMillis = millis;
      upper = (millis << 16) | (RANDOM.nextInt() & 0xFFFF);
      lower = RANDOM.nextLong() & Long.MAX_VALUE; // leaves room to count up without a carry
    } else {
      lower++;
    }
    return new UInt128(upper, lower);
  }
}

package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Refuses to answer how balances will be: a time is to come as long as neither the clock of the
 * site nor the newest batch has reached it.
 */
public final class TimeToCome {
  public static final String CODE = "time-to-come";

  private TimeToCome() {}

  /**
   * Checks the time that balances were asked of.
   *
   * @param at {@link Long#MAX_VALUE} for now
   * @param now the later one of the site's clock and the newest batch, after the state was read: a
   *     payment that was answered has been reached, though this node's clock be a little behind
   */
  public static void check(long at, long now) {
    if (at > now && at != Long.MAX_VALUE) {
      throw new HoldfastException(
          CODE,
          "at is "
              + at
              + " ("
              + instant(at)
              + "), a time to come; allowed: up to the site's time now, "
              + now
              + " ("
              + instant(now)
              + ")",
          "leave at out for the balances as they are now");
    }
  }

  private static Instant instant(long nanos) {
    long second = TimeUnit.SECONDS.toNanos(1);
    return Instant.ofEpochSecond(nanos / second, nanos % second);
  }
}

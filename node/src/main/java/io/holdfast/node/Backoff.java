package io.holdfast.node;

import java.time.Duration;

/** How long to wait before something that failed is tried again: twice as long each time. */
record Backoff(Duration first, Duration longest) {
  /** Beyond this the longest is reached, whatever it is. */
  private static final int DOUBLINGS_MAX = 30;

  /** After so many failures in a row, at least one. */
  Duration after(int failures) {
    Duration wait = first.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS_MAX));
    return wait.compareTo(longest) > 0 ? longest : wait;
  }
}

package io.holdfast.kernel;

/**
 * The two times of the world. Wall time may step and may be wrong; monotonic time only ever grows
 * and has no meaning beyond its differences. Safe for use by many threads.
 */
public interface Clock {
  /** Nanoseconds since 1970-01-01T00:00:00Z, as this machine believes. */
  long wallNanos();

  /** Nanoseconds since an arbitrary moment, never going back. */
  long monotonicNanos();
}

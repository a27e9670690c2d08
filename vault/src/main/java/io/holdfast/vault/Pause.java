package io.holdfast.vault;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How one waits before one looks again; a test lets time pass instead. */
@FunctionalInterface
public interface Pause {
  /** Waits as a process does. */
  Pause SYSTEM = length -> LockSupport.parkNanos(length.toNanos());

  void pause(Duration length);
}

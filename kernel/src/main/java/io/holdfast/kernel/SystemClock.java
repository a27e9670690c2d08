package io.holdfast.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The machine's clock.
 *
 * <p>For rehearsing wrong clocks, {@code -Dholdfast.clock.offset-file=FILE} names a file that holds
 * a number of milliseconds to add to wall time; it is read again at every call, so that a test can
 * step the clock of a running node.
 */
public final class SystemClock implements Clock {
  private final @Nullable Path offsetFile;

  public SystemClock() {
    String file = System.getProperty("holdfast.clock.offset-file");
    this.offsetFile = file == null ? null : Path.of(file);
  }

  @Override
  public long wallNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano() + offsetNanos();
  }

  @Override
  public long monotonicNanos() {
    return System.nanoTime();
  }

  private long offsetNanos() {
    if (offsetFile == null) {
      return 0;
    }
    try {
      return Long.parseLong(Files.readString(offsetFile).strip()) * 1_000_000L;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}

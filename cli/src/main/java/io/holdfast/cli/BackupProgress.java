package io.holdfast.cli;

import io.holdfast.cli.Console.Style;
import io.holdfast.vault.Telling;
import java.util.Locale;

/**
 * Shows how far a backup has come: on a terminal as a bar with rate and remaining time, in place,
 * on standard error; elsewhere nothing. For any thread.
 */
final class BackupProgress implements Telling, AutoCloseable {
  private static final int BAR = 30;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final String BACK = "\r\u001b[K";

  private final Console console;
  private final boolean shown;
  private final long start = System.nanoTime();
  private long last = start;
  private boolean drawn;

  /**
   * @param quiet shows nothing, on a terminal either
   */
  BackupProgress(Console console, boolean quiet) {
    this.console = console;
    this.shown = console.terminal() && !quiet;
  }

  @Override
  public synchronized void progress(String step, long doneBytes, long allBytes) {
    long now = System.nanoTime();
    if (!shown || now - last < REDRAW_NANOS) {
      return;
    }
    last = now;
    console.err().print(BACK + line(step, doneBytes, allBytes, (now - start) / 1e9));
    console.err().flush();
    drawn = true;
  }

  private String line(String step, long doneBytes, long allBytes, double seconds) {
    String rate = String.format(Locale.ROOT, "%.0f MB/s", doneBytes / 1e6 / seconds);
    if (allBytes <= 0) {
      return String.format(Locale.ROOT, "%-11s %s  %s", step, ByteSizes.shown(doneBytes), rate);
    }
    double done = Math.min(1.0, (double) doneBytes / allBytes);
    int full = (int) Math.round(done * BAR);
    return console.paint("━".repeat(full), Style.CYAN)
        + console.paint("━".repeat(BAR - full), Style.FAINT)
        + String.format(
            Locale.ROOT,
            " %3.0f %%  %-11s %s of %s  %s  %s left",
            done * 100,
            step,
            ByteSizes.shown(doneBytes),
            ByteSizes.shown(allBytes),
            rate,
            done <= 0 ? "?" : ByteSizes.duration(seconds / done - seconds));
  }

  /** Removes the bar. */
  @Override
  public synchronized void close() {
    if (drawn) {
      console.err().print(BACK);
      console.err().flush();
      drawn = false;
    }
  }
}

package io.holdfast.cli;

import io.holdfast.cli.Console.Style;
import io.holdfast.vault.Telling;
import java.util.Locale;

/**
 * Shows how far work on a repository has come: on a terminal as a bar with rate and remaining time,
 * in place; elsewhere as a plain line every few seconds. Goes to standard error. For any thread.
 */
final class RestoreProgress implements Telling, AutoCloseable {
  private static final int BAR = 30;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long LINE_NANOS = 5_000_000_000L;
  private static final double MEGA = 1e6;
  private static final String BACK = "\r\u001b[K";

  private final Console console;
  private final boolean shown;
  private String step = "";
  private long stepBegan = System.nanoTime();
  private long last = stepBegan - LINE_NANOS;
  private boolean drawn;

  /**
   * @param shown false to show nothing
   */
  RestoreProgress(Console console, boolean shown) {
    this.console = console;
    this.shown = shown;
  }

  @Override
  public synchronized void progress(String what, long doneBytes, long allBytes) {
    long now = System.nanoTime();
    boolean begins = !what.equals(step);
    if (begins) {
      step = what;
      stepBegan = now;
    }
    long every = console.terminal() ? REDRAW_NANOS : LINE_NANOS;
    if (!shown || (!begins && now - last < every)) {
      return;
    }
    last = now;
    String line = line(doneBytes, allBytes, (now - stepBegan) / 1e9);
    if (console.terminal()) {
      console.err().print(BACK + line);
      drawn = true;
    } else {
      console.err().println(line);
    }
    console.err().flush();
  }

  private String line(long doneBytes, long allBytes, double seconds) {
    if (allBytes <= 0) {
      return step;
    }
    double done = Math.min(1.0, (double) doneBytes / allBytes);
    double rate = seconds > 0 ? doneBytes / MEGA / seconds : 0;
    String left = doneBytes == 0 ? "?" : Math.max(0, Math.round(seconds / done - seconds)) + " s";
    String figures =
        String.format(
            Locale.ROOT,
            "%-10s %3.0f %%  %,.0f of %,.0f MB  %,.0f MB/s  %s left",
            step,
            done * 100,
            doneBytes / MEGA,
            allBytes / MEGA,
            rate,
            left);
    int full = (int) Math.round(done * BAR);
    return console.terminal()
        ? console.paint("━".repeat(full), Style.CYAN)
            + console.paint("━".repeat(BAR - full), Style.FAINT)
            + " "
            + figures
        : figures;
  }

  /** Removes the bar. */
  @Override
  public synchronized void close() {
    if (drawn) {
      console.err().print(BACK);
      console.err().flush();
    }
  }
}

package io.holdfast.cli;

import io.holdfast.cli.Console.Style;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows how far an import has come: on a terminal as a bar with rate and remaining time, in place;
 * elsewhere as a plain line every few seconds. Goes to standard error, which leaves standard output
 * to the reconciliation.
 */
final class ImportProgress implements Importer.Progress, AutoCloseable {
  private static final int BAR = 30;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long LINE_NANOS = 5_000_000_000L;
  private static final String BACK = "\r\u001b[K";

  private final Console console;
  private final long bytes;
  private final boolean shown;
  private final long start = System.nanoTime();
  private long last = start;
  private boolean drawn;

  /**
   * @param bytes of the whole file
   * @param shown false to show nothing
   */
  ImportProgress(Console console, long bytes, boolean shown) {
    this.console = console;
    this.bytes = bytes;
    this.shown = shown;
  }

  @Override
  public void at(long rows, long bytesRead) {
    long now = System.nanoTime();
    if (!shown || now - last < (console.terminal() ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    last = now;
    PrintWriter err = console.err();
    String line = line(rows, bytesRead, now - start);
    if (console.terminal()) {
      err.print(BACK + line);
      drawn = true;
    } else {
      err.println(line);
    }
    err.flush();
  }

  private String line(long rows, long bytesRead, long nanos) {
    double done = bytes == 0 ? 1 : Math.min(1.0, (double) bytesRead / bytes);
    double seconds = nanos / 1e9;
    long rate = seconds > 0 ? Math.round(rows / seconds) : 0;
    String left = done <= 0 ? "?" : duration(seconds / done - seconds);
    int full = (int) Math.round(done * BAR);
    String bar =
        console.paint("━".repeat(full), Style.CYAN)
            + console.paint("━".repeat(BAR - full), Style.FAINT);
    String figures =
        String.format(
            Locale.ROOT,
            "%3.0f %%  %s rows  %s/s  %s left",
            done * 100,
            Shown.count(rows),
            Shown.count(rate),
            left);
    return console.terminal() ? bar + " " + figures : figures.strip();
  }

  private static String duration(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    return whole >= 60 ? whole / 60 + " min " + whole % 60 + " s" : whole + " s";
  }

  /** Removes the bar. */
  @Override
  public void close() {
    if (drawn) {
      console.err().print(BACK);
      console.err().flush();
    }
  }
}

package io.holdfast.cli;

import io.holdfast.cli.Console.Style;
import io.holdfast.drill.DrillListener;
import io.holdfast.drill.DrillStep;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Tells how a demo goes on: a line for each step, and on a terminal the payments while they run.
 */
final class DemoProgress implements DrillListener, AutoCloseable {
  private static final String BACK = "\r\u001b[K";

  private final Console console;
  private boolean open;

  DemoProgress(Console console) {
    this.console = console;
  }

  void intro(long seed, Path directory) {
    console.out().println("three nodes on this machine, durable storage in " + directory);
    console.out().println(console.paint("seed " + seed, Style.FAINT));
    console.out().println();
    console.out().flush();
  }

  @Override
  public void started(DrillStep step) {
    if (console.terminal()) {
      live("  " + console.paint("…", Style.CYAN) + " " + step.label());
    }
  }

  @Override
  public void paying(DrillStep step, long sent, long acknowledged) {
    if (console.terminal()) {
      live(
          "  %s %-32s %s sent, %s acknowledged"
              .formatted(
                  console.paint("…", Style.CYAN),
                  step.label(),
                  Shown.count(sent),
                  Shown.count(acknowledged)));
    }
  }

  @Override
  public void finished(DrillStep step, Duration took, String detail) {
    close();
    console
        .out()
        .println(
            String.format(
                    Locale.ROOT,
                    "  %s %-32s %5.1f s  %s",
                    console.paint(console.terminal() ? "✔" : "-", Style.GREEN),
                    step.label(),
                    took.toMillis() / 1e3,
                    detail)
                .stripTrailing());
    console.out().flush();
  }

  private void live(String line) {
    PrintWriter out = console.out();
    out.print(BACK + line);
    out.flush();
    open = true;
  }

  /** Removes a line that is still open. */
  @Override
  public void close() {
    if (open) {
      console.out().print(BACK);
      console.out().flush();
      open = false;
    }
  }
}

package io.holdfast.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jspecify.annotations.Nullable;

/**
 * Lines that change in place on a terminal; elsewhere each showing is printed below the one before.
 */
final class LiveLines implements AutoCloseable {
  private final Console console;
  private @Nullable Terminal terminal;
  private @Nullable Display display;

  LiveLines(Console console) {
    this.console = console;
  }

  void show(List<String> lines) {
    if (!console.terminal()) {
      lines.forEach(console.out()::println);
      console.out().println();
      return;
    }
    Terminal at = terminal();
    Display on = display;
    if (on == null) {
      on = new Display(at, false);
      display = on;
    }
    Size size = at.getSize();
    int rows = Math.max(2, size.getRows());
    int columns = Math.max(20, size.getColumns());
    on.resize(rows, columns);
    on.update(
        lines.stream()
            .limit(rows - 1L)
            .map(line -> AttributedString.fromAnsi(line).columnSubSequence(0, columns - 1))
            .toList(),
        -1);
    at.flush();
  }

  private Terminal terminal() {
    Terminal known = terminal;
    if (known == null) {
      try {
        known = TerminalBuilder.builder().system(true).dumb(true).build();
      } catch (IOException e) {
        throw new UncheckedIOException("the terminal cannot be used", e);
      }
      terminal = known;
    }
    return known;
  }

  /** Leaves the last showing on the screen, and the terminal as it was. */
  @Override
  public void close() {
    if (terminal != null) {
      terminal.writer().println();
      terminal.flush();
      try {
        terminal.close();
      } catch (IOException e) {
        throw new UncheckedIOException("the terminal cannot be closed", e);
      }
    }
  }
}

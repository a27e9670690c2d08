package io.holdfast.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/** Runs commands in this process and keeps what they print. */
final class Terminal {
  private final Path directory;
  private final Map<String, String> environment;
  private final boolean watched;

  /**
   * @param watched whether a person is there, as far as the command can tell
   */
  Terminal(Path directory, Map<String, String> environment, boolean watched) {
    this.directory = directory;
    this.environment = environment;
    this.watched = watched;
  }

  static Terminal in(Path directory) {
    return new Terminal(directory, Map.of(), false);
  }

  /** What a command left behind. */
  record Ran(int code, String out, String err) {}

  Ran run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            watched,
            100,
            environment,
            directory,
            "holdfast");
    int code = Holdfast.run(console, args);
    return new Ran(code, out.toString(), err.toString());
  }
}

package io.holdfast.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command sees of the world it is called in.
 *
 * @param out for what was asked for
 * @param err for errors and for what is only of interest while it lasts
 * @param terminal whether a person watches {@code out}: then there is progress and colour
 * @param columns the terminal's width
 * @param environment the environment's variables
 * @param directory where relative paths begin
 * @param command how the user calls us, for hints that can be typed as they are
 */
record Console(
    PrintWriter out,
    PrintWriter err,
    boolean terminal,
    int columns,
    Map<String, String> environment,
    Path directory,
    String command) {
  private static final int USUAL_COLUMNS = 80;

  /** How a word is set apart, on a terminal. */
  enum Style {
    BOLD("1"),
    FAINT("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String code;

    Style(String code) {
      this.code = code;
    }
  }

  /** This process' own; the script that starts us says what standard output is. */
  static Console ofProcess() {
    return new Console(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        Boolean.getBoolean("holdfast.terminal"),
        Integer.getInteger("holdfast.columns", USUAL_COLUMNS),
        System.getenv(),
        Path.of("").toAbsolutePath(),
        System.getProperty("holdfast.command", "holdfast"));
  }

  /** Colours only where a person watches and did not ask for none (see no-color.org). */
  boolean colours() {
    return terminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  String paint(String text, Style style) {
    return colours() ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
  }

  Path resolve(Path path) {
    return directory.resolve(path).normalize();
  }
}

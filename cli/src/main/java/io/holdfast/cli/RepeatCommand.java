package io.holdfast.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/** The command line that repeats an event safely: as it was typed, with the id that it had. */
final class RepeatCommand {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private RepeatCommand() {}

  static String of(Console console, CommandSpec spec, String id) {
    List<String> words = new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
    boolean named = words.stream().anyMatch(w -> w.equals("--id") || w.startsWith("--id="));
    if (!named) {
      words.addAll(List.of("--id", id));
    }
    StringBuilder line = new StringBuilder(console.command());
    for (String word : words) {
      line.append(' ').append(quoted(word));
    }
    return line.toString();
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}

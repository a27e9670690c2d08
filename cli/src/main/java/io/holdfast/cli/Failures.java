package io.holdfast.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.cli.Console.Style;
import io.holdfast.kernel.HoldfastException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells errors to people (what is wrong, what to do next, a stable code) or, where the command was
 * asked for JSON, to programs; never as a stack trace.
 */
final class Failures {
  private static final String ISSUE_HINT =
      "this is a fault of holdfast; run again with HOLDFAST_TRACE=1 to see where it happened";

  /** How picocli begins to say that words are no value of their option's type. */
  private static final String NOT_CONVERTED = "Invalid value for ";

  private final Console console;

  Failures(Console console) {
    this.console = console;
  }

  /** The command line is wrong. */
  int usage(ParameterException e) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    String asked = console.command() + path(command);
    String near = "";
    String message = String.valueOf(e.getMessage());
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst();
      boolean option = word.startsWith("-");
      near = Nearest.hint(name(word), option ? options(command) : commands(command));
      message =
          (option
                  ? "unknown option '"
                  : command.subcommands().isEmpty() ? "unexpected argument '" : "unknown command '")
              + word
              + "'"
              + (path(command).isEmpty() ? "" : " of" + path(command));
    }
    ArgSpec argument = e.getArgSpec();
    if (argument != null && message.startsWith(NOT_CONVERTED)) {
      message = Arguments.wrong(label(argument), e.getValue(), allowed(argument)).message();
    }
    String see = "see: " + asked + " --help";
    return tell("usage", message, near.isEmpty() ? see : near + " " + see, json(command));
  }

  private static String label(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  /** What may stand where the words on the command line become a value of this type. */
  private static String allowed(ArgSpec argument) {
    Class<?> type = argument.type();
    if (type.equals(int.class) || type.equals(Integer.class)) {
      return "a whole number up to " + Integer.MAX_VALUE;
    }
    if (type.equals(long.class) || type.equals(Long.class)) {
      return "a whole number up to " + Long.MAX_VALUE;
    }
    return type.equals(boolean.class) || type.equals(Boolean.class)
        ? "true or false"
        : "a " + type.getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** The command failed. */
  int failed(Throwable e, CommandLine command) {
    boolean json = json(command.getCommandSpec());
    if (e instanceof HoldfastException refused) {
      trace(e);
      return tell(refused.code(), refused.message(), refused.hint(), json);
    }
    StringWriter trace = new StringWriter();
    if (tracing()) {
      e.printStackTrace(new PrintWriter(trace));
    }
    console.err().print(trace);
    return tell("internal", "unexpected: " + e, ISSUE_HINT, json);
  }

  int tell(String code, String message, String hint, boolean json) {
    PrintWriter err = console.err();
    if (json) {
      ObjectNode error = JsonNodeFactory.instance.objectNode();
      error.putObject("error").put("code", code).put("message", message).put("hint", hint);
      err.println(error);
    } else {
      err.println(console.paint("error:", Style.RED) + " " + message);
      if (!hint.isEmpty()) {
        err.println(console.paint("hint:", Style.YELLOW) + "  " + hint);
      }
      err.println(console.paint("code:  " + code, Style.FAINT));
    }
    err.flush();
    return ExitCodes.of(code);
  }

  private void trace(Throwable e) {
    if (tracing()) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      console.err().print(trace);
    }
  }

  private boolean tracing() {
    return "1".equals(console.environment().get("HOLDFAST_TRACE"));
  }

  /** Whether the command has a plain {@code --json} and it was given. */
  private static boolean json(CommandSpec command) {
    OptionSpec option = command.findOption("--json");
    if (option == null || option.arity().max() > 0) {
      return false;
    }
    List<String> given =
        command.root().commandLine().getParseResult() == null
            ? List.of()
            : command.root().commandLine().getParseResult().originalArgs();
    return Boolean.TRUE.equals(option.getValue()) || given.contains("--json");
  }

  /** The command's name as typed after the program's, with a blank before each word. */
  static String path(CommandSpec command) {
    List<String> names = new ArrayList<>();
    for (CommandLine at = command.commandLine(); at.getParent() != null; at = at.getParent()) {
      names.addFirst(" " + at.getCommandName());
    }
    return String.join("", names);
  }

  private static String name(String option) {
    int equals = option.indexOf('=');
    return equals < 0 ? option : option.substring(0, equals);
  }

  private static List<String> options(CommandSpec command) {
    List<String> names = new ArrayList<>();
    for (ArgSpec argument : command.options()) {
      if (argument instanceof OptionSpec option && !option.hidden()) {
        names.addAll(List.of(option.names()));
      }
    }
    return names;
  }

  private static List<String> commands(CommandSpec command) {
    return List.copyOf(command.subcommands().keySet());
  }
}

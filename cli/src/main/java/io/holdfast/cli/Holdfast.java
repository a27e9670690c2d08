package io.holdfast.cli;

import java.lang.reflect.Constructor;
import org.slf4j.helpers.NOP_FallbackServiceProvider;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code holdfast} command. */
@Command(
    name = "holdfast",
    description = "A payment ledger that keeps paying when a node fails, and proves it.",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      StatusCommand.class,
      DownCommand.class,
      InitCommand.class,
      ServeCommand.class,
      NodeCommand.class,
      RecoverCommand.class,
      RestoreCommand.class,
      RenewCommand.class,
      SettingsCommand.class,
      AccountCommand.class,
      TransferCommand.class,
      ImportCommand.class,
      JournalCommand.class,
      DetailsCommand.class,
      LogCommand.class,
      ScrubCommand.class,
      BackupCommand.class,
      StartCacheCommand.class,
      CompletionCommand.class,
      VersionCommand.class,
      HelpCommand.class,
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nTo begin:%n",
    footer = {
      "  holdfast demo                    kill, hang and hand over, and see that nothing is lost",
      "  holdfast up --detach             start a local site that stays",
      "  holdfast status --watch          see how it is",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong command line or file, 3 refused by the ledger,",
      "4 outcome unknown (repeat with the same id), 5 unavailable, 6 rows rejected, 7 not proved.",
    })
public final class Holdfast implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  Holdfast(Console console) {
    this.console = console;
  }

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    if (args.length == 0 || !args[0].equals("serve")) {
      // Libraries log; only a node's log is for people.
      System.setProperty("slf4j.internal.verbosity", "WARN");
      System.setProperty("slf4j.provider", NOP_FallbackServiceProvider.class.getName());
    }
    System.exit(run(Console.ofProcess(), args));
  }

  /** Runs the command within this process and returns its exit code. */
  static int run(Console console, String... args) {
    Failures failures = new Failures(console);
    int code =
        commandLine(console)
            .setParameterExceptionHandler((e, given) -> failures.usage(e))
            .setExecutionExceptionHandler((e, command, parsed) -> failures.failed(e, command))
            .execute(args);
    console.out().flush();
    console.err().flush();
    return code;
  }

  static CommandLine commandLine(Console console) {
    Ansi ansi = console.colours() ? Ansi.ON : Ansi.OFF;
    ColorScheme colours = CommandLine.Help.defaultColorScheme(ansi);
    return help(
        new CommandLine(new Holdfast(console), new Commands(console))
            .setOut(console.out())
            .setErr(console.err())
            .setColorScheme(colours)
            .setUsageHelpWidth(Math.clamp(console.columns(), 80, 120))
            .setUsageHelpAutoWidth(false)
            .setCaseInsensitiveEnumValuesAllowed(true));
  }

  /** Gives every command, however deep, a {@code --help}. */
  private static CommandLine help(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    if (!spec.userObject().getClass().equals(HelpCommand.class)) {
      spec.addOption(
          CommandLine.Model.OptionSpec.builder("-h", "--help")
              .usageHelp(true)
              .description("Show this help.")
              .build());
    }
    command.getSubcommands().values().forEach(Holdfast::help);
    return command;
  }

  /** Without a command: help. */
  @Override
  public void run() {
    spec.commandLine().usage(console.out());
  }

  /** Makes commands, handing the console to those that want it. */
  private record Commands(Console console) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (constructor.getParameterCount() == 1
            && constructor.getParameterTypes()[0].equals(Console.class)) {
          return type.cast(constructor.newInstance(console));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}

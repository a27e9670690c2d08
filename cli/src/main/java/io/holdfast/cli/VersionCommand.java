package io.holdfast.cli;

import io.holdfast.node.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says which version this is. */
@Command(name = "version", description = "Show the version of holdfast and of Java.")
final class VersionCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  VersionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    String java = System.getProperty("java.vendor") + " " + Runtime.version();
    console
        .out()
        .println(
            json
                ? "{\"holdfast\":\"%s\",\"java\":\"%s\"}".formatted(Version.text(), java)
                : "holdfast " + Version.text() + " on Java " + Runtime.version());
    return ExitCodes.OK;
  }
}

package io.holdfast.cli;

import io.holdfast.node.SettingsHelp;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Lists what can be set on a node. */
@Command(
    name = "settings",
    description = "List a node's settings with default, range and meaning.",
    footerHeading = "%nExample:%n",
    footer = "  holdfast settings | grep -A 2 election")
final class SettingsCommand implements Callable<Integer> {
  private final Console console;

  SettingsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.out().print(SettingsHelp.text());
    return ExitCodes.OK;
  }
}

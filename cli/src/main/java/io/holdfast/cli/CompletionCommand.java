package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the script that makes a shell complete our commands and options. */
@Command(
    name = "completion",
    description = "Print the completion script for a shell.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(holdfast completion bash)          for this shell, or in ~/.bashrc",
      "  source <(holdfast completion zsh)           for this shell, or in ~/.zshrc",
    })
final class CompletionCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private String shell = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    String script = AutoComplete.bash("holdfast", spec.root().commandLine());
    switch (shell) {
      case "bash" -> console.out().println(script);
      // The script asks zsh for bashcompinit by itself; compinit has to be there before.
      case "zsh" -> console.out().println("autoload -U +X compinit && compinit\n" + script);
      default ->
          throw new HoldfastException(
              "usage",
              "SHELL is '" + shell + "'; allowed: bash or zsh",
              Nearest.hint(shell, java.util.List.of("bash", "zsh")));
    }
    return ExitCodes.OK;
  }
}

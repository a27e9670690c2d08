package io.holdfast.cli;

import io.holdfast.node.Serve;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs one node. */
@Command(
    name = "serve",
    description = "Run one node in the foreground, until TERM, INT or HUP.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast serve --config /etc/holdfast/holdfast.yaml",
      "  holdfast serve --config holdfast.yaml --set log.format=json",
      "",
      "Its exit codes are in docs/reference/exit-codes.md; 'holdfast settings' lists the settings.",
    })
final class ServeCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The node's holdfast.yaml.")
  private Path config = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a setting of the file; repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return Serve.run(console.resolve(config), settings);
  }
}

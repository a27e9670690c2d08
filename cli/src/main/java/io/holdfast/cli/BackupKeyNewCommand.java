package io.holdfast.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.holdfast.vault.MasterKeyFiles;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a file with a master key. */
@Command(
    name = "new",
    description = {
      "Make a file with a new master key, readable by you alone.",
      "It opens nothing until 'backup init', 'key add' or 'key rotate' is given it."
    },
    footerHeading = "%nExample:%n",
    footer = "  holdfast backup key new main.key")
final class BackupKeyNewCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "Where to write it; nothing may be there.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupKeyNewCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path path = console.resolve(file);
    MasterKeyFiles.create(path);
    console
        .out()
        .println(
            json
                ? JsonNodeFactory.instance
                    .objectNode()
                    .put("file", path.toString())
                    .toPrettyString()
                : path + ": a new master key; keep a copy away from the backups and the ledger");
    return ExitCodes.OK;
  }
}

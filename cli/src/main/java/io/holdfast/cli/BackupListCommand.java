package io.holdfast.cli;

import io.holdfast.kernel.SystemClock;
import io.holdfast.vault.Manifests;
import io.holdfast.vault.Vault;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the backups of a repository. */
@Command(
    name = "list",
    description = {
      "List the backups of a repository, by their last ops.",
      "Exit code 7 when a manifest is damaged or missing; the others are listed all the same."
    },
    footerHeading = "%nExample:%n",
    footer = "  holdfast backup list --repository file:/backup --key-file main.key")
final class BackupListCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  BackupListCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Manifests.All all;
    String where;
    try (Vault vault = repositories.open(console)) {
      all = Manifests.all(vault);
      where = vault.repository().describe();
    }
    if (json) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            out.writeStringField("repository", where);
            out.writeArrayFieldStart("backups");
            for (Manifests.Named named : all.backups()) {
              out.writeStartObject();
              BackupRows.write(out, named);
              out.writeEndObject();
            }
            out.writeEndArray();
            out.writeArrayFieldStart("faults");
            for (String fault : all.faults()) {
              out.writeString(fault);
            }
            out.writeEndArray();
            out.writeEndObject();
          };
      body.printTo(console);
    } else if (all.backups().isEmpty()) {
      console.out().println("no backup in " + where);
    } else {
      console.out().println(BackupRows.table(all.backups(), new SystemClock().wallNanos()));
    }
    for (String fault : json ? List.<String>of() : all.faults()) {
      console.err().println("fault: " + fault);
    }
    return all.faults().isEmpty() ? ExitCodes.OK : ExitCodes.NOT_PROVED;
  }
}

package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.vault.Holds;
import io.holdfast.vault.Vault;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows all holds. */
@Command(
    name = "list",
    description = "Show which backups are held, why, since when and for whom.",
    footerHeading = "%nExample:%n",
    footer = "  holdfast backup hold list --config holdfast.yaml --name main")
final class BackupHoldListCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupHoldListCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Holds.Named> holds;
    try (Vault vault = repositories.open(console)) {
      holds = Holds.all(vault);
    }
    if (json) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("holds");
            for (Holds.Named hold : holds) {
              write(out, hold);
            }
            out.writeEndArray();
            out.writeEndObject();
          };
      body.printTo(console);
    } else if (holds.isEmpty()) {
      console.out().println("no backup is held");
    } else {
      Table table = new Table("hold", "backup", "since", "by", "reason");
      for (Holds.Named named : holds) {
        Holds.Hold hold = named.hold();
        table.row(named.id(), backup(hold), VerifyView.second(hold.at()), hold.by(), hold.reason());
      }
      console.out().println(table);
    }
    return ExitCodes.OK;
  }

  private static String backup(Holds.Hold hold) {
    int digits = hold.backup().indexOf('/') + 1;
    return hold.backup().substring(digits, Math.min(hold.backup().length(), digits + 8));
  }

  static JsonBody body(Holds.Named named) {
    return out -> write(out, named);
  }

  private static void write(JsonGenerator out, Holds.Named named) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", named.id());
    out.writeStringField("name", named.name());
    out.writeStringField("backup", named.hold().backup());
    out.writeStringField("reason", named.hold().reason());
    out.writeStringField("by", named.hold().by());
    out.writeStringField("at", Long.toString(named.hold().at()));
    out.writeEndObject();
  }
}

package io.holdfast.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the keys that details are sealed under. */
@Command(
    name = "keys",
    description = "List the keys of details: period, state, when and by which op destroyed.",
    footerHeading = "%nExample:%n",
    footer = "  holdfast details keys")
final class DetailsKeysCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final AdminOptions admin = new AdminOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  DetailsKeysCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    JsonNode answer = admin.ask(console, node -> node.detailsKeys(admin.deadline()));
    if (json) {
      console.out().println(answer.toPrettyString());
      return ExitCodes.OK;
    }
    if (answer.path("keys").isEmpty()) {
      console.out().println("no transfer came with details so far");
      return ExitCodes.OK;
    }
    console.out().println(table(answer.path("keys")));
    return ExitCodes.OK;
  }

  static Table table(Iterable<JsonNode> keys) {
    Table table =
        new Table(
            "period", "key", "state", "transfers>", "first op>", "last op>", "destroyed", "by op>");
    for (JsonNode key : keys) {
      boolean destroyed = key.path("destroyed_op").longValue() != 0;
      String alive = key.path("held").booleanValue() ? "alive" : "alive, not here yet";
      table.row(
          key.path("period").asText(),
          key.path("key").asText(),
          destroyed ? "destroyed" : alive,
          Shown.count(key.path("transfers").longValue()),
          Shown.count(key.path("first_op").longValue()),
          Shown.count(key.path("last_op").longValue()),
          destroyed ? Shown.time(key.path("destroyed_at").longValue()) : "-",
          destroyed ? Shown.count(key.path("destroyed_op").longValue()) : "-");
    }
    return table;
  }
}

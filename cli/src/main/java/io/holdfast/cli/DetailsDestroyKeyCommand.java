package io.holdfast.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.DetailsPeriod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Erases the details of all transfers of a period, by destroying what they are sealed under. */
@Command(
    name = "destroy-key",
    description = {
      "Erase the details of all transfers that came in a period, on all nodes and for good.",
      "Transfers, balances and the proof of the journal stay as they are.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast details destroy-key --period 2026-03          shows what would be erased",
      "  holdfast details destroy-key --period 2026-03 --yes",
    })
final class DetailsDestroyKeyCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final AdminOptions admin = new AdminOptions();

  @Option(
      names = "--period",
      required = true,
      paramLabel = "PERIOD",
      description = "A year, month or day in UTC: 2026, 2026-03 or 2026-03-14.")
  private String period = "";

  @Option(names = "--yes", description = "Do it. Nobody can undo it.")
  private boolean yes;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  DetailsDestroyKeyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    DetailsPeriod wanted = DetailsPeriod.parse(period);
    if (!yes) {
      throw unconfirmed(wanted);
    }
    JsonNode erased = admin.ask(console, node -> node.destroyDetails(period, admin.deadline()));
    if (json) {
      console.out().println(erased.toPrettyString());
    } else {
      print(erased);
    }
    return ExitCodes.OK;
  }

  private HoldfastException unconfirmed(DetailsPeriod wanted) {
    JsonNode answer = admin.ask(console, node -> node.detailsKeys(admin.deadline()));
    List<JsonNode> alive = new ArrayList<>();
    long transfers = 0;
    for (JsonNode key : answer.path("keys")) {
      boolean within = wanted.contains(DetailsPeriod.parse(key.path("period").asText()));
      if (within && key.path("destroyed_op").longValue() == 0) {
        alive.add(key);
        transfers += key.path("transfers").longValue();
      }
    }
    if (alive.isEmpty()) {
      return new HoldfastException(
          "unknown-period",
          "there are no details of " + wanted.label() + " to erase",
          "see which periods there are with: " + console.command() + " details keys");
    }
    console.err().println(DetailsKeysCommand.table(alive));
    return new HoldfastException(
        "not-confirmed",
        "this erases the details of "
            + Shown.count(transfers)
            + " transfers of "
            + wanted.label()
            + " on all nodes, and nobody can undo it; nothing was done",
        "to do it: "
            + console.command()
            + " details destroy-key --period "
            + wanted.label()
            + " --yes");
  }

  private void print(JsonNode erased) {
    console
        .out()
        .println(
            "erased the details of "
                + Shown.count(erased.path("transfers").longValue())
                + " transfers of "
                + erased.path("period").asText()
                + " by op "
                + Shown.count(erased.path("op").longValue()));
    console.out().println("gone from " + names(erased.path("erased_on")));
    if (!erased.path("pending_on").isEmpty()) {
      console
          .out()
          .println(
              "not confirmed by "
                  + names(erased.path("pending_on"))
                  + ": erased there as soon as that op is applied, at the latest at the next start");
    }
  }

  private static String names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(name -> names.add(name.asText()));
    return String.join(", ", names);
  }
}

package io.holdfast.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.drill.AdminClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows how far nodes are with reading again what they have on disk. */
@Command(
    name = "status",
    description = {
      "Show how far nodes are with reading again what they have on disk, and what they found.",
      "Exit code 7 when something is damaged now."
    },
    footerHeading = "%nExample:%n",
    footer = "  holdfast scrub status")
final class ScrubStatusCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Console console;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private final AdminNodesOptions admin = new AdminNodesOptions();

  ScrubStatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Map<String, JsonNode> said = new LinkedHashMap<>();
    admin
        .nodes(console)
        .forEach((name, address) -> said.put(name, new AdminClient(address).scrub(PATIENCE)));
    ScrubReport report = new ScrubReport(said);
    report.print(console, json);
    return report.damaged() ? ExitCodes.NOT_PROVED : ExitCodes.OK;
  }
}

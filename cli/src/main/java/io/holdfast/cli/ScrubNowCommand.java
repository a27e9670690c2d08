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

/** Lets nodes read again all that they have on disk, now. */
@Command(
    name = "now",
    description = {
      "Let nodes read again all that they have on disk, and mend it from each other.",
      "It begins now and goes at the usual rate. With --wait: exit code 7 when something stays",
      "damaged."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast scrub now --wait",
      "  holdfast scrub now --wait --admin http://127.0.0.1:7200",
    })
final class ScrubNowCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 200;

  private final Console console;

  @Option(names = "--wait", description = "Return when the pass has ended on all of them.")
  private boolean wait;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private final AdminNodesOptions admin = new AdminNodesOptions();

  ScrubNowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Map<String, AdminClient> nodes = new LinkedHashMap<>();
    admin.nodes(console).forEach((name, address) -> nodes.put(name, new AdminClient(address)));
    Map<String, Long> passes = new LinkedHashMap<>();
    nodes.forEach((name, node) -> passes.put(name, node.scrubNow(PATIENCE)));
    ScrubReport report = read(nodes);
    if (wait) {
      try (LiveLines screen = new LiveLines(console)) {
        while (!ended(report, passes)) {
          if (console.terminal()) {
            screen.show(report.nodes().entrySet().stream().map(ScrubNowCommand::progress).toList());
          }
          Waiting.pause(LOOK_MILLIS);
          report = read(nodes);
        }
      }
    }
    report.print(console, json);
    return wait && report.damaged() ? ExitCodes.NOT_PROVED : ExitCodes.OK;
  }

  private static ScrubReport read(Map<String, AdminClient> nodes) {
    Map<String, JsonNode> said = new LinkedHashMap<>();
    nodes.forEach((name, node) -> said.put(name, node.scrub(PATIENCE)));
    return new ScrubReport(said);
  }

  private static boolean ended(ScrubReport report, Map<String, Long> passes) {
    return report.nodes().entrySet().stream()
        .allMatch(
            node ->
                node.getValue().path("passes").asLong()
                    >= passes.getOrDefault(node.getKey(), Long.MAX_VALUE));
  }

  private static String progress(Map.Entry<String, JsonNode> node) {
    return "%s: %s of %s bytes"
        .formatted(
            node.getKey(),
            Shown.count(node.getValue().path("bytes").asLong()),
            Shown.count(node.getValue().path("total_bytes").asLong()));
  }
}

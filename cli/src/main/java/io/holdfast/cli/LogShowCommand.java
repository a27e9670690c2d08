package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.drill.SiteDescriptor;
import io.holdfast.journal.Act;
import io.holdfast.journal.SiteLogReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows acts of the site's log: of directories, of a running node, or of all of a local site. */
@Command(
    name = "show",
    description = {
      "Show acts of the site's own log, those of several nodes in the order of their times.",
      "Without DIR and --node: all nodes of the local site in ./holdfast-data."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast log show",
      "  holdfast log show holdfast-data/n1 --kind incident-began --since 2h",
      "  holdfast log show --node http://127.0.0.1:7200 --json",
    })
final class LogShowCommand implements Callable<Integer> {
  private static final int COUNT_MAX = 10_000;

  private final Console console;

  @Parameters(
      paramLabel = "DIR",
      arity = "0..*",
      description = "A node's directory, or one with the files of its log.")
  private List<Path> directories = new ArrayList<>();

  @Option(
      names = "--node",
      paramLabel = "URL",
      description = "A running node's admin address, such as http://127.0.0.1:7200.")
  private @Nullable String node;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Acts from then on: an instant, or how long ago, such as 30m, 2h, 7d.")
  private @Nullable String since;

  @Option(names = "--kind", paramLabel = "KIND", description = "Acts of this kind alone.")
  private @Nullable String kind;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "50",
      description = "The last N of them (default ${DEFAULT-VALUE}).")
  private int count = 50;

  @Option(
      names = "--data-key",
      paramLabel = "FILE",
      description = "The ledger's data.key (default: keys/data.key of the node's directory).")
  private @Nullable Path dataKey;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "The ledger's ca.crt, for a --node that speaks HTTPS.")
  private @Nullable Path authority;

  @Option(names = "--json", description = "Print JSON, errors included.")
  private boolean json;

  LogShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (count < 1 || count > COUNT_MAX) {
      throw Arguments.wrong("--count", Integer.toString(count), "1 to " + COUNT_MAX);
    }
    if (node != null && !directories.isEmpty()) {
      throw Arguments.wrong("--node", node, "--node or DIR, not both");
    }
    SiteLogReader.Filter filter =
        new SiteLogReader.Filter(since == null ? 0 : nanos(since, Instant.now()), kind, count);
    List<Act> acts =
        node == null
            ? fromDirectories(filter)
            : LogOfNode.read(node, authority == null ? null : console.resolve(authority), filter);
    if (json) {
      JsonBody body = out -> write(out, acts);
      body.printTo(console);
    } else {
      print(acts);
    }
    return ExitCodes.OK;
  }

  private List<Act> fromDirectories(SiteLogReader.Filter filter) throws IOException {
    List<Act> all = new ArrayList<>();
    for (Path directory : places()) {
      Path key = dataKey == null ? null : console.resolve(dataKey);
      all.addAll(LogPlace.find(console.resolve(directory), key).reader().acts(filter));
    }
    // Acts of one node stay in their order: sorting is stable, and their times rise.
    all.sort(Comparator.comparingLong(Act::timeNanos));
    return all.subList(Math.max(0, all.size() - count), all.size());
  }

  private List<Path> places() {
    if (!directories.isEmpty()) {
      return directories;
    }
    Path site = console.resolve(Path.of(GatewayOptions.LOCAL_SITE));
    return SiteDescriptor.read(site).nodes().stream()
        .map(entry -> site.resolve(entry.node()))
        .toList();
  }

  /** An instant, or how long ago. */
  static long nanos(String text, Instant now) {
    try {
      Instant instant =
          text.matches("[0-9]{1,6}[smhd]") ? now.minus(ago(text)) : Instant.parse(text);
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    } catch (DateTimeParseException | ArithmeticException e) {
      throw Arguments.wrong(
          "--since", text, "an instant such as 2026-11-26T08:00:00Z, or 90s, 30m, 2h, 7d");
    }
  }

  private static Duration ago(String text) {
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(number);
      case 'm' -> Duration.ofMinutes(number);
      case 'h' -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  private void print(List<Act> acts) {
    Table table = new Table("time", "node", "act>", "kind", "actor", "what");
    for (Act act : acts) {
      table.row(
          time(act).toString(),
          act.node(),
          Shown.count(act.number()),
          plain(act.kind()),
          plain(act.actor()),
          act.fields().entrySet().stream()
              .map(field -> plain(field.getKey()) + "=" + plain(field.getValue()))
              .collect(Collectors.joining("; ")));
    }
    console.out().println(table);
    if (acts.isEmpty()) {
      console.err().println("no act fits");
    }
  }

  /** To the millisecond: a person reads it. */
  private static Instant time(Act act) {
    return Instant.ofEpochMilli(act.timeNanos() / 1_000_000);
  }

  /** What an operator's tool sent does not steer the terminal of another. */
  private static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }

  private static void write(JsonGenerator out, List<Act> acts) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("acts");
    for (Act act : acts) {
      out.writeStartObject();
      out.writeNumberField("number", act.number());
      out.writeStringField("time", Shown.time(act.timeNanos()));
      out.writeStringField("node", act.node());
      out.writeStringField("kind", act.kind());
      out.writeStringField("actor", act.actor());
      out.writeObjectFieldStart("fields");
      for (Map.Entry<String, String> field : act.fields().entrySet()) {
        out.writeStringField(field.getKey(), field.getValue());
      }
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}

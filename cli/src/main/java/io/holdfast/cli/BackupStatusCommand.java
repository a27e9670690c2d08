package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows how the backups of a running site are. */
@Command(
    name = "status",
    description = {
      "Show how a running site's backups are, and what would be lost with all nodes now (RPO).",
      "Beside it the last backup, the last failure. Exit code 7 when nobody works for a repository,",
      "or it fails."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  holdfast backup status", "  holdfast backup status --watch"})
final class BackupStatusCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Console console;

  @Option(names = "--watch", description = "Show it again each second, until Ctrl-C.")
  private boolean watch;

  @Option(names = "--json", description = "Print JSON: by node, what GET /admin/v1/backup gives.")
  private boolean json;

  @Mixin private final AdminNodesOptions admin = new AdminNodesOptions();

  BackupStatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SiteBackups site = new SiteBackups(admin.nodes(console));
    try (LiveLines screen = new LiveLines(console)) {
      while (true) {
        SiteBackups.Said said = site.ask(PATIENCE);
        if (json) {
          JsonBody body = out -> write(out, said);
          body.printTo(console);
        } else if (watch) {
          screen.show(lines(said));
        } else {
          lines(said).forEach(console.out()::println);
        }
        if (!watch) {
          said.silent().forEach(node -> console.err().println("no answer from " + node));
          return isWell(said) ? ExitCodes.OK : ExitCodes.NOT_PROVED;
        }
        Waiting.pause(1_000);
      }
    }
  }

  private static boolean isWell(SiteBackups.Said said) {
    return said.repositories().stream()
        .allMatch(
            name -> {
              SiteBackups.OfNode node = said.working(name);
              return node != null
                  && !SiteBackups.repository(node.status(), name)
                      .path("state")
                      .asText()
                      .equals("fails")
                  && said.nodes().stream()
                      .noneMatch(
                          each ->
                              SiteBackups.repository(each.status(), name)
                                  .path("key")
                                  .asText()
                                  .equals("lost"));
            });
  }

  private static List<String> lines(SiteBackups.Said said) {
    Table table =
        new Table("repository", "node", "state", "RPO>", "last op>", "last backup", "took>", "key");
    List<String> more = new ArrayList<>();
    for (String name : said.repositories()) {
      SiteBackups.OfNode working = said.working(name);
      SiteBackups.OfNode node = working == null ? said.onDuty() : working;
      JsonNode one = SiteBackups.repository(node.status(), name);
      JsonNode last = one.path("last_backup");
      table.row(
          name,
          working == null ? "-" : node.node(),
          state(working == null ? null : one),
          rpo(one.path("rpo_seconds").asDouble(-1)),
          Shown.count(one.path("last_op").asLong()),
          last.isObject()
              ? Instant.ofEpochMilli(last.path("taken_at_millis").asLong()).toString()
              : "none",
          last.isObject() ? last.path("took_millis").asLong() + " ms" : "-",
          one.path("key").asText());
      for (SiteBackups.OfNode each : said.nodes()) {
        more.addAll(failures(name, each));
      }
    }
    List<String> lines = new ArrayList<>();
    if (said.repositories().isEmpty()) {
      lines.add("no repository is configured; see docs/operate/backup.md");
      return lines;
    }
    lines.addAll(table.lines());
    lines.addAll(more);
    return lines;
  }

  private static List<String> failures(String name, SiteBackups.OfNode node) {
    JsonNode one = SiteBackups.repository(node.status(), name);
    List<String> lines = new ArrayList<>();
    JsonNode failure = one.path("last_failure");
    if (failure.isObject()) {
      lines.add(
          "%s: last failure on %s at %s, %s: %s: %s"
              .formatted(
                  name,
                  node.node(),
                  Instant.ofEpochMilli(failure.path("at_millis").asLong()),
                  failure.path("during").asText(),
                  failure.path("code").asText(),
                  failure.path("message").asText()));
    }
    if (one.path("key").asText().equals("lost")) {
      lines.add(
          "%s: the master key on %s does not open it: %s"
              .formatted(name, node.node(), one.path("key_words").asText()));
    }
    return lines;
  }

  private static String state(@Nullable JsonNode working) {
    if (working == null) {
      return "nobody works for it";
    }
    return switch (working.path("state").asText()) {
      case "streams" -> "streams";
      case "timed" -> "by schedule, " + working.path("schedule").asText();
      case "first-backup" -> "takes its first backup";
      default -> working.path("state").asText();
    };
  }

  static String rpo(double seconds) {
    return seconds < 0 ? "?" : String.format(Locale.ROOT, "%.1f s", seconds);
  }

  private static void write(JsonGenerator out, SiteBackups.Said said) throws IOException {
    out.setCodec(JSON);
    out.writeStartObject();
    for (SiteBackups.OfNode node : said.nodes()) {
      out.writeFieldName(node.node());
      out.writeTree(node.status());
    }
    out.writeEndObject();
  }
}

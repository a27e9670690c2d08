package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.journal.ActKind;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.SiteLog;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogCommandsTest {
  private static final String FILE = "0001-00000000000000000001.acts";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory = Path.of("");

  /** Two nodes whose acts alternate in time. */
  @BeforeEach
  void write() throws IOException {
    DataKey key = DataKey.create();
    ManualClock clock = new ManualClock();
    for (String node : new String[] {"n1", "n2"}) {
      Path home = directory.resolve(node);
      Files.createDirectories(home.resolve("keys"));
      Files.writeString(home.resolve("genesis.json"), "{}");
      key.write(home.resolve("keys/data.key"));
    }
    try (SiteLog one = open("n1", key, clock);
        SiteLog two = open("n2", key, clock)) {
      one.addDurably(ActKind.NODE_STARTED, PATIENCE, "node", "version", "1");
      clock.advance(Duration.ofMinutes(1));
      two.addDurably(ActKind.NODE_STARTED, PATIENCE, "node", "version", "2");
      clock.advance(Duration.ofMinutes(1));
      one.addDurably(
          ActKind.OPERATOR_ACT, PATIENCE, "operator zoe\u001b[31m at ::1", "act", "hand-over");
    }
  }

  private SiteLog open(String node, DataKey key, ManualClock clock) {
    return SiteLog.open(
        new SiteLog.Setup(
            SystemDisk.INSTANCE,
            directory.resolve(node).resolve("site-log"),
            key,
            UInt128.of(9),
            node,
            () -> UInt128.of(3),
            clock));
  }

  private Terminal.Ran run(String... arguments) {
    return Terminal.in(directory).run(arguments);
  }

  @Test
  void acts_of_several_nodes_are_shown_in_the_order_of_their_times() {
    Terminal.Ran shown = run("log", "show", "n2", "n1");
    assertThat(shown.code()).as(shown.err()).isZero();
    assertThat(shown.out().lines().skip(1).toList())
        .satisfiesExactly(
            line -> assertThat(line).matches("2026-01-01T00:00:00Z +n1 .*version=1"),
            line -> assertThat(line).matches("2026-01-01T00:01:00Z +n2 .*version=2"),
            line -> assertThat(line).matches("2026-01-01T00:02:00Z +n1 .*act=hand-over"));
    assertThat(shown.out()).as("nobody's terminal is steered").doesNotContain("\u001b");
  }

  @Test
  void kind_time_and_count_choose() throws IOException {
    assertThat(run("log", "show", "n1", "n2", "--count", "1").out()).doesNotContain("version");
    assertThat(run("log", "show", "n1", "n2", "--kind", "node-started").out())
        .contains("version=1", "version=2")
        .doesNotContain("hand-over");
    Terminal.Ran since =
        run("log", "show", "n1", "n2", "--since", "2026-01-01T00:00:30Z", "--json");
    JsonNode acts = new ObjectMapper().readTree(since.out()).get("acts");
    assertThat(acts.size()).isEqualTo(2);
    assertThat(acts.get(0).at("/fields/version").asText()).isEqualTo("2");
    assertThat(acts.get(1).get("number").asLong()).isEqualTo(2);
    assertThat(run("log", "show", "n1", "--since", "1h").err()).contains("no act fits");
    assertThat(run("log", "show", "n1", "--since", "yesterday").err())
        .contains("--since is 'yesterday'", "usage");
    assertThat(run("log", "show", "n1", "--count", "0").code()).isEqualTo(ExitCodes.USAGE);
    Instant now = Instant.parse("2026-01-02T00:00:00Z");
    assertThat(LogShowCommand.nanos("90s", now))
        .isEqualTo(now.minusSeconds(90).getEpochSecond() * 1_000_000_000L);
  }

  @Test
  void a_whole_log_is_proved_and_a_damaged_one_is_named() throws IOException {
    Terminal.Ran whole = run("log", "verify", "n1");
    assertThat(whole.code()).as(whole.err()).isZero();
    assertThat(whole.out()).contains(FILE, "whole; chain after act 2: ");
    assertThat(run("log", "verify", "n1", "--json").out()).contains("\"whole\" : true");

    Path file = directory.resolve("n1/site-log").resolve(FILE);
    byte[] bytes = Files.readAllBytes(file);
    bytes[250] ^= 1; // in the first of two acts
    Files.write(file, bytes);
    Terminal.Ran damaged = run("log", "verify", "n1");
    assertThat(damaged.code()).isEqualTo(ExitCodes.NOT_PROVED);
    assertThat(damaged.out()).contains("DAMAGED").doesNotContain("whole;");
    assertThat(damaged.err()).contains(file + " is damaged at byte 192", "site-log-damaged");
  }

  @Test
  void what_is_not_there_is_said_so() throws IOException {
    assertThat(run("log", "verify", "n3").err()).contains("n3 holds no file", "no-site-log");
    assertThat(run("log", "show").err()).contains("no-site");
    assertThat(run("log").err()).contains("say what to do: show or verify");
    assertThat(run("log", "show", "--node", "127.0.0.1:1").code()).isEqualTo(ExitCodes.UNAVAILABLE);
    Path copy = Files.createDirectory(directory.resolve("copy"));
    Files.copy(directory.resolve("n1/site-log").resolve(FILE), copy.resolve(FILE));
    assertThat(run("log", "verify", "copy").err()).contains("--data-key is missing");
    assertThat(run("log", "verify", "copy", "--data-key", "n2/keys/data.key").code()).isZero();
  }
}

package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Logs are set up for a whole process, so each test looks at a process of its own. */
class LogsTest {
  private static List<String> lines(String format, String level)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Talker.class.getName(),
                format,
                level)
            .start();
    List<String> lines = process.errorReader().readAllLines();
    assertThat(process.inputReader().readAllLines()).isEmpty();
    process.waitFor();
    return lines;
  }

  @Test
  void text_has_a_line_per_event_with_time_level_and_node() throws Exception {
    List<String> lines = lines("TEXT", "INFO");
    assertThat(lines.get(0))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  n1 .* hello");
    assertThat(lines.get(1)).contains(" n1 ").endsWith("forged | 2026-01-01 ERROR all lost");
    assertThat(lines.get(2)).contains(" WARN  n1 ").endsWith("from the JDK's logger");
    assertThat(lines.get(3)).contains("failed");
    assertThat(lines.get(4)).contains("IllegalStateException: why");
    assertThat(lines).noneMatch(line -> line.contains("not this"));
  }

  @Test
  void json_has_an_object_per_event() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    List<String> lines = lines("JSON", "INFO");
    assertThat(lines).hasSize(4);
    JsonNode first = mapper.readTree(lines.get(0));
    assertThat(first.get("node").asText()).isEqualTo("n1");
    assertThat(first.get("level").asText()).isEqualTo("INFO");
    assertThat(first.get("message").asText()).isEqualTo("hello");
    assertThat(first.get("time").asText()).matches(".*T.*Z");
    assertThat(mapper.readTree(lines.get(1)).get("message").asText()).contains("\n");
    assertThat(mapper.readTree(lines.get(3)).get("error").asText())
        .contains("IllegalStateException: why");
  }

  @Test
  void a_level_keeps_quiet_what_weighs_less() throws Exception {
    assertThat(lines("TEXT", "ERROR").getFirst()).contains("failed");
    assertThat(lines("JSON", "DEBUG")).hasSize(6);
  }

  /** Says something of each kind. */
  static final class Talker {
    private Talker() {}

    public static void main(String[] arguments) {
      Logs.configure(
          new LogConfig(
              Settings.LogFormat.valueOf(arguments[0]), Settings.LogLevel.valueOf(arguments[1])),
          "n1");
      org.slf4j.Logger ours = org.slf4j.LoggerFactory.getLogger("io.holdfast.test.Talker");
      ours.debug("not this in detail");
      ours.info("hello");
      ours.info("forged\n2026-01-01 ERROR all lost");
      org.slf4j.LoggerFactory.getLogger("org.apache.ratis.Some").info("not this of a library");
      System.getLogger("io.helidon.Some").log(System.Logger.Level.WARNING, "from the JDK's logger");
      ours.error("failed", new IllegalStateException("why"));
    }
  }
}

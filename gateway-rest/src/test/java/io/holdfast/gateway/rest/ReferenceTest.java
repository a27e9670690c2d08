package io.holdfast.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The reference says what the code does. */
class ReferenceTest {
  private static final Pattern ROW = Pattern.compile("\\| `([a-z-]+)` \\| ([0-9]{3}) \\|.*");

  @Test
  void every_error_code_is_listed_with_its_http_status_and_no_other() throws IOException {
    Set<String> listed = new TreeSet<>();
    for (String line : lines("errors.md")) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertThat(listed.add(row.group(1) + " " + row.group(2))).as(line).isTrue();
      }
    }
    Set<String> answered = new TreeSet<>();
    for (ErrorCode code : ErrorCode.values()) {
      answered.add(code.code() + " " + code.status());
    }

    assertThat(listed).isEqualTo(answered);
  }

  @Test
  void every_route_is_described() throws IOException {
    String page = String.join("\n", lines("rest.md"));
    try (RunningGateway running = new RunningGateway(new ScriptedLedger())) {
      for (Route route : running.gateway.routes().all()) {
        assertThat(page).contains(route.method() + " " + route.template());
      }
    }
  }

  private static List<String> lines(String page) throws IOException {
    return Files.readAllLines(Path.of("..", "docs", "reference", page));
  }
}

package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the reference says of exit codes is so, and it says all. */
class ExitCodesTest {
  private static final Pattern ROW = Pattern.compile("\\| ([0-9]+) \\| .* \\| (.*) \\|");
  private static final Pattern IN_DOCUMENT = Pattern.compile("`([a-z0-9-]+)`");
  private static final Pattern IN_SOURCE = Pattern.compile("\"([a-z0-9-]+)\"");

  @Test
  void the_reference_lists_each_code_in_the_row_of_its_number() throws IOException {
    Set<String> documented = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("..", "docs", "reference", "cli.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Matcher codes = IN_DOCUMENT.matcher(row.group(2));
        while (codes.find()) {
          documented.add(codes.group(1));
          assertThat(ExitCodes.of(codes.group(1)))
              .as(codes.group(1))
              .isEqualTo(Integer.parseInt(row.group(1)));
        }
      }
    }
    Path source = Path.of("src", "main", "java", "io", "holdfast", "cli", "ExitCodes.java");
    Set<String> known =
        IN_SOURCE
            .matcher(Files.readString(source))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(documented).isEqualTo(known);
  }
}

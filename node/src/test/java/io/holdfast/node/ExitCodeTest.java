package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {
  private static final Pattern ROW = Pattern.compile("\\| ([0-9]+) \\| [^|]* \\| ([^|]*) \\| .*");
  private static final Pattern CODE = Pattern.compile("`([a-z-]+)`");

  @ParameterizedTest
  @CsvSource({
    "bad-setting, 2",
    "config-malformed, 2",
    "genesis-missing, 3",
    "key-file-exposed, 3",
    "certificate-expired, 3",
    "wrong-data-key, 3",
    "directory-missing, 3",
    "directory-in-use, 4",
    "port-in-use, 4",
    "disk-full, 5",
    "log-damaged, 6",
    "sealed-payload-damaged, 6",
    "state-machine-failed, 7",
    "something-else, 1",
  })
  void a_code_ends_the_process_with_a_number_of_its_kind(String code, int number) {
    assertThat(ExitCode.of(new HoldfastException(code, "", "")).number()).isEqualTo(number);
  }

  @Test
  void a_halt_that_has_no_kind_is_a_halt() {
    HoldfastException fault = new HoldfastException("something-else", "", "");
    assertThat(ExitCode.ofHalt(fault)).isEqualTo(ExitCode.HALTED);
  }

  @Test
  void the_document_lists_every_number() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "reference", "exit-codes.md"));
    for (ExitCode code : ExitCode.values()) {
      assertThat(document).contains("| " + code.number() + " | ");
    }
  }

  @Test
  void the_document_lists_each_code_in_the_row_of_its_number() throws IOException {
    int listed = 0;
    for (String line : Files.readAllLines(Path.of("..", "docs", "reference", "exit-codes.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Matcher codes = CODE.matcher(row.group(2));
        while (codes.find()) {
          listed++;
          HoldfastException fault = new HoldfastException(codes.group(1), "", "");
          assertThat(ExitCode.of(fault).number())
              .as(codes.group(1))
              .isEqualTo(Integer.parseInt(row.group(1)));
        }
      }
    }
    assertThat(listed).isGreaterThan(20);
  }
}

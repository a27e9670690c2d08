package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {
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
}

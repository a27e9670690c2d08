package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  @ParameterizedTest
  @CsvSource({
    "stauts, status", // swapped
    "statu, status", // lost
    "demoo, demo", // doubled
    "transfre, transfer",
    "imprt, import",
    "accounts, account",
    "xyzzy, ''",
    "q, ''",
  })
  void a_misspelt_word_finds_the_one_that_was_meant(String word, String meant) {
    assertThat(Nearest.to(word, List.of("status", "demo", "transfer", "import", "account", "up")))
        .isEqualTo(meant.isEmpty() ? java.util.Optional.empty() : java.util.Optional.of(meant));
  }
}

package io.holdfast.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StatusesTest {
  private static final Path REFERENCE = Path.of("..", "docs", "reference", "statuses.md");
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| `(\\w+)` \\|");

  @Test
  void the_reference_lists_every_status_with_its_number_in_order_of_precedence()
      throws IOException {
    String text = Files.readString(REFERENCE);
    int accounts = text.indexOf("## Accounts");
    List<String> transferRows = new ArrayList<>();
    for (TransferStatus status : TransferStatus.values()) {
      transferRows.add(Integer.toUnsignedString(status.code()) + " " + status.label());
    }
    List<String> accountRows = new ArrayList<>();
    for (AccountStatus status : AccountStatus.values()) {
      accountRows.add(Integer.toUnsignedString(status.code()) + " " + status.label());
    }
    assertThat(rows(text.substring(0, accounts))).isEqualTo(transferRows);
    assertThat(rows(text.substring(accounts))).isEqualTo(accountRows);
  }

  private static List<String> rows(String text) {
    List<String> rows = new ArrayList<>();
    Matcher matcher = ROW.matcher(text);
    while (matcher.find()) {
      rows.add(matcher.group(1) + " " + matcher.group(2));
    }
    return rows;
  }

  @Test
  void every_number_leads_back_to_its_status() {
    for (TransferStatus status : TransferStatus.values()) {
      assertThat(TransferStatus.ofCode(status.code())).isEqualTo(status);
      assertThat(status.label()).isEqualTo(status.name().toLowerCase(Locale.ROOT));
    }
    for (AccountStatus status : AccountStatus.values()) {
      assertThat(AccountStatus.ofCode(status.code())).isEqualTo(status);
    }
    for (int unknown : new int[] {0, 18, 127, 128, -2}) {
      assertThatThrownBy(() -> TransferStatus.ofCode(unknown))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no status has code " + Integer.toUnsignedString(unknown));
    }
  }
}

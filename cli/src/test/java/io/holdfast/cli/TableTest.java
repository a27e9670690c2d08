package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columns_align_numbers_to_the_right_and_no_line_ends_in_blanks() {
    Table table = new Table("node", "role", "op>").row("n1", "leader", 12).row("n2", "", 1_234);
    assertThat(table.lines())
        .containsExactly("node  role      op", "n1    leader    12", "n2            1234");
  }

  @Test
  void colours_take_no_room() {
    Table table =
        new Table("node", "role", "op>")
            .row("n1", "\u001b[32mleader\u001b[0m", 1)
            .row("n2", "follower", 1);
    assertThat(table.lines().get(1)).endsWith("leader\u001b[0m     1");
  }

  @Test
  void a_table_without_titles_has_no_first_line() {
    assertThat(new Table("", "").row("a", "1").row("long", "2").lines())
        .containsExactly("a     1", "long  2");
  }
}

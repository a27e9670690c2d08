package io.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InvariantsTest {
  @Test
  void what_holds_passes() {
    assertThatCode(() -> Invariants.check(true, "money conserved")).doesNotThrowAnyException();
    assertThatCode(() -> Invariants.check(true, "ops follow", 1, 1)).doesNotThrowAnyException();
  }

  @Test
  void what_is_broken_is_named_with_what_was_found() {
    assertThatThrownBy(() -> Invariants.check(false, "money conserved"))
        .isInstanceOf(Invariants.Broken.class)
        .hasMessage("invariant broken: money conserved");
    assertThatThrownBy(() -> Invariants.check(false, "ops follow", 7, 9))
        .hasMessage("invariant broken: ops follow: expected 7, found 9");
    assertThat(Invariants.broken("it is so")).hasMessage("invariant broken: it is so");
  }

  @Test
  void a_broken_invariant_is_no_exception_that_someone_may_catch_and_carry_on() {
    assertThat(Error.class).isAssignableFrom(Invariants.Broken.class);
  }
}

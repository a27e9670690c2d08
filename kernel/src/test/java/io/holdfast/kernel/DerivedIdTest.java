package io.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DerivedIdTest {
  @Test
  void an_id_is_the_same_in_every_version_of_the_importer() {
    // Written down once: a change would make every repeated import a second one.
    assertThat(DerivedId.of("berka", "transfer", "695247").toHex())
        .isEqualTo("a180f4cdfacb4ffec56aca585310836a");
  }

  @Test
  void namespace_kind_and_value_all_matter_and_so_does_where_one_ends() {
    assertThat(DerivedId.of("a", "b", "c"))
        .isNotEqualTo(DerivedId.of("a", "b", "d"))
        .isNotEqualTo(DerivedId.of("a", "x", "c"))
        .isNotEqualTo(DerivedId.of("x", "b", "c"))
        .isNotEqualTo(DerivedId.of("ab", "", "c"))
        .isNotEqualTo(DerivedId.of("a", "bc", ""));
  }
}

package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RepositoryKeysTest {
  private static final String NAME = "objects/ab/abcd";

  private final RepositoryKeys keys = RepositoryKeys.create();

  @Test
  void what_was_sealed_is_opened_again_whatever_its_size() {
    for (int bytes :
        new int[] {0, 1, 15, 4096, (1 << 20) - 100, (1 << 20) - 16, 1 << 20, 5_000_000}) {
      byte[] content = random(bytes);
      assertThat(keys.open(NAME, keys.seal(NAME, content))).isEqualTo(content);
      byte[] even = new byte[bytes];
      assertThat(keys.open(NAME, keys.seal(NAME, even))).isEqualTo(even);
    }
  }

  @Test
  void the_same_content_is_never_sealed_to_the_same_bytes() {
    byte[] content = random(1000);
    assertThat(keys.seal(NAME, content)).isNotEqualTo(keys.seal(NAME, content));
  }

  @Test
  void content_that_repeats_itself_gets_small() {
    assertThat(keys.seal(NAME, new byte[4 << 20])).hasSizeLessThan(10_000);
  }

  @Test
  void a_flipped_bit_anywhere_is_noticed_and_the_object_named() {
    byte[] sealed = keys.seal(NAME, random(300));
    for (int i = 0; i < sealed.length; i++) {
      byte[] flipped = sealed.clone();
      flipped[i] ^= 4;
      assertDamaged(() -> keys.open(NAME, flipped));
    }
  }

  @Test
  void an_object_that_was_cut_or_goes_on_is_noticed() {
    byte[] sealed = keys.seal(NAME, random((3 << 20) + 100));
    int segment = 4 + (1 << 20); // cut where a segment ends, too
    for (int bytes : new int[] {0, 3, 4, 5, 44, segment, 2 * segment - 4, sealed.length - 1}) {
      assertDamaged(() -> keys.open(NAME, Arrays.copyOf(sealed, bytes)));
    }
    assertDamaged(() -> keys.open(NAME, Arrays.copyOf(sealed, sealed.length + 1)));
  }

  @Test
  void an_object_in_the_place_of_another_is_noticed() {
    byte[] sealed = keys.seal(NAME, random(300));
    assertThatThrownBy(() -> keys.open("objects/ab/abce", sealed))
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("object-damaged");
              assertThat(e.message()).contains("objects/ab/abce");
            });
  }

  @Test
  void another_repositorys_object_is_not_opened() {
    assertDamaged(() -> keys.open(NAME, RepositoryKeys.create().seal(NAME, random(300))));
  }

  @Test
  void after_a_rotation_old_objects_open_and_new_ones_need_the_new_key() {
    byte[] content = random(300);
    byte[] before = keys.seal(NAME, content);
    RepositoryKeys rotated = keys.rotated();
    byte[] after = rotated.seal(NAME, content);
    RepositoryKeys again = rotated.rotated();
    assertThat(rotated.open(NAME, before)).isEqualTo(content);
    assertThat(again.open(NAME, before)).isEqualTo(content);
    assertThat(again.open(NAME, after)).isEqualTo(content);
    assertDamaged(() -> keys.open(NAME, after));
    assertDamaged(() -> rotated.open(NAME, again.seal(NAME, content)));
    assertThat(again.dataKeyCount()).isEqualTo(3);
  }

  @Test
  void after_a_rotation_names_are_the_same() {
    byte[] identity = random(32);
    assertThat(keys.rotated().objectName(ObjectKind.PIECE, identity))
        .isEqualTo(keys.objectName(ObjectKind.PIECE, identity));
  }

  @Test
  void after_a_rotation_old_signatures_fit_and_new_ones_need_the_new_key() {
    byte[] content = random(300);
    byte[] before = keys.sign(content);
    RepositoryKeys rotated = keys.rotated();
    byte[] after = rotated.sign(content);
    assertThat(rotated.verified(before)).isEqualTo(content);
    assertThat(rotated.verified(after)).isEqualTo(content);
    assertWrong(() -> keys.verified(after));
  }

  @Test
  void a_name_tells_nothing_of_what_it_names() {
    byte[] identity = "ledger-7 op 42".getBytes(StandardCharsets.US_ASCII);
    String name = keys.objectName(ObjectKind.TAIL, identity);
    assertThat(name).matches("objects/([0-9a-f]{2})/\\1[0-9a-f]{62}");
    assertThat(keys.objectName(ObjectKind.TAIL, identity)).isEqualTo(name);
    assertThat(keys.objectName(ObjectKind.PIECE, identity)).isNotEqualTo(name);
    assertThat(RepositoryKeys.create().objectName(ObjectKind.TAIL, identity)).isNotEqualTo(name);
    assertThat(name).doesNotContain(java.util.HexFormat.of().formatHex(identity));
  }

  @Test
  void a_changed_signature_or_content_is_noticed() {
    byte[] signed = keys.sign(random(50));
    for (int i = 0; i < signed.length; i++) {
      byte[] flipped = signed.clone();
      flipped[i] ^= 1;
      assertWrong(() -> keys.verified(flipped));
    }
    assertWrong(() -> keys.verified(new byte[0]));
    assertWrong(() -> keys.verified(Arrays.copyOf(signed, 69)));
    assertWrong(() -> keys.verified(RepositoryKeys.create().sign(random(50))));
  }

  @Test
  void many_threads_seal_and_open_at_once() {
    assertThat(
            IntStream.range(0, 64)
                .parallel()
                .allMatch(
                    i -> {
                      byte[] content = random(100_000 + i * 40_000);
                      String name = "objects/" + i;
                      return Arrays.equals(content, keys.open(name, keys.seal(name, content)));
                    }))
        .isTrue();
  }

  private static byte[] random(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }

  private static void assertDamaged(ThrowingCallable opening) {
    assertThatThrownBy(opening)
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("object-damaged");
              assertThat(e.message()).contains(NAME);
            });
  }

  private static void assertWrong(ThrowingCallable verifying) {
    assertThatThrownBy(verifying)
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("signature-wrong"));
  }
}

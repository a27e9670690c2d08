package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedWordsTest {
  private static byte[] pack(byte[] plain) {
    byte[] into = new byte[PackedWords.room(plain.length)];
    int length = PackedWords.pack(plain, plain.length, into);
    assertThat(length).isLessThanOrEqualTo(into.length);
    return Arrays.copyOf(into, length);
  }

  /** Null when it is refused. */
  private static byte @org.jspecify.annotations.Nullable [] unpack(byte[] packed) {
    byte[] roomy = Arrays.copyOf(packed, packed.length + Long.BYTES);
    Arrays.fill(roomy, packed.length, roomy.length, (byte) 0x5A); // what another left there
    long length = PackedWords.length(roomy, packed.length);
    if (length < 0 || length > 1 << 20) {
      return null;
    }
    byte[] into = new byte[(int) length];
    Arrays.fill(into, (byte) 0x77);
    return PackedWords.unpack(roomy, packed.length, into) ? into : null;
  }

  private static byte[] random(Random random, int size, int percentOfZeros) {
    byte[] plain = new byte[size];
    random.nextBytes(plain);
    for (int word = 0; word + 8 <= size; word += 8) {
      if (random.nextInt(100) < percentOfZeros) {
        Arrays.fill(plain, word, word + 8, (byte) 0);
      }
    }
    return plain;
  }

  @Test
  void what_was_packed_is_given_back_whatever_its_size_and_content() {
    Random random = new Random(11);
    for (int size = 0; size < 1_300; size++) {
      for (int zeros : new int[] {0, 50, 100}) {
        byte[] plain = random(random, size, zeros);
        assertThat(unpack(pack(plain))).as("%d bytes, %d%% zeros", size, zeros).isEqualTo(plain);
      }
    }
  }

  @Test
  void only_words_that_are_not_zero_take_room() {
    byte[] plain = new byte[64 * 8 * 3];
    plain[100] = 1;
    plain[64 * 8 * 2 + 7] = -1;
    assertThat(pack(plain)).hasSize(PackedWords.HEADER_BYTES + 3 * 8 + 2 * 8);
  }

  @Test
  void bytes_behind_the_length_are_not_looked_at() {
    byte[] plain = random(new Random(3), 100, 50);
    byte[] into = new byte[PackedWords.room(100)];
    int length = PackedWords.pack(Arrays.copyOf(plain, 200), 100, into);
    byte[] other = Arrays.copyOf(plain, 200);
    Arrays.fill(other, 100, 200, (byte) 9);
    byte[] again = new byte[PackedWords.room(100)];
    assertThat(PackedWords.pack(other, 100, again)).isEqualTo(length);
    assertThat(Arrays.copyOf(again, length)).isEqualTo(Arrays.copyOf(into, length));
  }

  @Test
  void what_was_cut_off_or_made_longer_is_refused() {
    byte[] packed = pack(random(new Random(5), 1_003, 50));
    for (int length = 0; length < packed.length; length++) {
      assertThat(unpack(Arrays.copyOf(packed, length))).as("%d bytes", length).isNull();
    }
    assertThat(unpack(Arrays.copyOf(packed, packed.length + 1))).isNull();
  }

  @Test
  void bits_for_words_that_there_are_not_are_refused() {
    byte[] packed = pack(new byte[80]);
    packed[PackedWords.HEADER_BYTES + 7] = 1; // word 56 of ten
    byte[] longer = Arrays.copyOf(packed, packed.length + 8);
    assertThat(unpack(packed)).isNull();
    assertThat(unpack(longer)).isNull();
  }

  @Test
  void a_length_that_cannot_be_is_refused() {
    byte[] packed = pack(new byte[80]);
    Arrays.fill(packed, 0, 8, (byte) -1);
    assertThat(PackedWords.length(packed, packed.length)).isNegative();
    assertThat(PackedWords.length(packed, 7)).isNegative();
  }
}

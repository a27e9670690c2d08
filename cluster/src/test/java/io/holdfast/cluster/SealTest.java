package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.journal.DataKey;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SealTest {
  private static final UInt128 LEDGER = new UInt128(1, 2);
  private static final byte[] PLAIN = "a payment".getBytes(StandardCharsets.US_ASCII);

  private final DataKey key = DataKey.create();
  private final Seal seal = new Seal(key, LEDGER, "n1", 77);
  private final Opener opener = new Opener(key, LEDGER);

  private byte[] open(byte[] sealed) {
    byte[] into = new byte[Limits.BATCH_BYTES_MAX];
    return Arrays.copyOf(into, opener.open(ByteBuffer.wrap(sealed), into));
  }

  /** Bytes as batches are: with words of zeros among them. */
  private static byte[] sparse(int size) {
    byte[] plain = new byte[size];
    for (int i = 0; i < size; i++) {
      plain[i] = i % 24 == 0 ? (byte) (i + 1) : 0;
    }
    return plain;
  }

  @Test
  void what_was_sealed_is_opened_and_cannot_be_read_without_the_key() {
    byte[] sealed = seal.seal(0, PLAIN, PLAIN.length);
    assertThat(sealed).hasSize(PLAIN.length + Seal.OVERHEAD_BYTES);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("payment");
    assertThat(open(sealed)).isEqualTo(PLAIN);
  }

  @Test
  void words_of_zeros_are_not_sealed() {
    byte[] plain = sparse(8_000);
    byte[] sealed = seal.seal(0, plain, plain.length);
    assertThat(sealed).hasSizeLessThan(plain.length / 2);
    assertThat(open(sealed)).isEqualTo(plain);
  }

  @Test
  void a_flipped_bit_in_what_was_packed_is_found() {
    byte[] plain = sparse(600);
    byte[] sealed = seal.seal(0, plain, plain.length);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] flipped = sealed.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(Identities.refusal(() -> open(flipped)).code()).as("bit " + bit).isNotEmpty();
    }
  }

  @Test
  void a_target_too_small_for_what_was_packed_is_a_fault_of_the_caller() {
    byte[] sealed = seal.seal(0, sparse(8_000), 8_000);
    assertThatThrownBy(() -> opener.open(ByteBuffer.wrap(sealed), new byte[7_999]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8000");
  }

  @Test
  void every_size_is_opened_from_every_kind_of_memory() {
    Random random = new Random(1);
    long sequence = 0;
    for (int size : new int[] {0, 1, 15, 16, 17, 4_096, 1 << 20, 100}) {
      byte[] plain = new byte[size];
      random.nextBytes(plain);
      byte[] sealed = seal.seal(sequence++, plain, size);
      assertThat(open(sealed)).isEqualTo(plain);
      ByteBuffer direct = ByteBuffer.allocateDirect(sealed.length + 3).position(3).put(sealed);
      direct.position(3);
      byte[] larger = new byte[size + 100];
      assertThat(opener.open(direct.asReadOnlyBuffer(), larger)).isEqualTo(size);
      assertThat(Arrays.copyOf(larger, size)).isEqualTo(plain);
      assertThat(direct.position()).isEqualTo(3);
    }
  }

  @Test
  void a_flipped_bit_anywhere_is_found() {
    byte[] sealed = seal.seal(5, PLAIN, PLAIN.length);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] flipped = sealed.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      int at = bit / 8;
      String code =
          at == 4
              ? "sealed-payload-version"
              : at >= 8 && at < 16 ? "wrong-data-key" : "sealed-payload-damaged";
      assertThat(Identities.refusal(() -> open(flipped)).code()).as("byte " + at).isEqualTo(code);
    }
    assertThat(open(sealed)).isEqualTo(PLAIN);
  }

  @Test
  void a_truncated_payload_is_found_and_nothing_of_it_given_out() {
    byte[] sealed = seal.seal(5, PLAIN, PLAIN.length);
    for (int length = 0; length < sealed.length; length++) {
      byte[] into = new byte[PLAIN.length];
      ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(sealed, length));
      HoldfastException e = Identities.refusal(() -> opener.open(cut, into));
      assertThat(e.code()).isEqualTo("sealed-payload-damaged");
      assertThat(into).containsOnly(0);
    }
  }

  @Test
  void another_data_key_is_named_by_its_id() {
    DataKey other = DataKey.create();
    byte[] sealed = new Seal(other, LEDGER, "n1", 77).seal(0, PLAIN, PLAIN.length);
    HoldfastException e = Identities.refusal(() -> open(sealed));
    assertThat(e.code()).isEqualTo("wrong-data-key");
    assertThat(e.message()).contains(other.keyIdHex()).contains(key.keyIdHex());
  }

  @Test
  void the_same_key_in_another_ledger_opens_nothing() {
    byte[] sealed = new Seal(key, new UInt128(1, 3), "n1", 77).seal(0, PLAIN, PLAIN.length);
    assertThat(Identities.refusal(() -> open(sealed)).code()).isEqualTo("sealed-payload-damaged");
  }

  @Test
  void boots_and_nodes_have_keys_of_their_own_and_all_are_opened() {
    for (int boot = 0; boot < 200; boot++) {
      for (String node : new String[] {"n1", "n2"}) {
        byte[] sealed = new Seal(key, LEDGER, node, boot).seal(9, PLAIN, PLAIN.length);
        assertThat(open(sealed)).isEqualTo(PLAIN);
        assertThat(Opener.boot(ByteBuffer.wrap(sealed))).isEqualTo(boot);
        assertThat(Opener.sequence(ByteBuffer.wrap(sealed))).isEqualTo(9);
      }
    }
    byte[] one = new Seal(key, LEDGER, "n1", 1).seal(9, PLAIN, PLAIN.length);
    byte[] other = new Seal(key, LEDGER, "n2", 1).seal(9, PLAIN, PLAIN.length);
    assertThat(Arrays.copyOfRange(one, 40, one.length))
        .isNotEqualTo(Arrays.copyOfRange(other, 40, other.length));
  }

  @Test
  void a_sequence_is_never_used_twice() {
    seal.seal(3, PLAIN, PLAIN.length);
    assertThatThrownBy(() -> seal.seal(3, PLAIN, PLAIN.length))
        .isInstanceOf(Invariants.Broken.class);
    assertThatThrownBy(() -> seal.seal(2, PLAIN, PLAIN.length))
        .isInstanceOf(Invariants.Broken.class);
  }

  @Test
  void the_format_is_frozen() throws IOException {
    Path directory = Files.createTempDirectory("holdfast-seal");
    Path file = directory.resolve(DataKey.FILE);
    try (var fixture = SealTest.class.getResourceAsStream("/sealed-payload-1/data.key")) {
      SystemDisk.INSTANCE.writeSecret(file, Objects.requireNonNull(fixture).readAllBytes());
    }
    DataKey old = DataKey.read(file);
    Files.delete(file);
    Files.delete(directory);
    assertThat(old.keyIdHex()).isEqualTo("db9bde061017cffb");
    byte[] sealed =
        HexFormat.of()
            .parseHex(
                "4846534c01000000db9bde061017cffb676b8bb84ce7267d4d000000000000000500000000000000b19023f8586ad21d078f1fff0aa4872fb7b820b93b785abe5a");
    byte[] into = new byte[PLAIN.length];
    assertThat(new Opener(old, LEDGER).open(ByteBuffer.wrap(sealed), into)).isEqualTo(PLAIN.length);
    assertThat(into).isEqualTo(PLAIN);
    assertThat(new Seal(old, LEDGER, "n1", 77).seal(5, PLAIN, PLAIN.length)).isEqualTo(sealed);

    byte[] packed =
        HexFormat.of()
            .parseHex(
                "4846534c02000000db9bde061017cffb676b8bb84ce7267d4d0000000000000006000000000000000d98faa603179e02d242c08e9ba57df12feff095593f18db5180efa30bf9572d79a419cb41caeeca298bd302d483b3220e89093cd865ddba755de32d2cd923a3954cb8");
    byte[] larger = new byte[100];
    assertThat(new Opener(old, LEDGER).open(ByteBuffer.wrap(packed), larger)).isEqualTo(99);
    assertThat(Arrays.copyOf(larger, 99)).isEqualTo(sparse(99));
    assertThat(new Seal(old, LEDGER, "n1", 77).seal(6, sparse(99), 99)).isEqualTo(packed);
  }
}

package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.DetailsForm;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.DetailsKeyState;
import io.holdfast.ledger.DetailsPeriod;
import io.holdfast.ledger.SealedDetails;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferWithDetails;
import io.holdfast.testkit.HostileDisk;
import io.holdfast.testkit.HostileDisk.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Keys of details on a disk that keeps no more than it promised. */
class DetailsKeysTest {
  private static final Path DIRECTORY = Path.of("/keys/details");
  private static final DataKey DATA_KEY = DataKey.create();
  private static final DetailsPeriod MARCH = DetailsPeriod.parse("2026-03");
  private static final byte[] PLAIN = "IBAN DE02".getBytes(StandardCharsets.US_ASCII);

  private static DetailsKeyState alive(DetailsKey key) {
    return new DetailsKeyState(key.name(), 3, 9, 2, 0, 0);
  }

  private static DetailsKeyState destroyed(DetailsKey key) {
    return new DetailsKeyState(key.name(), 3, 9, 2, 10, 1_000);
  }

  private static DetailsKeys open(HostileDisk disk) {
    return DetailsKeys.open(disk, DIRECTORY, DATA_KEY);
  }

  private static TransferWithDetails sealed(DetailsKey key, long id) {
    byte[] sealed = new byte[SealedDetails.HEAD_BYTES + PLAIN.length];
    key.cipher().seal(0, id, PLAIN, 0, PLAIN.length, sealed, 0);
    UInt128 one = UInt128.of(1);
    Transfer transfer = Transfer.payment(UInt128.of(id), one, UInt128.of(2), 1, 1, 1);
    return new TransferWithDetails(transfer, sealed, DetailsForm.SEALED);
  }

  @Test
  void what_a_key_sealed_it_opens_for_the_same_transfer_alone() {
    DetailsKey key = DetailsKey.create(MARCH);
    byte[] sealed = sealed(key, 5).details();
    assertThat(sealed).isEqualTo(sealed(key, 5).details());
    assertThat(sealed).isNotEqualTo(sealed(key, 6).details());
    assertThat(key.cipher().open(0, 5, sealed)).isEqualTo(PLAIN);
    assertThat(key.cipher().open(0, 6, sealed)).isNull();
    assertThat(key.cipher().open(1, 5, sealed)).isNull();
    assertThat(DetailsKey.create(MARCH).cipher().open(0, 5, sealed)).isNull();
    for (int i = SealedDetails.TAG_AT; i < sealed.length; i++) {
      sealed[i] ^= 1;
      assertThat(key.cipher().open(0, 5, sealed)).as("byte %d", i).isNull();
      sealed[i] ^= 1;
    }
  }

  /** The bytes were computed by another program, after docs/formats/details-key.md. */
  @Test
  void sealed_details_have_the_bytes_that_the_format_says() {
    byte[] bytes = new byte[DetailsKey.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    DetailsKeyName name = new DetailsKeyName(MARCH, 0x201dfa66d71f3b3aL);
    DetailsKey key = Objects.requireNonNull(DetailsKey.of(name, bytes), "the fingerprint fits");
    byte[] plain = "IBAN DE02 1203 0000 0000 2020 51".getBytes(StandardCharsets.US_ASCII);
    byte[] sealed = new byte[SealedDetails.HEAD_BYTES + plain.length];
    key.cipher().seal(3, 5, plain, 0, plain.length, sealed, 0);
    String expected =
        "6b1703003a3b1fd766fa1d205e378b34a4c9df64a3454bebbec3634a"
            + "e5d7c700e3341a3ca6cca922186f02dd62d87d9d967cb73a33190374"
            + "e2806066";
    assertThat(HexFormat.of().formatHex(sealed)).isEqualTo(expected);
  }

  @Test
  void a_key_is_read_back_by_whoever_has_the_data_key() {
    HostileDisk disk = new HostileDisk(1);
    DetailsKey key = DetailsKey.create(MARCH);
    assertThat(open(disk).add(key)).isTrue();
    disk.crash();

    assertThat(open(disk).open(sealed(key, 5)).details()).isEqualTo(PLAIN);
    DetailsKeys other = DetailsKeys.open(disk, DIRECTORY, DataKey.create());
    assertThat(other.names()).isEmpty();
    assertThat(other.damaged()).hasSize(1);
  }

  @Test
  void details_of_a_destroyed_key_are_erased_and_the_key_never_comes_back() {
    HostileDisk disk = new HostileDisk(1);
    DetailsKey key = DetailsKey.create(MARCH);
    byte[] bytes = key.bytes();
    DetailsKey kept = DetailsKey.create(MARCH);
    DetailsKeys keys = open(disk);
    keys.add(key);
    keys.add(kept);
    TransferWithDetails stored = sealed(key, 5);

    keys.learn(List.of(destroyed(key), alive(kept)));
    assertThat(keys.open(stored).detailsErased()).as("before the file is gone").isTrue();
    keys.settle();

    TransferWithDetails erased = keys.open(stored);
    assertThat(erased.detailsErased()).isTrue();
    assertThat(erased.details()).isEmpty();
    assertThat(keys.find(key.name())).isNull();
    assertThat(keys.add(Objects.requireNonNull(DetailsKey.of(key.name(), bytes)))).isFalse();
    assertThat(keys.names()).containsExactly(kept.name());
    assertThat(keys.open(sealed(kept, 6)).details()).isEqualTo(PLAIN);
    assertThat(key.bytes()).as("in memory").containsOnly(0);
    assertThat(disk.exists(DetailsKeyFile.of(DIRECTORY, key.name()))).isFalse();
  }

  @Test
  void a_key_that_is_only_missing_says_so_and_is_asked_for() {
    DetailsKeys keys = open(new HostileDisk(1));
    DetailsKey key = DetailsKey.create(MARCH);
    keys.learn(List.of(alive(key)));
    assertThat(keys.missing()).containsExactly(key.name());
    assertThatThrownBy(() -> keys.open(sealed(key, 5)))
        .isInstanceOf(HoldfastException.class)
        .hasMessageContaining("which this node does not have");
    keys.add(key);
    assertThat(keys.missing()).isEmpty();
  }

  @Test
  void whatever_step_of_the_destruction_a_crash_or_a_fault_hits_the_next_start_ends_it()
      throws IOException {
    int interrupted = 0;
    for (int seed = 0; seed < 60; seed++) {
      for (int step = 0; step < 12; step++) {
        HostileDisk disk = new HostileDisk(seed);
        DetailsKey key = DetailsKey.create(MARCH);
        DetailsKey kept = DetailsKey.create(MARCH);
        DetailsKeys keys = open(disk);
        keys.add(key);
        keys.add(kept);
        keys.learn(List.of(destroyed(key), alive(kept)));
        disk.failAfter(step, Fault.FAILING);
        try {
          keys.settle();
        } catch (HoldfastException e) {
          interrupted++;
        }
        disk.heal();
        disk.crash();

        DetailsKeys next = open(disk);
        next.learn(List.of(destroyed(key), alive(kept)));
        next.settle();
        assertThat(next.names()).as("seed %d step %d", seed, step).containsExactly(kept.name());
        assertThat(disk.exists(DetailsKeyFile.of(DIRECTORY, key.name()))).isFalse();
        assertThat(next.open(sealed(kept, 6)).details()).isEqualTo(PLAIN);
      }
    }
    assertThat(interrupted).isGreaterThan(60 * 3);
  }

  @Test
  void what_a_crash_left_half_written_goes_and_never_counts_as_a_key() throws IOException {
    for (int seed = 0; seed < 60; seed++) {
      for (int step = 0; step < 8; step++) {
        HostileDisk disk = new HostileDisk(seed);
        DetailsKey key = DetailsKey.create(MARCH);
        DetailsKeys keys = open(disk);
        disk.failAfter(step, Fault.FULL);
        boolean taken = false;
        try {
          taken = keys.add(key);
        } catch (HoldfastException e) {
          assertThat(keys.names()).isEmpty();
        }
        disk.heal();
        disk.crash();
        DetailsKeys next = open(disk);
        if (taken) {
          assertThat(next.names()).as("seed %d step %d", seed, step).containsExactly(key.name());
        }
        assertThat(disk.list(DIRECTORY)).allMatch(file -> !DetailsKeyFile.isUnfinished(file));
      }
    }
  }

  @Test
  void a_damaged_file_counts_as_absent_and_is_replaced() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    DetailsKey key = DetailsKey.create(MARCH);
    open(disk).add(key);
    Path file = DetailsKeyFile.of(DIRECTORY, key.name());
    disk.flip(file, 8L * (disk.bytes(file).length - 10));

    DetailsKeys keys = open(disk);
    keys.learn(List.of(alive(key)));
    assertThat(keys.damaged()).containsExactly(file.toString());
    assertThat(keys.missing()).containsExactly(key.name());
    keys.add(key);
    assertThat(open(disk).names()).containsExactly(key.name());
  }

  @Test
  void the_name_of_a_file_is_the_name_of_its_key() {
    DetailsKeyName name = new DetailsKeyName(MARCH, -2);
    Path file = DetailsKeyFile.of(DIRECTORY, name);
    assertThat(file).hasFileName("2026-03-fffffffffffffffe.key");
    assertThat(DetailsKeyFile.name(file)).isEqualTo(name);
    assertThat(DetailsKeyFile.name(Path.of("/x/readme.txt"))).isNull();
    assertThat(DetailsKeyFile.name(Path.of("/x/2026-13-fffffffffffffffe.key"))).isNull();
  }
}

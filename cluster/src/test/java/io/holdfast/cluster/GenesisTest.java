package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.Branch;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenesisTest {
  private static final Genesis GENESIS =
      new Genesis(
          1,
          UInt128.of(42),
          "main",
          "n1",
          UUID.fromString("11111111-2222-3333-4444-555555555555"),
          "0123456789abcdef",
          List.of(new Member("n1", "a.example", 7400), new Member("n2", "b.example", 7400)));

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("genesis.json");
  }

  @Test
  void what_was_written_is_read_back() {
    GENESIS.write(directory);
    assertThat(Genesis.read(directory)).isEqualTo(GENESIS);
    assertThat(GENESIS.self().address()).isEqualTo("a.example:7400");
  }

  @Test
  void that_a_node_was_seeded_and_where_its_incarnation_began_are_read_back() {
    Genesis seeded =
        new Genesis(
            Genesis.FORMAT_LATER,
            GENESIS.ledgerId(),
            GENESIS.site(),
            GENESIS.nodeId(),
            GENESIS.incarnation(),
            GENESIS.dataKeyId(),
            GENESIS.members(),
            true,
            new Genesis.Base(42, "ab".repeat(32)),
            GENESIS.lineage());
    seeded.write(directory);
    assertThat(Genesis.read(directory)).isEqualTo(seeded);
  }

  private static final String CHAIN = "cd".repeat(32);

  /** Its history after two restores. */
  private static Genesis restored(Branch... later) {
    List<Branch> branches = new ArrayList<>(GENESIS.lineage().branches());
    branches.addAll(List.of(later));
    return new Genesis(
        Genesis.FORMAT_BRANCHED,
        GENESIS.ledgerId(),
        GENESIS.site(),
        GENESIS.nodeId(),
        GENESIS.incarnation(),
        GENESIS.dataKeyId(),
        GENESIS.members(),
        false,
        new Genesis.Base(42, "ab".repeat(32)),
        new Lineage(GENESIS.ledgerId(), branches));
  }

  @Test
  void the_branches_of_a_restored_ledger_are_read_back() throws IOException {
    Genesis genesis =
        restored(new Branch(2, UInt128.of(7), 43, CHAIN), new Branch(3, UInt128.of(8), 43, CHAIN));
    genesis.write(directory);
    assertThat(Genesis.read(directory)).isEqualTo(genesis);
    Files.writeString(
        file(), Files.readString(file()).replace("\"first_op\" : 43", "\"first_op\" : 44"));
    assertThat(Identities.refusal(() -> Genesis.read(directory)).code())
        .isEqualTo("genesis-damaged");
  }

  @Test
  void branches_that_are_no_history_of_the_ledger_are_refused() {
    for (List<Branch> later :
        List.of(
            List.<Branch>of(),
            List.of(new Branch(1, UInt128.of(7), 43, CHAIN)),
            List.of(
                new Branch(2, UInt128.of(7), 43, CHAIN),
                new Branch(3, UInt128.of(8), 42, CHAIN)))) {
      assertThat(Identities.refusal(() -> restored(later.toArray(Branch[]::new))).code())
          .isEqualTo("genesis-invalid");
    }
  }

  @Test
  void a_directory_of_before_there_were_branches_opens_as_before() throws IOException {
    for (String format : List.of("1", "2")) {
      Path golden = Files.createDirectories(directory.resolve(format));
      try (InputStream in =
          Objects.requireNonNull(
              GenesisTest.class.getResourceAsStream("/golden/genesis-" + format + ".json"))) {
        Files.copy(in, golden.resolve("genesis.json"));
      }
      byte[] bytes = Files.readAllBytes(golden.resolve("genesis.json"));
      Genesis genesis = Genesis.read(golden);
      assertThat(genesis.lineage()).isEqualTo(Lineage.ofNew(genesis.ledgerId()));
      assertThat(genesis.format()).isEqualTo(Integer.parseInt(format));
      genesis.write(golden);
      assertThat(Files.readAllBytes(golden.resolve("genesis.json"))).isEqualTo(bytes);
    }
  }

  @Test
  void a_directory_without_genesis_is_refused_and_told_where_one_comes_from() {
    HoldfastException e = Identities.refusal(() -> Genesis.read(directory));
    assertThat(e.code()).isEqualTo("genesis-missing");
    assertThat(e.message()).contains(file().toString()).contains("holdfast init");
    assertThat(e.hint()).contains("holdfast node replace");
  }

  @ParameterizedTest
  @CsvSource({
    "a.example, c.example, genesis-damaged",
    "'\"format\" : 1', '\"format\" : 4', genesis-version",
    "'\"format\" : 1', '\"format\" : 3', genesis-damaged",
    "'\"format\" : 1', '\"format\" : 2', genesis-damaged",
    "'\"format\" : 1', '\"format\" : \"1\"', genesis-damaged",
    "'\"site\" : \"main\"', '\"site\" : \"Main!\"', genesis-invalid",
    "'\"site\" : \"main\"', '\"place\" : \"main\"', genesis-damaged",
    "'\"site\" : \"main\"', '\"site\" : null', genesis-damaged",
    "7400, 740000, genesis-invalid",
    "'\"node_id\" : \"n2\"', '\"node_id\" : \"n1\"', genesis-invalid",
    "'\"b.example\"', '\"../b\"', genesis-invalid",
    "0000002a, 0000002g, genesis-invalid",
  })
  void a_file_changed_by_hand_is_refused(String what, String by, String code) throws IOException {
    GENESIS.write(directory);
    String text = Files.readString(file());
    assertThat(text).contains(what);
    Files.writeString(file(), text.replace(what, by));
    HoldfastException e = Identities.refusal(() -> Genesis.read(directory));
    assertThat(e.code()).isEqualTo(code);
    assertThat(e.message()).contains(file().toString());
    assertThat(e.hint()).isNotEmpty();
  }

  @Test
  void every_truncation_of_the_file_is_refused() throws IOException {
    GENESIS.write(directory);
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertThat(Identities.refusal(() -> Genesis.read(directory)).code())
          .isEqualTo("genesis-damaged");
    }
  }

  @Test
  void something_after_the_end_is_refused() throws IOException {
    GENESIS.write(directory);
    Files.writeString(file(), Files.readString(file()) + "{}");
    assertThat(Identities.refusal(() -> Genesis.read(directory)).code())
        .isEqualTo("genesis-damaged");
  }

  @Test
  void the_data_key_of_another_ledger_is_refused() throws IOException {
    Path site = Identities.site(directory.resolve("site"));
    Genesis genesis = Genesis.read(site.resolve("n1"));
    Path keys = site.resolve("n1/keys");
    assertThat(genesis.dataKey(keys).keyIdHex()).isEqualTo(genesis.dataKeyId());
    DataKey other = DataKey.create();
    other.write(keys.resolve(DataKey.FILE));
    HoldfastException e = Identities.refusal(() -> genesis.dataKey(keys));
    assertThat(e.code()).isEqualTo("wrong-data-key");
    assertThat(e.message()).contains(other.keyIdHex()).contains(genesis.dataKeyId());
  }
}

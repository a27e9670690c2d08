package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.Journal;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Request;
import io.holdfast.node.DirectoryLock;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCommandsTest {
  private static final String SEGMENT = "00000000000000000001.segment";

  @TempDir private Path directory = Path.of("");

  /**
   * A node's directory with one op: two accounts, of which one is refused; with the run that the op
   * completes and a checkpoint after it.
   */
  @BeforeEach
  void write() throws IOException {
    Path node = directory.resolve("n1");
    Files.createDirectories(node.resolve("keys"));
    Files.writeString(node.resolve("genesis.json"), "{}");
    DataKey key = DataKey.create();
    key.write(node.resolve("keys/data.key"));
    Journal.Setup setup =
        new Journal.Setup(
            SystemDisk.INSTANCE,
            node.resolve("journal"),
            node.resolve("index"),
            node.resolve("checkpoints"),
            key,
            Lineage.ofNew(UInt128.of(9)),
            new UUID(1, 2),
            0,
            Journal.SEGMENT_BYTES,
            1,
            2);
    try (Arena arena = Arena.ofShared();
        Journal journal = Journal.open(setup, e -> {}, said -> {});
        Ledger ledger = new Ledger(1, journal.index().history(), 2)) {
      Request request =
          Request.ofAccounts(
              List.of(
                  Account.opening(UInt128.of(5), 840, 10, 0),
                  Account.opening(UInt128.of(6), 0, 10, 0)));
      MemorySegment batch = arena.allocate(4_096, 8);
      MemorySegment results = arena.allocate(4_096, 8);
      Batch.writeHeader(batch, Ledger.RULES_VERSION, 1_800_000_000_000_000_000L, 1, 2);
      int size = (int) Batch.writeRequest(batch, Batch.HEADER_BYTES, 7, 8, request);
      ledger.apply(batch, size, results);
      assertThat(journal.checkpoints().falls(1, 1)).isTrue();
      FrozenState state = ledger.freeze();
      journal.append(ledger, batch, size, results, 3, 4);
      journal.index().add(Objects.requireNonNull(ledger.sealed()));
      journal.checkpoints().write(state, 3, 4, ledger::thaw);
      await(() -> journal.checkpoints().newest() != null);
    }
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(until);
      Thread.onSpinWait();
    }
  }

  private Path only(String folder) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("n1").resolve(folder))) {
      return files.findFirst().orElseThrow();
    }
  }

  private void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void of_a_nodes_directory_index_and_checkpoints_are_shown_and_verified_too() throws IOException {
    for (String command : List.of("verify", "stat")) {
      Terminal.Ran ran = run("journal", command, "n1");
      assertThat(ran.code()).as(ran.err()).isZero();
      assertThat(ran.out())
          .contains("index up to op 1: 1 run", "-00000000000000000001.index")
          .contains("00000000000000000001.checkpoint");
      assertThat(run("journal", command, "n1", "--json").out())
          .contains("\"runs\" : [", "\"checkpoints\" : [", "\"root\" : \"");
    }
    assertThat(run("journal", "stat", "n1/journal", "--json").out()).doesNotContain("\"runs\"");
    Path checkpoint = only("checkpoints");
    flip(checkpoint, 2000);
    Terminal.Ran ran = run("journal", "verify", "n1");
    assertThat(ran.code()).isEqualTo(ExitCodes.NOT_PROVED);
    assertThat(ran.err()).contains(checkpoint + " is damaged", "checkpoint-damaged");
    Path index = only("index");
    flip(index, 300);
    ran = run("journal", "verify", "n1", "--json");
    assertThat(ran.code()).isEqualTo(ExitCodes.NOT_PROVED);
    assertThat(ran.out()).contains("\"whole\" : false");
    assertThat(ran.err()).contains(index + " is damaged", "index-damaged", "journal reindex");
  }

  @Test
  void reindex_makes_the_index_anew_and_leaves_that_of_a_running_node_alone() throws IOException {
    Path index = only("index");
    flip(index, 300);
    try (DirectoryLock running = DirectoryLock.take(directory.resolve("n1"))) {
      assertThat(running).isNotNull();
      Terminal.Ran ran = run("journal", "reindex", "n1");
      assertThat(ran.code()).isEqualTo(ExitCodes.FAILED);
      assertThat(ran.err()).contains("directory-in-use");
      assertThat(index).exists();
    }
    Terminal.Ran ran = run("journal", "reindex", "n1");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("the index was made anew in", "up to op 0 of 1; the ops after");
    assertThat(index).doesNotExist(); // a generation has more ops than this one
    assertThat(run("journal", "verify", "n1").out()).contains("no index yet");
    assertThat(run("journal", "reindex", "n1", "--json").out())
        .contains("\"journal_last_op\" : 1", "\"runs\" : 0");
    assertThat(run("journal", "reindex", "n1/journal").err()).contains("no-journal");
  }

  @Test
  void a_copied_segment_is_shown_from_its_first_op_on() throws IOException {
    Path copy = directory.resolve(SEGMENT);
    Files.copy(directory.resolve("n1/journal").resolve(SEGMENT), copy);
    Terminal.Ran ran = run("journal", "show", SEGMENT, "--data-key", "n1/keys/data.key");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("batch");
  }

  private Terminal.Ran run(String... arguments) {
    return Terminal.in(directory).run(arguments);
  }

  @Test
  void a_whole_journal_is_verified_by_its_directory_its_files_or_one_file() {
    for (String place : List.of("n1", "n1/journal", "n1/journal/" + SEGMENT)) {
      Terminal.Ran ran = run("journal", "verify", place);
      assertThat(ran.code()).as(ran.err()).isZero();
      assertThat(ran.out())
          .contains("1 segment, 1 op, 2 events, 1 created", "whole; chain after op 1: ");
    }
  }

  @Test
  void a_copied_segment_needs_nothing_but_the_key() throws IOException {
    Path copy = directory.resolve(SEGMENT);
    Files.copy(directory.resolve("n1/journal").resolve(SEGMENT), copy);
    Terminal.Ran without = run("journal", "verify", SEGMENT);
    assertThat(without.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(without.err()).contains("--data-key is missing", "data.key");
    assertThat(run("journal", "verify", SEGMENT, "--data-key", "n1/keys/data.key").code()).isZero();
  }

  @Test
  void stat_and_show_tell_what_is_there() {
    assertThat(run("journal", "stat", "n1").out())
        .contains(SEGMENT, "open", "2027-01-15T08:00:00Z");
    assertThat(run("journal", "stat", "n1", "--json").out())
        .contains("\"first_op\" : 1", "\"state\" : \"open\"");
    Terminal.Ran shown = run("journal", "show", "n1", "--events");
    assertThat(shown.out()).contains("batch", "account", "created", "ledger_must_not_be_zero");
    assertThat(run("journal", "show", "n1", "--events", "--json").out())
        .contains("\"op\" : 1", "\"status\" : \"ledger_must_not_be_zero\"");
  }

  @Test
  void a_damaged_segment_is_named_and_has_an_exit_code() throws IOException {
    Path file = directory.resolve("n1/journal").resolve(SEGMENT);
    byte[] bytes = Files.readAllBytes(file);
    bytes[200] ^= 1;
    Files.write(file, bytes);
    Terminal.Ran ran = run("journal", "verify", "n1");
    assertThat(ran.code()).isEqualTo(ExitCodes.NOT_PROVED);
    assertThat(ran.out()).contains("DAMAGED");
    assertThat(ran.err()).contains(file + " is damaged at byte ", "journal-damaged");
    assertThat(run("journal", "verify", "n1", "--json").out()).contains("\"whole\" : false");
  }

  @Test
  void what_is_not_there_is_said_so() {
    assertThat(run("journal", "verify", "n2").err()).contains("n2 does not exist", "no-journal");
    assertThat(run("journal", "verify", "n1/keys").err()).contains("holds no segment");
    assertThat(run("journal", "show", "n1", "--op", "9").err()).contains("there is no op 9");
    assertThat(run("journal", "show", "n1", "--op", "0").err())
        .contains("--op is '0'; allowed: a whole number from 1 on");
    assertThat(run("journal", "show", "n1", "--op", "x").err())
        .contains("--op is 'x'; allowed: a whole number from 1 on");
    assertThat(run("journal", "show", "n1", "--count", "2x").err())
        .contains("--count is '2x'; allowed: 1 to 100000");
    assertThat(run("journal").err()).contains("say what to do: verify, stat, show or reindex");
  }
}

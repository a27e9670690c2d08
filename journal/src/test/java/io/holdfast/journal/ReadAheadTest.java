package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadAheadTest {
  private static final DataKey KEY = DataKey.create();
  private static final int OPS = 60;
  @TempDir Path directory;

  /** A journal of so many ops in several segments. */
  private void write() {
    Journal.Setup setup =
        new Journal.Setup(
            SystemDisk.INSTANCE,
            directory,
            directory.resolve("index"),
            directory.resolve("checkpoints"),
            KEY,
            Lineage.ofNew(LedgerRun.LEDGER_ID),
            LedgerRun.GROUP,
            0,
            50_000,
            4);
    Journal journal =
        Journal.open(
            setup,
            failure -> {
              throw failure;
            },
            told -> {});
    try (LedgerRun run = new LedgerRun(3, 60)) {
      for (int op = 1; op <= OPS; op++) {
        run.next();
        journal.append(run.ledger, run.batch, run.batchBytes, run.results, 1, op);
      }
      journal.close();
    }
  }

  private ReadAhead from(long op) {
    return ReadAhead.of(SystemDisk.INSTANCE, directory, KEY, op);
  }

  @Test
  void entries_come_in_order_with_their_places_and_then_an_end() throws IOException {
    write();
    try (ReadAhead ahead = from(7);
        JournalReader reader = JournalReader.open(SystemDisk.INSTANCE, directory, KEY, 7)) {
      for (long op = 7; op <= OPS; op++) {
        PlacedEntries.Placed placed = Objects.requireNonNull(ahead.next());
        Entry expected = Objects.requireNonNull(reader.next());
        assertThat(placed.entry().bytes()).isEqualTo(expected.bytes());
        assertThat(placed.segment()).isEqualTo(reader.segment());
        assertThat(placed.offset()).isEqualTo(reader.offset());
      }
      assertThat(ahead.next()).isNull();
    }
  }

  @Test
  void damage_is_told_where_the_entry_would_have_come() throws IOException {
    write();
    List<Path> files = SegmentFiles.list(SystemDisk.INSTANCE, directory);
    assertThat(files).hasSizeGreaterThan(2);
    byte[] bytes = Files.readAllBytes(files.get(1));
    bytes[bytes.length - SegmentTrailer.SEALED_BYTES - 9] ^= 1; // in its last entry
    Files.write(files.get(1), bytes);
    long damaged = SegmentFiles.firstOp(files.get(2)) - 1;
    try (ReadAhead ahead = from(1)) {
      for (long op = 1; op < damaged; op++) {
        assertThat(ahead.next()).as("op %d", op).isNotNull();
      }
      assertThatThrownBy(ahead::next)
          .isInstanceOfSatisfying(
              HoldfastException.class, e -> assertThat(e.code()).isEqualTo("journal-damaged"));
    }
  }

  @Test
  void who_stops_taking_leaves_no_thread() throws IOException {
    write();
    ReadAhead ahead = from(1);
    assertThat(ahead.next()).isNotNull();
    ahead.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("holdfast-read-ahead"));
  }
}

package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal as a node uses it: on a real disk, with its own thread. */
class JournalTest {
  private static final DataKey KEY = DataKey.create();
  @TempDir Path directory;

  private Journal open(Disk disk, Path at, long durableOp, Consumer<HoldfastException> failed) {
    return Journal.open(
        new Journal.Setup(
            disk,
            at,
            at.resolveSibling("index"),
            at.resolveSibling("checkpoints"),
            KEY,
            Lineage.ofNew(LedgerRun.LEDGER_ID),
            LedgerRun.GROUP,
            durableOp,
            200_000,
            4),
        failed,
        said -> {});
  }

  private static void never(HoldfastException e) {
    throw new AssertionError("the journal failed: " + e.message(), e);
  }

  private static void append(Journal journal, LedgerRun run) {
    run.next();
    journal.append(run.ledger, run.batch, run.batchBytes, run.results, 3, run.ledger.op() + 10);
  }

  @Test
  void what_was_appended_is_read_back_and_verified_and_goes_on_after_a_restart()
      throws IOException {
    try (LedgerRun run = new LedgerRun(8, 200);
        Journal journal = open(SystemDisk.INSTANCE, directory, 0, JournalTest::never)) {
      for (int i = 0; i < 60; i++) {
        append(journal, run);
      }
    }
    try (LedgerRun run = new LedgerRun(8, 200);
        Journal journal = open(SystemDisk.INSTANCE, directory, 60, JournalTest::never)) {
      assertThat(journal.recoveredOp()).isEqualTo(60);
      for (int i = 0; i < 60; i++) {
        run.next();
      }
      for (int i = 60; i < 100; i++) {
        append(journal, run);
      }
    }
    List<JournalSegment> segments =
        new JournalVerifier(SystemDisk.INSTANCE, KEY)
            .verify(JournalVerifier.segments(SystemDisk.INSTANCE, directory), segment -> {});
    assertThat(segments).hasSizeGreaterThan(3).allMatch(segment -> segment.fault() == null);
    assertThat(segments.getLast().lastOp()).isEqualTo(100);
    List<byte[]> entries = LedgerRun.entries(8, 100, 200);
    try (JournalReader reader = JournalReader.open(SystemDisk.INSTANCE, directory, KEY, 31)) {
      for (long op = 31; op <= 100; op++) {
        Entry entry = Objects.requireNonNull(reader.next());
        assertThat(entry.bytes()).isEqualTo(entries.get((int) op - 1));
      }
      assertThat(reader.next()).isNull();
    }
    for (Path file : JournalVerifier.segments(SystemDisk.INSTANCE, directory)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(new JournalVerifier(SystemDisk.INSTANCE, KEY).describe(file).entries())
          .isPositive();
    }
  }

  @Test
  void what_was_appended_is_synced_soon_without_being_asked() throws InterruptedException {
    try (LedgerRun run = new LedgerRun(8, 20);
        Journal journal = open(SystemDisk.INSTANCE, directory, 0, JournalTest::never)) {
      append(journal, run);
      await(() -> journal.stats().syncedOp() == 1);
      assertThat(journal.stats().segments()).isEqualTo(1);
    }
  }

  @Test
  void no_segment_shows_a_payment() throws IOException {
    try (LedgerRun run = new LedgerRun(8, 200);
        Journal journal = open(SystemDisk.INSTANCE, directory, 0, JournalTest::never)) {
      for (int i = 0; i < 20; i++) {
        append(journal, run);
      }
    }
    for (Path file : JournalVerifier.segments(SystemDisk.INSTANCE, directory)) {
      byte[] bytes = Files.readAllBytes(file);
      assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
          .doesNotContain("HFRQ", "HFBT", "HFJE");
    }
  }

  @Test
  void a_disk_that_fails_is_told_once_and_nothing_is_taken_after_it() {
    HostileDisk disk = new HostileDisk(1);
    CompletableFuture<HoldfastException> told = new CompletableFuture<>();
    Journal journal = open(disk, Path.of("/journal"), 0, told::complete);
    disk.failAfter(6, HostileDisk.Fault.FULL);
    try (LedgerRun run = new LedgerRun(8, 200)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100_000; i++) {
                  append(journal, run);
                }
              })
          .isInstanceOfSatisfying(
              HoldfastException.class, e -> assertThat(e.code()).isEqualTo("disk-full"));
    }
    assertThat(told.orTimeout(10, TimeUnit.SECONDS).join().code()).isEqualTo("disk-full");
    journal.close();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}

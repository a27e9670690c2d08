package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Ledger;
import io.holdfast.testkit.HostileDisk;
import io.holdfast.testkit.HostileDisk.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The journal on a disk that keeps no more than it promised; seeds are printed on failure. */
class HostileDiskTest {
  private static final Path DIRECTORY = Path.of("/journal");
  private static final Path INDEX = Path.of("/index");
  private static final Path CHECKPOINTS = Path.of("/checkpoints");
  private static final DataKey KEY = DataKey.create();
  private static final Lineage LINEAGE = Lineage.ofNew(LedgerRun.LEDGER_ID);
  private static final long SEGMENT_BYTES = 40_000;
  private static final List<byte[]> ENTRIES = LedgerRun.entries(1, 120, 25);
  private static final int SEEDS = Integer.getInteger("holdfast.seeds", 150);

  @Test
  void what_was_synced_survives_every_crash_and_the_rest_comes_again() throws IOException {
    int crashes = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        crashes += new Life(seed).live();
      } catch (RuntimeException | AssertionError | IOException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(crashes).isGreaterThan(SEEDS * 10);
  }

  @Test
  void the_same_seed_gives_the_same_trace() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Life first = new Life(seed);
      Life second = new Life(seed);
      first.live();
      second.live();
      assertThat(second.disk.trace()).as("seed %d", seed).isEqualTo(first.disk.trace());
    }
  }

  /** One journal through many crashes, until all entries are in it. */
  private static final class Life {
    private final HostileDisk disk;
    private final Random random;
    private long durableOp;

    Life(long seed) {
      this.disk = new HostileDisk(seed);
      this.random = new Random(seed * 31 + 7);
    }

    int live() throws IOException {
      int crashes = 0;
      while (durableOp < ENTRIES.size()) {
        if (crashes >= 12) {
          disk.heal();
          run(ENTRIES.size());
          durableOp = ENTRIES.size();
        } else {
          if (random.nextInt(3) == 0) {
            disk.failAfter(random.nextInt(30), random.nextBoolean() ? Fault.FULL : Fault.FAILING);
          }
          try {
            run(random.nextInt(20));
          } catch (IOException e) {
            assertThat(e).hasMessageMatching("No space left on device|Input/output error");
          }
        }
        if (random.nextInt(3) == 0 && durableOp < ENTRIES.size()) {
          disk.heal(); // only the process died: what it wrote is in the machine's memory still
        } else {
          disk.crash();
        }
        crashes++;
      }
      readBack();
      return crashes;
    }

    /** Opens, goes on, and syncs now and then. */
    private void run(int more) throws IOException {
      JournalRecovery.End end = JournalRecovery.recover(disk, DIRECTORY, KEY, LINEAGE, durableOp);
      assertThat(end.lastOp()).isBetween(durableOp, (long) ENTRIES.size());
      assertThat(end.chain()).isEqualTo(chainAt(end.lastOp()));
      try (JournalWriter writer = new JournalWriter(setup(disk, durableOp), end, new OpPlaces())) {
        long from = end.lastOp() + 1;
        long to = Math.min(ENTRIES.size(), end.lastOp() + more);
        for (long op = from; op <= to; op++) {
          byte[] entry = ENTRIES.get((int) op - 1).clone();
          writer.write(entry, 0, entry.length);
          switch (random.nextInt(5)) {
            case 0 -> {
              writer.sync();
              durableOp = Math.max(durableOp, op);
            }
            case 1, 2 -> writer.flush();
            default -> {}
          }
        }
        if (more == ENTRIES.size()) {
          writer.sync();
        }
      }
    }

    private void readBack() throws IOException {
      try (JournalReader reader = JournalReader.open(disk, DIRECTORY, KEY, 1)) {
        for (byte[] expected : ENTRIES) {
          Entry entry = reader.next();
          assertThat(entry == null ? new byte[0] : entry.bytes()).isEqualTo(expected);
        }
        assertThat(reader.next()).isNull();
      }
      assertThat(verify(disk)).allMatch(segment -> segment.fault() == null).hasSizeGreaterThan(2);
    }
  }

  @Test
  void every_flipped_bit_is_found_and_named() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    write(disk, ENTRIES);
    List<Path> files = SegmentFiles.list(disk, DIRECTORY);
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      Path file = files.get(random.nextInt(files.size() - 1));
      long bit = random.nextLong(8L * disk.bytes(file).length);
      disk.flip(file, bit);
      List<JournalSegment> found = verify(disk);
      assertThat(found.stream().filter(s -> s.fault() != null).map(JournalSegment::file))
          .as("bit %d of %s", bit, file)
          .contains(file);
      assertThatThrownBy(() -> readAll(disk))
          .as("bit %d of %s", bit, file)
          .isInstanceOf(HoldfastException.class);
      disk.flip(file, bit);
    }
    assertThat(verify(disk)).allMatch(segment -> segment.fault() == null);
  }

  @Test
  void damage_to_what_was_durable_is_refused_at_start_and_never_cut_off() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    write(disk, ENTRIES.subList(0, 10));
    Path file = SegmentFiles.list(disk, DIRECTORY).getLast(); // still open
    long size = disk.bytes(file).length;
    disk.flip(file, 8 * (size / 2));
    assertThatThrownBy(() -> JournalRecovery.recover(disk, DIRECTORY, KEY, LINEAGE, 10))
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("journal-damaged");
              assertThat(e.message()).contains(file.toString());
            });
    assertThat(disk.bytes(file)).hasSize((int) size);
    assertThat(verify(disk)).anyMatch(segment -> segment.fault() != null);
    // What no one promised to keep is cut off, and comes again.
    assertThat(JournalRecovery.recover(disk, DIRECTORY, KEY, LINEAGE, 0).lastOp()).isLessThan(10);
  }

  @Test
  void a_segment_whose_name_was_not_durable_yet_when_its_process_died_is_not_lost()
      throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      HostileDisk disk = new HostileDisk(seed);
      disk.failAfter(4, Fault.FAILING); // list, create, write, sync; then the directory's sync
      assertThatThrownBy(() -> write(disk, ENTRIES.subList(0, 3))).isInstanceOf(IOException.class);
      assertThat(SegmentFiles.list(heal(disk), DIRECTORY)).hasSize(1);
      write(disk, ENTRIES.subList(0, 3));
      disk.crash();
      assertThat(JournalRecovery.recover(disk, DIRECTORY, KEY, LINEAGE, 3).lastOp()).isEqualTo(3);
    }
  }

  @Test
  void what_a_crash_left_behind_the_last_whole_entry_is_cut_off() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    write(disk, ENTRIES.subList(0, 3));
    Path file = SegmentFiles.file(DIRECTORY, 1);
    int whole = disk.bytes(file).length;
    try (DiskFile torn = disk.open(file)) {
      torn.write(ByteBuffer.allocate(700), whole);
      torn.sync();
    }
    write(disk, ENTRIES.subList(0, 3));
    assertThat(disk.bytes(file)).hasSize(whole);
  }

  private static HostileDisk heal(HostileDisk disk) {
    disk.heal();
    return disk;
  }

  @Test
  void a_journal_that_lost_what_was_durable_is_refused() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    write(disk, ENTRIES.subList(0, 10));
    assertThatThrownBy(() -> JournalRecovery.recover(disk, DIRECTORY, KEY, LINEAGE, 11))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("journal-lost"));
    assertThatThrownBy(() -> JournalRecovery.recover(disk, Path.of("/empty"), KEY, LINEAGE, 11))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("journal-lost"));
  }

  @Test
  void segments_that_are_missing_swapped_or_of_another_ledger_are_refused() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    write(disk, ENTRIES);
    List<Path> files = SegmentFiles.list(disk, DIRECTORY);
    disk.move(files.get(1), Path.of("/elsewhere"));
    assertRefused(disk, LINEAGE);
    disk.move(files.get(2), files.get(1));
    assertRefused(disk, LINEAGE);

    HostileDisk other = new HostileDisk(1);
    write(other, ENTRIES);
    assertRefused(other, Lineage.ofNew(io.holdfast.kernel.UInt128.of(5)));
    assertThatThrownBy(
            () -> JournalRecovery.recover(other, DIRECTORY, DataKey.create(), LINEAGE, 0))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("wrong-data-key"));
  }

  @Test
  void two_nodes_write_the_same_bytes_however_often_they_crash() throws IOException {
    HostileDisk one = new HostileDisk(1);
    write(one, ENTRIES);
    HostileDisk two = new HostileDisk(2);
    int done = 0;
    while (done < ENTRIES.size()) {
      done = Math.min(ENTRIES.size(), done + 17);
      write(two, ENTRIES.subList(0, done));
      two.crash();
    }
    for (Path file : SegmentFiles.list(one, DIRECTORY)) {
      assertThat(two.bytes(file)).isEqualTo(one.bytes(file));
    }
  }

  @Test
  void a_replay_that_gives_something_else_is_fatal() throws IOException {
    for (int field :
        new int[] {EntryLayout.TERM_AT, EntryLayout.INDEX_AT, EntryLayout.HEADER_BYTES}) {
      HostileDisk disk = new HostileDisk(1);
      write(disk, ENTRIES.subList(0, 20));
      assertThat(replay(disk, ENTRIES.subList(0, 20))).isEqualTo(20);
      List<byte[]> other = new ArrayList<>(ENTRIES.subList(0, 20));
      byte[] changed = other.get(12).clone();
      changed[field] ^= 1;
      other.set(12, changed);
      assertThatThrownBy(() -> replay(disk, other)).satisfies(thrown -> assertDiffers(thrown, 13));
    }
  }

  @Test
  void a_journal_that_tells_of_other_answers_than_the_ledger_gives_is_fatal() throws IOException {
    byte[] entry = ENTRIES.get(13);
    Entry parsed = Objects.requireNonNull(Entry.parse(entry).entry());
    assertThat(parsed.events()).isPositive();
    int firstAnswer = EntryLayout.answersAt(parsed.batchBytes());
    for (int field : new int[] {EntryLayout.TIME_AT, firstAnswer}) {
      HostileDisk disk = new HostileDisk(1);
      List<byte[]> other = new ArrayList<>(ENTRIES.subList(0, 20));
      byte[] changed = entry.clone();
      changed[field] ^= 1;
      other.set(13, changed);
      write(disk, other);
      assertThatThrownBy(() -> replay(disk, other)).satisfies(thrown -> assertDiffers(thrown, 14));
    }
  }

  private static void assertDiffers(Throwable thrown, long op) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("journal-differs");
              assertThat(e.message()).contains("op " + op + " ");
            });
  }

  private static void assertRefused(HostileDisk disk, Lineage lineage) {
    assertThatThrownBy(() -> JournalRecovery.recover(disk, DIRECTORY, KEY, lineage, 0))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("journal-damaged"));
  }

  /** Appends those of these entries, the first ops, that are not there yet, and syncs. */
  private static void write(HostileDisk disk, List<byte[]> entries) throws IOException {
    JournalRecovery.End end = JournalRecovery.recover(disk, DIRECTORY, KEY, LINEAGE, 0);
    try (JournalWriter writer = new JournalWriter(setup(disk, 0), end, new OpPlaces())) {
      for (byte[] entry : entries.subList((int) end.lastOp(), entries.size())) {
        byte[] own = entry.clone();
        writer.write(own, 0, own.length);
      }
      writer.sync();
    }
  }

  /**
   * What a start does: judges the journal again, then compares what consensus brings again, from
   * the first op on. Returns the op compared last.
   */
  private static long replay(HostileDisk disk, List<byte[]> brought) {
    try (Journal journal = Journal.open(setup(disk, 0), HostileDiskTest::rethrow, said -> {})) {
      Recovery.Recovered recovered =
          journal.recovery().run(() -> new Ledger(1, journal.index().history(), Long.MAX_VALUE, 6));
      recovered.ledger().close();
      try (ReplayCheck check = journal.replayCheck(0)) {
        for (byte[] bytes : brought) {
          Entry entry = Objects.requireNonNull(Entry.parse(whole(bytes)).entry());
          check.compare(entry.batch(), entry.batchBytes(), entry.term(), entry.index());
        }
        assertThat(check.isOver()).isTrue();
        return check.op();
      }
    }
  }

  private static byte[] whole(byte[] entry) {
    byte[] whole = entry.clone();
    ByteBuffer.wrap(whole)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(EntryLayout.CRC_AT, EntryLayout.crc(whole, 0, whole.length));
    return whole;
  }

  private static void rethrow(HoldfastException failure) {
    throw failure;
  }

  private static Journal.Setup setup(HostileDisk disk, long durableOp) {
    return new Journal.Setup(
        disk,
        DIRECTORY,
        INDEX,
        CHECKPOINTS,
        KEY,
        LINEAGE,
        LedgerRun.GROUP,
        durableOp,
        SEGMENT_BYTES,
        4);
  }

  private static List<JournalSegment> verify(HostileDisk disk) throws IOException {
    return new JournalVerifier(disk, KEY)
        .verify(JournalVerifier.segments(disk, DIRECTORY), segment -> {});
  }

  private static void readAll(HostileDisk disk) throws IOException {
    try (JournalReader reader = JournalReader.open(disk, DIRECTORY, KEY, 1)) {
      while (reader.next() != null) {}
    }
  }

  private static byte[] chainAt(long op) {
    Chain chain = new Chain(Chain.beginning(LedgerRun.LEDGER_ID));
    for (byte[] entry : ENTRIES.subList(0, (int) op)) {
      chain.add(entry, 0, entry.length);
    }
    return chain.value();
  }
}

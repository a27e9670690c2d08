package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.testkit.HostileDisk;
import io.holdfast.testkit.HostileDisk.Fault;
import io.holdfast.testkit.ManualClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The site's log, on a disk that keeps no more than it promised too; seeds are printed. */
class SiteLogTest {
  private static final Path DIRECTORY = Path.of("/site-log");
  private static final DataKey KEY = DataKey.create();
  private static final UInt128 LEDGER = UInt128.of(7);
  private static final long FILE_BYTES = 3_000;
  private static final int SEEDS = Integer.getInteger("holdfast.seeds", 300);
  private static final SiteLogReader.Filter ALL = new SiteLogReader.Filter(0, null, 100_000);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static ActWriter.Setup setup(HostileDisk disk) {
    AtomicLong ids = new AtomicLong(100);
    return new ActWriter.Setup(
        disk, DIRECTORY, KEY, LEDGER, "n1", () -> UInt128.of(ids.incrementAndGet()));
  }

  private static SiteLog open(HostileDisk disk) {
    return SiteLog.open(
        new SiteLog.Setup(
            disk, DIRECTORY, KEY, LEDGER, "n1", () -> UInt128.of(5), new ManualClock()));
  }

  private static void write(HostileDisk disk, int from, int to) throws IOException {
    try (ActWriter writer = ActWriter.open(setup(disk), FILE_BYTES).writer()) {
      for (int i = from; i <= to; i++) {
        append(writer, i);
      }
    }
  }

  private static void append(ActWriter writer, int i) throws IOException {
    writer.append(i, "drill", "operator", "act", "a" + i, "why", "w".repeat(i % 700));
  }

  private static List<String> read(HostileDisk disk) {
    return new SiteLogReader(disk, DIRECTORY, KEY)
        .acts(ALL).stream().map(act -> String.valueOf(act.fields().get("act"))).toList();
  }

  private static List<SiteLogFile> verify(HostileDisk disk) throws IOException {
    return new SiteLogReader(disk, DIRECTORY, KEY).verify();
  }

  @Test
  void acts_are_read_as_they_were_added_and_the_chain_goes_on_over_files_and_starts()
      throws IOException {
    HostileDisk disk = new HostileDisk(1);
    write(disk, 1, 20);
    write(disk, 21, 40);
    assertThat(read(disk)).hasSize(40).startsWith("a1").endsWith("a40");
    List<SiteLogFile> files = verify(disk);
    assertThat(files).hasSizeGreaterThan(1).allMatch(file -> file.fault() == null);
    assertThat(files.getLast().last()).isEqualTo(40);
    try (ActWriter writer = ActWriter.open(setup(disk), FILE_BYTES).writer()) {
      assertThat(Chain.hex(writer.chain())).isEqualTo(files.getLast().chain());
    }
    SiteLogReader reader = new SiteLogReader(disk, DIRECTORY, KEY);
    assertThat(reader.acts(new SiteLogReader.Filter(0, null, 3)))
        .extracting(Act::number)
        .containsExactly(38L, 39L, 40L);
    assertThat(reader.acts(new SiteLogReader.Filter(39, "drill", 100))).hasSize(2);
    assertThat(reader.acts(new SiteLogReader.Filter(0, "canary", 100))).isEmpty();
  }

  @Test
  void an_act_that_was_durable_survives_every_crash_and_none_is_missing_between() {
    long crashes = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        crashes += live(seed, new HostileDisk(seed));
      } catch (RuntimeException | AssertionError | IOException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(crashes).isEqualTo(SEEDS * 12L);
  }

  @Test
  void the_same_seed_gives_the_same_trace() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      HostileDisk one = new HostileDisk(seed);
      HostileDisk two = new HostileDisk(seed);
      live(seed, one);
      live(seed, two);
      assertThat(two.trace()).as("seed %d", seed).isEqualTo(one.trace());
    }
  }

  private static int live(long seed, HostileDisk disk) throws IOException {
    Random random = new Random(seed * 31 + 7);
    List<String> durable = new ArrayList<>();
    Set<String> tried = new HashSet<>();
    int next = 1;
    for (int crash = 0; crash < 12; crash++) {
      if (random.nextInt(2) == 0) {
        disk.failAfter(random.nextInt(40), random.nextBoolean() ? Fault.FULL : Fault.FAILING);
      }
      try (ActWriter writer = ActWriter.open(setup(disk), FILE_BYTES).writer()) {
        int to = next + random.nextInt(15);
        for (; next <= to; next++) {
          tried.add("a" + next);
          try {
            append(writer, next);
            durable.add("a" + next);
          } catch (IOException e) {
            if (random.nextBoolean()) {
              disk.heal(); // the next act takes its place
            }
          }
        }
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("No space left on device|Input/output error");
      }
      if (random.nextInt(3) == 0) {
        disk.heal(); // only the process died
      } else {
        disk.crash();
      }
      ActWriter.open(setup(disk), FILE_BYTES).writer().close();
      List<String> read = read(disk);
      if (!durable.isEmpty()) {
        assertThat(read).containsSubsequence(durable);
      }
      assertThat(tried).containsAll(read);
      durable = new ArrayList<>(read); // one whose answer was an error may be there, and stays
      assertThat(verify(disk)).allMatch(file -> file.fault() == null);
    }
    return 12;
  }

  @Test
  void every_flipped_bit_before_the_last_act_is_found_and_named() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    write(disk, 1, 60);
    List<Path> files = ActFiles.list(disk, DIRECTORY);
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      Path file = files.get(random.nextInt(files.size() - 1));
      long bit = random.nextLong(8L * disk.bytes(file).length);
      disk.flip(file, bit);
      assertThat(verify(disk).stream().filter(f -> f.fault() != null).map(SiteLogFile::file))
          .as("bit %d of %s", bit, file)
          .contains(file);
      disk.flip(file, bit);
    }
    assertThat(verify(disk)).allMatch(file -> file.fault() == null);
  }

  @Test
  void files_that_are_missing_or_swapped_are_found() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    write(disk, 1, 60);
    List<Path> files = ActFiles.list(disk, DIRECTORY);
    disk.move(files.get(1), Path.of("/elsewhere"));
    assertThat(verify(disk)).anyMatch(file -> file.fault() != null);
    disk.move(files.get(0), files.get(1));
    assertThat(verify(disk)).anyMatch(file -> file.fault() != null);
    assertThatThrownBy(() -> new SiteLogReader(disk, DIRECTORY, DataKey.create()).verify())
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("wrong-data-key"));
  }

  @Test
  void a_damaged_log_stays_as_it_is_and_a_new_one_says_so() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    write(disk, 1, 4);
    Path file = ActFiles.list(disk, DIRECTORY).getLast();
    disk.flip(file, 8L * (ActHeader.BYTES + 60)); // the first of four acts
    byte[] before = disk.bytes(file);
    try (SiteLog log = open(disk)) {
      assertThat(log.addDurably(ActKind.NODE_STARTED, PATIENCE, "node")).isTrue();
      List<Act> acts = log.acts(ALL);
      assertThat(acts).extracting(Act::kind).containsExactly("damage-found", "node-started");
      assertThat(acts.getFirst().fields())
          .containsEntry("file", file.toString())
          .containsEntry("byte", Integer.toString(ActHeader.BYTES));
    }
    assertThat(disk.bytes(file)).isEqualTo(before);
    assertThat(verify(disk)).extracting(f -> f.fault() != null).containsExactly(true, false);
    assertThat(verify(disk)).extracting(SiteLogFile::log).containsExactly(1, 2);
  }

  @Test
  void the_log_of_another_node_is_not_gone_on_with() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    write(disk, 1, 4);
    ActWriter.Setup other =
        new ActWriter.Setup(disk, DIRECTORY, KEY, LEDGER, "n2", () -> UInt128.of(3));
    ActWriter.Opened opened = ActWriter.open(other, FILE_BYTES);
    assertThat(opened.damaged()).isNotNull();
    assertThat(opened.writer().number()).isZero();
  }

  @Test
  void what_a_crash_left_at_the_end_is_cut_off_and_told() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    write(disk, 1, 3);
    Path file = ActFiles.list(disk, DIRECTORY).getLast();
    try (DiskFile torn = disk.open(file)) {
      torn.write(ByteBuffer.allocate(700), disk.bytes(file).length);
      torn.sync();
    }
    assertThat(verify(disk).getLast().unfinishedBytes()).isEqualTo(700);
    try (SiteLog log = open(disk)) {
      assertThat(log.before()).isNotNull();
      log.addDurably(ActKind.NODE_STARTED, PATIENCE, "node");
    }
    List<Act> acts = new SiteLogReader(disk, DIRECTORY, KEY).acts(ALL);
    assertThat(acts.get(3).kind()).isEqualTo("log-cut");
    assertThat(acts.get(3).fields()).containsEntry("bytes", "700");
    assertThat(verify(disk).getLast().unfinishedBytes()).isZero();
  }

  @Test
  void what_is_too_long_is_cut_and_an_act_always_fits_a_frame() {
    String[] fields = new String[2 * Act.FIELDS_MAX];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = i + "€😀".repeat(900);
    }
    Act act = Act.of(1, 2, "n1", "drill", "é".repeat(2_000), fields);
    byte[] content = act.encode();
    assertThat(content.length).isLessThan(FrameLayout.CONTENT_BYTES_MAX);
    assertThat(Act.parse(content, "n1")).isEqualTo(act);
    assertThat(act.actor()).endsWith("…").doesNotContain("\uFFFD");
    assertThat(act.fields()).hasSize(Act.FIELDS_MAX);
    assertThatThrownBy(() -> Act.of(1, 2, "n1", "drill", "x", new String[2 * Act.FIELDS_MAX + 2]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void while_the_disk_refuses_acts_wait_and_nobody_is_held_up() {
    HostileDisk disk = new HostileDisk(1);
    try (SiteLog log = open(disk)) {
      log.addDurably(ActKind.NODE_STARTED, PATIENCE, "node");
      disk.failAfter(0, Fault.FULL);
      assertThat(log.addDurably(ActKind.DRILL, Duration.ofMillis(300), "operator")).isFalse();
      assertThat(log.problem()).contains("site-log-failed", "full");
      for (int i = 0; i < 2_000; i++) {
        log.add(ActKind.DRILL, "operator");
      }
      disk.heal();
    }
    List<Act> acts = new SiteLogReader(disk, DIRECTORY, KEY).acts(ALL);
    assertThat(acts).anyMatch(act -> act.kind().equals("acts-dropped"));
    assertThat(acts).extracting(Act::number).startsWith(1L, 2L, 3L).hasSizeGreaterThan(1_000);
  }
}

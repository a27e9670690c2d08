package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.testkit.HostileDisk;
import io.holdfast.testkit.HostileDisk.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A journal that is ended early is the beginning of the longer one, sealed. */
class JournalCutTest {
  private static final Path JOURNAL = HostileNode.JOURNAL;
  private static final DataKey KEY = HostileNode.KEY;
  private static final int OPS = SmallHistory.OPS;

  private static final Map<Path, byte[]> WHOLE = new TreeMap<>();
  private static final List<Long> TIMES = new ArrayList<>(List.of(0L));

  @BeforeAll
  static void write() throws IOException {
    HostileDisk disk = SmallHistory.uninterrupted();
    for (Path file : disk.list(JOURNAL)) {
      WHOLE.put(file, disk.bytes(file));
    }
    try (JournalReader reader = JournalReader.open(disk, JOURNAL, KEY, 1)) {
      for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
        TIMES.add(entry.timeNanos());
      }
    }
    assertThat(TIMES).hasSize(OPS + 1).isSorted();
    assertThat(WHOLE).hasSizeGreaterThan(3);
  }

  private static HostileDisk whole(long seed) throws IOException {
    HostileDisk disk = new HostileDisk(seed);
    for (Map.Entry<Path, byte[]> file : WHOLE.entrySet()) {
      disk.writeDurably(file.getKey(), file.getValue());
    }
    return disk;
  }

  private static Map<Path, ByteBuffer> files(HostileDisk disk) throws IOException {
    Map<Path, ByteBuffer> found = new TreeMap<>();
    for (Path file : disk.list(JOURNAL)) {
      found.put(file, ByteBuffer.wrap(disk.bytes(file)));
    }
    return found;
  }

  private static void assertDamaged(ThrowingCallable body) {
    assertThatThrownBy(body)
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("journal-damaged"));
  }

  /** The last ops of segments. */
  private static List<Integer> ends() {
    List<Integer> ends = new ArrayList<>();
    for (Path file : WHOLE.keySet()) {
      ends.add((int) SegmentFiles.firstOp(file) - 1);
    }
    ends.removeFirst();
    return ends;
  }

  @Test
  void after_any_op_it_ends_there_sealed_and_all_before_is_as_it_was() throws IOException {
    HostileDisk disk = whole(1);
    for (int op = OPS; op > 0; op--) {
      JournalCut.End end = JournalCut.after(disk, JOURNAL, KEY, op);
      assertThat(end.op()).isEqualTo(op);
      assertThat(end.timeNanos()).isEqualTo(TIMES.get(op));
      assertThat(end.chain()).isEqualTo(SmallHistory.CHAINS.get(op));
      assertThat(end.lineage()).isEqualTo(HostileNode.LINEAGE);
      Map<Path, ByteBuffer> files = files(disk);
      List<JournalSegment> segments =
          new JournalVerifier(disk, KEY).verify(List.copyOf(files.keySet()), segment -> {});
      assertThat(segments).allMatch(segment -> segment.fault() == null && segment.sealed());
      assertThat(segments.getLast().lastOp()).isEqualTo(op);
      for (Path file : files.keySet()) {
        byte[] now = disk.bytes(file);
        byte[] before = WHOLE.get(file);
        int same = now.length - SegmentTrailer.SEALED_BYTES;
        assertThat(Arrays.mismatch(now, 0, same, before, 0, same)).isEqualTo(-1);
      }
      JournalCut.after(disk, JOURNAL, KEY, op);
      assertThat(files(disk)).as("op %d, again", op).isEqualTo(files);

      HostileDisk once = whole(2);
      JournalCut.after(once, JOURNAL, KEY, op);
      assertThat(files(once)).as("op %d, at once", op).isEqualTo(files);
    }
    JournalCut.End none = JournalCut.after(disk, JOURNAL, KEY, 0);
    assertThat(disk.list(JOURNAL)).isEmpty();
    assertThat(none.chain()).isEqualTo(Chain.beginning(LedgerRun.LEDGER_ID));
    assertThat(none.lineage()).isEqualTo(HostileNode.LINEAGE);
    assertDamaged(() -> JournalCut.after(disk, JOURNAL, KEY, 0));
  }

  @Test
  void an_op_that_is_not_there_changes_nothing() throws IOException {
    HostileDisk disk = whole(1);
    Map<Path, ByteBuffer> before = files(disk);
    assertDamaged(() -> JournalCut.after(disk, JOURNAL, KEY, OPS + 1));
    Path third = List.copyOf(WHOLE.keySet()).get(2);
    disk.flip(third, 8L * 5_000);
    Map<Path, ByteBuffer> damaged = files(disk);
    assertDamaged(() -> JournalCut.after(disk, JOURNAL, KEY, SegmentFiles.firstOp(third) + 4));
    assertThat(files(disk)).isEqualTo(damaged).isNotEqualTo(before);
  }

  @Test
  void what_a_crash_left_behind_the_last_entry_is_cut_off_too() throws IOException {
    HostileDisk expected = whole(1);
    JournalCut.after(expected, JOURNAL, KEY, OPS);
    HostileDisk disk = whole(1);
    Path last = disk.list(JOURNAL).getLast();
    byte[] torn = Arrays.copyOf(disk.bytes(last), disk.bytes(last).length + 777);
    disk.writeDurably(last, torn);
    JournalCut.after(disk, JOURNAL, KEY, OPS);
    assertThat(files(disk)).isEqualTo(files(expected));
  }

  @Test
  void whichever_call_fails_doing_it_again_gives_the_same_files() throws IOException {
    int first = ends().getFirst();
    for (int op : List.of(1, first, first + 1, first + 3, ends().getLast(), OPS - 1, OPS)) {
      HostileDisk counted = whole(0);
      long before = counted.calls();
      JournalCut.after(counted, JOURNAL, KEY, op);
      long calls = counted.calls() - before;
      Map<Path, ByteBuffer> expected = files(counted);
      for (long seed = 0; seed < 4; seed++) {
        for (long call = 0; call < calls; call++) {
          HostileDisk disk = whole(1_000 * seed + call);
          disk.failAfter(call, call % 2 == 0 ? Fault.FULL : Fault.FAILING);
          assertThatThrownBy(() -> JournalCut.after(disk, JOURNAL, KEY, op))
              .isInstanceOf(IOException.class);
          if (seed == 0) {
            disk.heal();
          } else {
            disk.crash();
          }
          assertNoGap(disk, op);
          JournalCut.after(disk, JOURNAL, KEY, op);
          disk.crash();
          assertThat(files(disk)).as("op %d, call %d, seed %d", op, call, seed).isEqualTo(expected);
        }
      }
    }
  }

  /** Whatever was done so far, a journal is there that has the op. */
  private static void assertNoGap(HostileDisk disk, int op) throws IOException {
    List<Path> files = disk.list(JOURNAL);
    assertThat(files).isEqualTo(List.copyOf(WHOLE.keySet()).subList(0, files.size()));
    assertThat(JournalChain.after(disk, JOURNAL, KEY, op)).isEqualTo(SmallHistory.CHAINS.get(op));
  }

  @Test
  void the_last_op_at_a_time_is_found() throws IOException {
    HostileDisk disk = whole(1);
    for (int op = 1; op <= OPS; op++) {
      assertThat(JournalCut.lastOpAt(disk, JOURNAL, KEY, TIMES.get(op))).isEqualTo(op);
      assertThat(JournalCut.lastOpAt(disk, JOURNAL, KEY, TIMES.get(op) - 1)).isEqualTo(op - 1);
    }
    assertThat(JournalCut.lastOpAt(disk, JOURNAL, KEY, 0)).isZero();
    assertThat(JournalCut.lastOpAt(disk, JOURNAL, KEY, Long.MAX_VALUE)).isEqualTo(OPS);
    assertThat(JournalCut.lastOpAt(disk, Path.of("/none"), KEY, Long.MAX_VALUE)).isZero();
    JournalCut.after(disk, JOURNAL, KEY, 50);
    assertThat(JournalCut.lastOpAt(disk, JOURNAL, KEY, Long.MAX_VALUE)).isEqualTo(50);
  }

  @Test
  void a_segment_says_what_it_holds_whether_it_is_sealed_or_not() throws IOException {
    HostileDisk disk = whole(1);
    for (Path file : disk.list(JOURNAL)) {
      JournalSegment described = new JournalVerifier(disk, KEY).describe(file);
      SegmentFacts facts = Objects.requireNonNull(SegmentFacts.of(disk, file, KEY));
      assertThat(facts)
          .isEqualTo(
              new SegmentFacts(
                  HostileNode.LINEAGE,
                  LedgerRun.GROUP,
                  KEY.keyIdHex(),
                  described.firstOp(),
                  described.sealed(),
                  described.lastOp(),
                  described.events(),
                  described.created(),
                  described.firstTimeNanos(),
                  described.lastTimeNanos(),
                  described.chain(),
                  described.sizeBytes()));
    }
    Path last = disk.list(JOURNAL).getLast();
    SegmentFacts whole = Objects.requireNonNull(SegmentFacts.of(disk, last, KEY));
    assertThat(whole.sealed()).isFalse();
    byte[] bytes = disk.bytes(last);
    disk.writeDurably(last, Arrays.copyOf(bytes, bytes.length + 300));
    assertThat(SegmentFacts.of(disk, last, KEY)).isEqualTo(whole);
    disk.writeDurably(last, Arrays.copyOf(bytes, bytes.length - 1));
    SegmentFacts shorter = Objects.requireNonNull(SegmentFacts.of(disk, last, KEY));
    assertThat(shorter.lastOp()).isEqualTo(OPS - 1);
    assertThat(shorter.wholeBytes()).isLessThan(bytes.length);
    disk.flip(last, 8L * 1_000);
    assertDamaged(() -> SegmentFacts.of(disk, last, KEY));
    disk.writeDurably(last, Arrays.copyOf(bytes, 100));
    assertThat(SegmentFacts.of(disk, last, KEY)).isNull();
  }
}

package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.UInt128;
import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Index and checkpoints are compared with the journal: what is right is found right, a lie not. */
class JournalAuditTest {
  private final HostileDisk disk = SmallHistory.uninterrupted();

  private JournalAudit.Result audit() throws IOException {
    return audit(disk);
  }

  private static JournalAudit.Result audit(HostileDisk of) throws IOException {
    return JournalAudit.verify(
        of,
        HostileNode.JOURNAL,
        HostileNode.INDEX,
        HostileNode.CHECKPOINTS,
        HostileNode.KEY,
        segment -> {});
  }

  private static List<String> faults(JournalAudit.Result result) {
    return result.runs().stream().map(IndexRun::fault).filter(Objects::nonNull).toList();
  }

  @Test
  void what_a_node_wrote_is_whole() throws IOException {
    JournalAudit.Result result = audit();
    assertThat(result.isWhole()).as("%s", result).isTrue();
    assertThat(result.runs()).hasSizeGreaterThan(2).anyMatch(run -> run.level() > 0);
    assertThat(result.runs()).extracting(IndexRun::firstOp).isSorted();
    assertThat(result.checkpoints()).hasSize(2).allMatch(each -> each.root().length() == 64);
    JournalAudit.Result described =
        JournalAudit.describe(
            disk, HostileNode.JOURNAL, HostileNode.INDEX, HostileNode.CHECKPOINTS, HostileNode.KEY);
    assertThat(described).isEqualTo(result);
  }

  @Test
  void generations_may_become_larger_or_smaller_from_one_start_to_the_next() throws IOException {
    int[] sizes = {25, 60, 10, 33, 25};
    for (boolean withoutIndex : new boolean[] {false, true}) {
      HostileDisk changing = new HostileDisk(2);
      int ops = 0;
      for (int size : sizes) {
        ops = Math.min(SmallHistory.OPS, ops + 25);
        if (withoutIndex) {
          for (Path run : changing.list(HostileNode.INDEX)) {
            changing.delete(run);
          }
        }
        SmallHistory.runAll(changing, 0, ops, size);
        JournalAudit.Result result = audit(changing);
        assertThat(result.isWhole()).as("%s", result).isTrue();
        assertThat(result.runs()).isNotEmpty();
      }
      try (HostileNode node = new HostileNode(changing, SmallHistory.OPS, 10)) {
        assertThat(node.checkpointOp()).isPositive();
        assertThat(node.recovered.passedOver()).isEmpty();
      }
    }
  }

  /** Which row of a run to change, and into what. */
  private enum Lie {
    OTHER_AMOUNT("what it tells of its postings"),
    OTHER_ACCOUNT("what it tells of its postings"),
    OTHER_SIDE("what it tells of its postings"),
    OTHER_PLACE("what it tells of its ops"),
    OTHER_TIME("what it tells of its ops"),
    OTHER_ID("what it tells of its ids"),
    ID_FORGOTTEN("it tells of"),
    POSTING_FORGOTTEN("it tells of");

    private final String caught;

    Lie(String caught) {
      this.caught = caught;
    }
  }

  @Test
  void a_run_that_is_whole_and_well_sealed_but_lies_in_one_row_is_caught() throws IOException {
    List<IndexRun> runs = audit().runs();
    IndexRun newest = runs.getLast();
    byte[] honest = disk.bytes(newest.file());
    rewrite(newest, runs, null);
    assertThat(disk.bytes(newest.file())).as("the run as the entries tell it").isEqualTo(honest);
    for (Lie lie : Lie.values()) {
      rewrite(newest, runs, lie);
      JournalAudit.Result result = audit();
      assertThat(result.isWhole()).as("%s", lie).isFalse();
      assertThat(faults(result)).as("%s", lie).hasSize(1).allMatch(why -> why.contains(lie.caught));
      assertThat(result.runs().getLast().fault()).isNotNull();
    }
  }

  /** Writes the newest run anew with one row changed. */
  private void rewrite(IndexRun newest, List<IndexRun> runs, @Nullable Lie lie) throws IOException {
    RunBuilder builder = new RunBuilder(10);
    long movements = 0;
    for (IndexRun run : runs.subList(0, runs.size() - 1)) {
      movements += run.movements();
    }
    builder.begin(newest.firstOp(), movements);
    EntryVisits visits = new EntryVisits();
    OpPlaces places = new OpPlaces();
    GenerationRows rows = new GenerationRows(new Liar(builder, lie), places);
    try (JournalReader reader = JournalReader.open(disk, HostileNode.JOURNAL, HostileNode.KEY, 1)) {
      for (long op = 1; op <= newest.lastOp(); op++) {
        Entry entry = Objects.requireNonNull(reader.next());
        places.add(op, reader.segment(), reader.offset());
        if (op < newest.firstOp()) {
          visits.pass(entry);
        } else {
          visits.visit(entry, rows);
        }
      }
    }
    builder.write(disk, HostileNode.INDEX, HostileNode.KEY, LedgerRun.LEDGER_ID);
  }

  /** Hands rows on as they are, but for one. */
  private static final class Liar implements RunRows {
    private static final int LIED_AT = 5;
    private final RunRows to;
    private final @Nullable Lie lie;
    private int ids;
    private int postings;

    Liar(RunRows to, @Nullable Lie lie) {
      this.to = to;
      this.lie = lie;
    }

    @Override
    public void op(long op, long segment, long offset, long firstTimestamp, int movements) {
      boolean here = movements > 0;
      to.op(
          op,
          segment,
          here && lie == Lie.OTHER_PLACE ? offset + 1 : offset,
          here && lie == Lie.OTHER_TIME ? firstTimestamp + 1 : firstTimestamp,
          movements);
    }

    @Override
    public void id(long hi, long lo, long address) {
      boolean here = ids++ == LIED_AT;
      if (!here || lie != Lie.ID_FORGOTTEN) {
        to.id(hi, here && lie == Lie.OTHER_ID ? lo + (1L << 40) : lo, address);
      }
    }

    @Override
    public void posting(
        int account,
        long address,
        boolean credit,
        int kind,
        long amountHi,
        long amountLo,
        long releasedHi,
        long releasedLo) {
      boolean here = postings++ == LIED_AT;
      if (!here || lie != Lie.POSTING_FORGOTTEN) {
        to.posting(
            here && lie == Lie.OTHER_ACCOUNT ? account + 1 : account,
            address,
            (here && lie == Lie.OTHER_SIDE) != credit,
            kind,
            amountHi,
            here && lie == Lie.OTHER_AMOUNT ? amountLo + 1 : amountLo,
            releasedHi,
            releasedLo);
      }
    }
  }

  @Test
  void every_flipped_bit_is_found_in_the_file_that_has_it() throws IOException {
    Random random = new Random(9);
    List<Path> files = List.copyOf(SmallHistory.files(disk).keySet());
    for (Path file : files) {
      boolean open = file.equals(SegmentFiles.list(disk, HostileNode.JOURNAL).getLast());
      long bits = 8L * disk.bytes(file).length;
      for (int i = 0; i < (open ? 0 : 40); i++) {
        long bit = random.nextLong(bits);
        disk.flip(file, bit);
        JournalAudit.Result result = audit();
        assertThat(result.isWhole()).as("bit %d of %s", bit, file).isFalse();
        assertThat(named(result)).as("bit %d of %s", bit, file).contains(file);
        disk.flip(file, bit);
      }
    }
    assertThat(audit().isWhole()).isTrue();
  }

  private static List<Path> named(JournalAudit.Result result) {
    return java.util.stream.Stream.of(
            result.segments().stream().filter(s -> s.fault() != null).map(JournalSegment::file),
            result.runs().stream().filter(r -> r.fault() != null).map(IndexRun::file),
            result.checkpoints().stream().filter(c -> c.fault() != null).map(CheckpointFile::file))
        .flatMap(files -> files)
        .toList();
  }

  @Test
  void runs_that_do_not_follow_each_other_and_checkpoints_from_later_are_named()
      throws IOException {
    List<IndexRun> runs = audit().runs();
    disk.delete(runs.get(1).file());
    assertThat(faults(audit()))
        .hasSize(runs.size() - 2)
        .allMatch(why -> why.contains("no run holds op " + runs.get(1).firstOp()));
    List<Path> checkpoints = CheckpointFiles.newestFirst(disk, HostileNode.CHECKPOINTS);
    List<Path> segments = SegmentFiles.list(disk, HostileNode.JOURNAL);
    disk.delete(segments.getLast());
    JournalAudit.Result result = audit();
    assertThat(CheckpointFiles.op(checkpoints.getFirst()))
        .isGreaterThanOrEqualTo(SegmentFiles.firstOp(segments.getLast()));
    assertThat(result.checkpoints().getFirst().fault()).contains("the journal ends before its op");
  }

  @Test
  void the_numbers_of_accounts_are_given_in_the_order_of_creation() {
    AccountNumbers numbers = new AccountNumbers();
    for (int i = 0; i < 5_000; i++) {
      numbers.add(new UInt128(i % 7, 1 + (i * 0x9E37_79B9L) % 1_000_003L));
    }
    for (int i = 0; i < 5_000; i++) {
      assertThat(numbers.of(i % 7, 1 + (i * 0x9E37_79B9L) % 1_000_003L)).isEqualTo(i);
    }
    long[] wanted = new long[2 * 5_000];
    for (int i = 0; i < 5_000; i++) {
      wanted[2 * i] = i % 7;
      wanted[2 * i + 1] = 1 + (i * 0x9E37_79B9L) % 1_000_003L;
    }
    int[] found = new int[5_000];
    numbers.of(wanted, 5_000, found);
    assertThat(found).isEqualTo(IntStream.range(0, 5_000).toArray());
  }
}

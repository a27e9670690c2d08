package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run answers as looking through everything would; seeds are printed on failure. */
class RunTest {
  private static final Path DIRECTORY = Path.of("/index");
  private static final DataKey KEY = DataKey.create();
  private static final IdHash HASH = new IdHash(KEY, RunModel.LEDGER_ID);
  private static final int SEEDS = Integer.getInteger("holdfast.seeds", 4);

  @TempDir Path directory;

  private interface Check {
    void of(Run run, RunModel model, long firstOp, long lastOp, Random random) throws IOException;
  }

  /** Checks runs of many shapes, each in the middle of a longer history. */
  private static void everywhere(Check check) throws IOException {
    RunBuilder builder = new RunBuilder(10);
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      HostileDisk disk = new HostileDisk(seed);
      int ops = random.nextInt(2) == 0 ? 3000 : 60;
      RunModel model = new RunModel(seed, ops, ops == 60 ? 900 : 10);
      long firstOp = 1L + random.nextInt(ops / 4);
      long lastOp = (long) ops - random.nextInt(ops / 4);
      model.give(builder, firstOp, lastOp);
      Path file = builder.write(disk, DIRECTORY, KEY, RunModel.LEDGER_ID);
      try (Run run = Run.open(disk, file, KEY, RunModel.LEDGER_ID)) {
        check.of(run, model, firstOp, lastOp, random);
      } catch (RuntimeException | AssertionError | IOException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void a_run_tells_what_it_covers() throws IOException {
    everywhere(
        (run, model, firstOp, lastOp, random) -> {
          List<RunModel.Op> ops = model.ops.subList((int) firstOp - 1, (int) lastOp);
          List<UInt128> ids =
              model.ids(firstOp, lastOp).stream().map(RunModel.Id::id).sorted().toList();
          assertThat(run.firstOp()).isEqualTo(firstOp);
          assertThat(run.lastOp()).isEqualTo(lastOp);
          assertThat(run.level()).isZero();
          assertThat(run.firstMovement()).isEqualTo(ops.getFirst().firstMovement());
          assertThat(run.movements())
              .isEqualTo(ops.stream().mapToLong(RunModel.Op::movements).sum());
          assertThat(run.ids()).isEqualTo(ids.size());
          assertThat(run.postings()).isEqualTo(model.postings(firstOp, lastOp).size());
          assertThat(run.minId()).isEqualTo(ids.getFirst());
          assertThat(run.maxId()).isEqualTo(ids.getLast());
        });
  }

  @Test
  void each_id_is_found_with_all_that_became_of_it_and_no_other() throws IOException {
    everywhere(
        (run, model, firstOp, lastOp, random) -> {
          RunCursor cursor = run.cursor();
          Map<UInt128, List<Long>> expected =
              model.ids(firstOp, lastOp).stream()
                  .collect(
                      Collectors.groupingBy(
                          RunModel.Id::id,
                          TreeMap::new,
                          Collectors.mapping(RunModel.Id::address, Collectors.toList())));
          assertThat(expected.values()).anyMatch(addresses -> addresses.size() > 1);
          long[] found = new long[3];
          for (Map.Entry<UInt128, List<Long>> each : expected.entrySet()) {
            UInt128 id = each.getKey();
            assertThat(run.mayHave(id.hi(), id.lo(), HASH.of(id.hi(), id.lo()))).isTrue();
            assertThat(found(cursor, id, found)).isEqualTo(each.getValue());
          }
          for (RunModel.Id id : model.ids) {
            List<Long> addresses = expected.getOrDefault(id.id(), List.of());
            assertThat(found(cursor, id.id(), found)).isEqualTo(addresses);
          }
          for (UInt128 id : List.of(UInt128.ZERO, UInt128.MAX, new UInt128(random.nextLong(), 1))) {
            assertThat(found(cursor, id, found)).isEmpty();
          }
        });
  }

  private static List<Long> found(RunCursor cursor, UInt128 id, long[] into) throws IOException {
    int count = cursor.find(id.hi(), id.lo(), into);
    return Arrays.stream(into, 0, count).boxed().toList();
  }

  @Test
  void each_op_is_found_and_so_is_the_op_of_a_time() throws IOException {
    everywhere(
        (run, model, firstOp, lastOp, random) -> {
          RunCursor cursor = run.cursor();
          List<RunModel.Op> ops = model.ops.subList((int) firstOp - 1, (int) lastOp);
          List<RunModel.Op> order = new ArrayList<>(ops);
          if (random.nextBoolean()) {
            java.util.Collections.shuffle(order, random);
          }
          List<Long> times = new ArrayList<>(List.of(0L, 1L, -1L, Long.MAX_VALUE));
          for (RunModel.Op op : order) {
            assertThat(cursor.segment(op.op())).isEqualTo(op.segment());
            assertThat(cursor.offset(op.op())).isEqualTo(op.offset());
            assertThat(cursor.movements(op.op())).isEqualTo(op.movements());
            assertThat(cursor.firstMovement(op.op())).isEqualTo(op.firstMovement());
            assertThat(cursor.firstTimestamp(op.op())).isEqualTo(op.time());
            times.addAll(List.of(op.time() - 1, op.time(), op.time() + 1));
          }
          for (long time : times.subList(0, Math.min(times.size(), 1000))) {
            long expected = -1;
            for (RunModel.Op op : ops) {
              expected = op.movements() > 0 && op.time() <= time ? op.op() : expected;
            }
            assertThat(cursor.lastOpStartingAtOrBefore(time)).isEqualTo(expected);
          }
        });
  }

  @Test
  void each_account_is_walked_in_both_directions_with_its_sums() throws IOException {
    everywhere(
        (run, model, firstOp, lastOp, random) -> {
          RunCursor cursor = run.cursor();
          Map<Integer, List<RunModel.Posting>> accounts = byAccount(model, firstOp, lastOp);
          for (Map.Entry<Integer, List<RunModel.Posting>> each : accounts.entrySet()) {
            int account = each.getKey();
            List<RunModel.Posting> postings = each.getValue();
            assertThat(cursor.seekFirst(account)).isTrue();
            for (int i = 0; i < postings.size(); i++) {
              checkRow(cursor, postings, i, i % 97 == 0);
              assertThat(cursor.next()).isEqualTo(i + 1 < postings.size());
            }
            assertThat(cursor.seekLast(account)).isTrue();
            for (int i = postings.size() - 1; i >= 0; i--) {
              checkRow(cursor, postings, i, i % 97 == 0);
              assertThat(cursor.previous()).isEqualTo(i > 0);
            }
            assertThat(cursor.totals(account)).isEqualTo(RunModel.sums(postings));
          }
          assertThat(accounts.get(RunModel.HOT_ACCOUNT)).hasSizeGreaterThan(1500);
        });
  }

  private static Map<Integer, List<RunModel.Posting>> byAccount(
      RunModel model, long firstOp, long lastOp) {
    return model.postings(firstOp, lastOp).stream()
        .collect(
            Collectors.groupingBy(RunModel.Posting::account, TreeMap::new, Collectors.toList()));
  }

  private static void checkRow(
      RunCursor cursor, List<RunModel.Posting> postings, int at, boolean sums) {
    RunModel.Posting expected = postings.get(at);
    assertThat(cursor.address()).isEqualTo(expected.address());
    assertThat(cursor.credit()).isEqualTo(expected.credit());
    assertThat(cursor.kind()).isEqualTo(expected.kind());
    assertThat(new UInt128(cursor.amountHi(), cursor.amountLo())).isEqualTo(expected.amount());
    assertThat(new UInt128(cursor.releasedHi(), cursor.releasedLo()))
        .isEqualTo(expected.released());
    if (sums || at + 1 == postings.size()) {
      assertThat(cursor.sumsBefore()).isEqualTo(RunModel.sums(postings.subList(0, at)));
      assertThat(cursor.sumsAfter()).isEqualTo(RunModel.sums(postings.subList(0, at + 1)));
    }
  }

  @Test
  void a_seek_goes_to_the_nearest_posting_of_the_account() throws IOException {
    everywhere(
        (run, model, firstOp, lastOp, random) -> {
          RunCursor cursor = run.cursor();
          Map<Integer, List<RunModel.Posting>> accounts = byAccount(model, firstOp, lastOp);
          List<Integer> known = List.copyOf(accounts.keySet());
          for (int i = 0; i < 400; i++) {
            int account =
                switch (random.nextInt(4)) {
                  case 0 -> RunModel.HOT_ACCOUNT;
                  case 1 -> random.nextInt(500_000);
                  default -> known.get(random.nextInt(known.size()));
                };
            List<RunModel.Posting> postings = accounts.getOrDefault(account, List.of());
            long address = address(postings, firstOp, lastOp, random);
            checkSeek(cursor, account, postings, address);
          }
          assertThat(cursor.seekFirst(Integer.MAX_VALUE)).isFalse();
          assertThat(cursor.next()).isFalse();
          assertThat(cursor.previous()).isFalse();
          assertThat(cursor.totals(Integer.MAX_VALUE)).containsOnly(0);
        });
  }

  private static long address(
      List<RunModel.Posting> postings, long firstOp, long lastOp, Random random) {
    return switch (postings.isEmpty() ? random.nextInt(2) : random.nextInt(4)) {
      case 0 -> random.nextBoolean() ? Long.MAX_VALUE : 0;
      case 1 -> Address.of(random.nextLong(firstOp - 1, lastOp + 2), random.nextInt(100), 0);
      default -> postings.get(random.nextInt(postings.size())).address() + random.nextInt(3) - 1;
    };
  }

  private static void checkSeek(
      RunCursor cursor, int account, List<RunModel.Posting> postings, long address)
      throws IOException {
    int first = 0;
    while (first < postings.size() && postings.get(first).address() < address) {
      first++;
    }
    assertThat(cursor.seekAtOrAfter(account, address)).isEqualTo(first < postings.size());
    if (first < postings.size()) {
      checkRow(cursor, postings, first, true);
      assertThat(cursor.previous()).isEqualTo(first > 0);
      checkRow(cursor, postings, Math.max(0, first - 1), true);
    }
    int last = postings.size() - 1;
    while (last >= 0 && postings.get(last).address() > address) {
      last--;
    }
    assertThat(cursor.seekAtOrBefore(account, address)).isEqualTo(last >= 0);
    if (last >= 0) {
      checkRow(cursor, postings, last, true);
      boolean more = last + 1 < postings.size();
      assertThat(cursor.next()).isEqualTo(more);
      checkRow(cursor, postings, more ? last + 1 : last, true);
    }
  }

  @Test
  void the_same_input_gives_the_same_bytes_in_whatever_order_its_ids_come() throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      RunModel model = new RunModel(seed, 60, 300);
      RunBuilder used = new RunBuilder(1);
      new RunModel(seed + 1, 90, 50).give(used, 2, 90);
      used.write(new HostileDisk(1), DIRECTORY, KEY, RunModel.LEDGER_ID);
      byte[] first = bytes(model, new RunBuilder(1 << 16));
      byte[] second = bytes(model, used);
      model.ids.sort(Comparator.comparingLong(RunModel.Id::address).reversed());
      byte[] third = bytes(model, new RunBuilder(1));
      assertThat(second).as("seed %d", seed).isEqualTo(first);
      assertThat(third).as("seed %d", seed).isEqualTo(first);
    }
  }

  private static byte[] bytes(RunModel model, RunBuilder builder) throws IOException {
    HostileDisk disk = new HostileDisk(2);
    model.give(builder, 1, 60);
    return disk.bytes(builder.write(disk, DIRECTORY, KEY, RunModel.LEDGER_ID));
  }

  @Test
  void a_run_may_have_neither_ids_nor_postings() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    RunBuilder builder = new RunBuilder(0);
    builder.begin(5, 77);
    builder.op(5, 2, 128, 0, 0);
    Path file = builder.write(disk, DIRECTORY, KEY, RunModel.LEDGER_ID);
    try (Run run = Run.open(disk, file, KEY, RunModel.LEDGER_ID)) {
      RunCursor cursor = run.cursor();
      assertThat(run.mayHave(0, 0, HASH.of(0, 0))).isFalse();
      assertThat(cursor.find(0, 0, new long[3])).isZero();
      assertThat(cursor.seekFirst(0)).isFalse();
      assertThat(cursor.seekLast(0)).isFalse();
      assertThat(cursor.firstMovement(5)).isEqualTo(77);
      assertThat(cursor.lastOpStartingAtOrBefore(Long.MAX_VALUE)).isEqualTo(-1);
    }
  }

  @Test
  void on_a_real_disk_a_run_is_its_owners_alone_and_shows_nothing() throws IOException {
    RunModel model = new RunModel(4, 60, 300);
    RunBuilder builder = new RunBuilder(1);
    model.give(builder, 1, 60);
    Path file = builder.write(SystemDisk.INSTANCE, directory, KEY, RunModel.LEDGER_ID);
    builder.write(SystemDisk.INSTANCE, directory, KEY, RunModel.LEDGER_ID); // again, in its place
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(SystemDisk.INSTANCE.list(directory)).containsExactly(file);
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("HFIX").doesNotContain("HFIT");
    try (Run run = Run.open(SystemDisk.INSTANCE, file, KEY, RunModel.LEDGER_ID)) {
      for (RunModel.Id id : model.ids) {
        long hash = HASH.of(id.id().hi(), id.id().lo());
        assertThat(run.mayHave(id.id().hi(), id.id().lo(), hash)).isTrue();
        assertThat(run.cursor().find(id.id().hi(), id.id().lo(), new long[3])).isPositive();
      }
      assertThat(run.sizeBytes()).isEqualTo(Files.size(file));
    }
  }

  @Test
  void a_discarded_run_is_deleted_when_its_last_reader_is_gone() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    RunModel model = new RunModel(4, 60, 30);
    RunBuilder builder = new RunBuilder(1);
    model.give(builder, 1, 60);
    Path file = builder.write(disk, DIRECTORY, KEY, RunModel.LEDGER_ID);
    Run run = Run.open(disk, file, KEY, RunModel.LEDGER_ID);
    UInt128 id = model.ids.getFirst().id();
    assertThat(run.retain()).isTrue();
    run.discard();
    assertThat(run.mayHave(id.hi(), id.lo(), HASH.of(id.hi(), id.lo()))).isTrue();
    assertThat(disk.exists(file)).isTrue();
    run.release();
    assertThat(disk.exists(file)).isFalse();
    assertThat(run.retain()).isFalse();
  }
}

package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferWithDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ledger that forgets and finds what it forgot in its journal, beside one that has everything in
 * memory: every answer must be the same.
 */
class JournalIndexTest {
  private static final DataKey KEY = DataKey.create();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  @TempDir Path directory;
  private Lineage lineage = Lineage.ofNew(LedgerRun.LEDGER_ID);

  private IndexedNode node(long seed, int kept) {
    return new IndexedNode(directory, KEY, lineage, seed, kept, false);
  }

  private IndexedNode node(Path of, long seed, int kept) {
    return new IndexedNode(of, KEY, lineage, seed, kept, false);
  }

  private static void step(IndexedNode node, LedgerRun whole) {
    node.next();
    whole.next();
    assertThat(node.run.reply().results())
        .as("op %d", whole.ledger.op())
        .isEqualTo(whole.reply().results());
  }

  @Test
  void every_answer_is_that_of_a_ledger_with_all_in_memory() throws IOException {
    try (IndexedNode node = node(11, 0);
        LedgerRun whole = new LedgerRun(11, 60)) {
      for (int i = 0; i < 220; i++) {
        step(node, whole);
      }
      assertThat(node.journal.index().stats().lastOp()).isGreaterThan(180);
      node.awaitMerged();
      assertThat(node.journal.index().stats().runs())
          .as("eight runs were merged into one")
          .isLessThan(16);
      assertThat(node.run.ledger.digest()).isEqualTo(whole.ledger.digest());
      compare(node, whole, 1);
    }
  }

  @Test
  void what_is_indexed_and_still_in_memory_is_counted_once() {
    try (IndexedNode node = node(12, 3);
        LedgerRun whole = new LedgerRun(12, 60)) {
      for (int i = 0; i < 150; i++) {
        step(node, whole);
      }
      compare(node, whole, 2);
    }
  }

  @Test
  void after_a_restart_a_ledger_goes_on_from_its_checkpoint_runs_and_journal() throws IOException {
    try (IndexedNode node = node(13, 0)) {
      for (int i = 0; i < 120; i++) {
        node.next();
      }
      awaitCheckpoint(node);
      node.awaitMerged();
    }
    List<Path> before = runFiles();
    try (IndexedNode node = node(13, 0);
        LedgerRun whole = new LedgerRun(13, 60)) {
      Checkpoint checkpoint = Objects.requireNonNull(node.recovered.checkpoint());
      assertThat(checkpoint.op()).isGreaterThan(60);
      assertThat(node.recovered.passedOver()).isEmpty();
      assertThat(Objects.requireNonNull(node.recovered.last()).op()).isEqualTo(120);
      assertThat(Objects.requireNonNull(node.recovered.settled()).op())
          .isBetween(checkpoint.op(), 120L);
      for (int i = 0; i < 120; i++) {
        whole.next();
      }
      assertThat(node.run.ledger.digest()).isEqualTo(whole.ledger.digest());
      compare(node, whole, 3);
      assertThat(runFiles()).isEqualTo(before);
      for (int i = 0; i < 120; i++) {
        step(node, whole);
      }
      compare(node, whole, 4);
    }
  }

  @Test
  void a_damaged_checkpoint_is_passed_over_for_an_older_one_or_for_none() throws IOException {
    try (IndexedNode node = node(14, 0)) {
      for (int i = 0; i < 120; i++) {
        node.next();
      }
      awaitCheckpoint(node);
    }
    List<Path> files =
        CheckpointFiles.newestFirst(SystemDisk.INSTANCE, directory.resolve("checkpoints"));
    assertThat(files).hasSize(2);
    byte[] digest = null;
    for (int damaged = 0; damaged <= 2; damaged++) {
      try (IndexedNode node = node(14, 0)) {
        Checkpoint checkpoint = node.recovered.checkpoint();
        assertThat(checkpoint == null).isEqualTo(damaged == 2);
        assertThat(node.recovered.passedOver()).hasSize(damaged);
        assertThat(digest == null || Arrays.equals(digest, node.run.ledger.digest())).isTrue();
        digest = node.run.ledger.digest();
      }
      if (damaged < 2) {
        byte[] bytes = Files.readAllBytes(files.get(damaged));
        bytes[bytes.length / 2] ^= 4;
        Files.write(files.get(damaged), bytes);
      }
    }
  }

  @Test
  void a_checkpoint_or_segment_of_another_history_is_refused() throws IOException {
    Branch first = lineage.current();
    fill(15);
    Path checkpoints = directory.resolve("checkpoints");
    Path others = Files.move(checkpoints, directory.resolve("others"));
    for (Path file : SegmentFiles.list(SystemDisk.INSTANCE, directory.resolve("journal"))) {
      Files.delete(file);
    }
    for (Path file : runFiles()) {
      Files.delete(file);
    }
    lineage = after(new Branch(1, UInt128.of(99), 1, first.chain()));
    fill(15);
    Branch other = lineage.current();

    Path journal = directory.resolve("journal");
    String chain = Chain.hex(JournalChain.after(SystemDisk.INSTANCE, journal, KEY, 120));
    lineage = after(other, new Branch(2, UInt128.of(100), 121, first.chain()));
    assertThat(refusal()).as("it was another one after op 120").contains(".segment", chain);
    lineage = after(other, new Branch(2, UInt128.of(100), 121, chain));
    try (IndexedNode node = node(15, 0)) {
      assertThat(node.recovered.checkpoint()).as("its history leads into this one").isNotNull();
    }
    lineage = after(other, new Branch(2, UInt128.of(100), 120, first.chain()));
    assertThat(refusal()).as("the segment of op 120 belongs to branch 99").contains(".segment");

    lineage = after(other);
    Path newest = CheckpointFiles.newestFirst(SystemDisk.INSTANCE, checkpoints).getFirst();
    Files.copy(
        others.resolve(String.valueOf(newest.getFileName())),
        newest,
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(refusal()).contains(newest.toString(), "branch", other.id().toHex());
  }

  private static Lineage after(Branch... branches) {
    return new Lineage(LedgerRun.LEDGER_ID, List.of(branches));
  }

  private void fill(long seed) {
    try (IndexedNode node = node(seed, 0)) {
      for (int i = 0; i < 120; i++) {
        node.next();
      }
      awaitCheckpoint(node);
    }
  }

  private String refusal() {
    HoldfastException e = catchThrowableOfType(HoldfastException.class, () -> node(15, 0).close());
    assertThat(e.code()).isEqualTo("wrong-lineage");
    return e.message();
  }

  @Test
  void an_index_that_is_lost_or_damaged_is_made_anew_and_has_the_same_bytes() throws IOException {
    byte[] digest;
    try (IndexedNode node = node(15, 0)) {
      for (int i = 0; i < 220; i++) {
        node.next();
      }
      awaitCheckpoint(node);
      node.awaitMerged();
      digest = node.run.ledger.digest();
    }
    Map<Path, byte[]> whole = contents();
    List<Path> files = List.copyOf(whole.keySet());
    assertThat(files).hasSizeGreaterThan(3);
    List<List<Path>> lost = List.of(files, files.subList(0, 1), files.subList(1, 3));
    for (List<Path> gone : lost) {
      for (Path file : gone) {
        Files.delete(file);
      }
      assertMadeAnew(digest, whole, "making it up to op");
    }
    for (long at : new long[] {60, Files.size(files.get(1)) - 20}) {
      byte[] damaged = Objects.requireNonNull(whole.get(files.get(1))).clone();
      damaged[(int) at] ^= 1;
      Files.write(files.get(1), damaged);
      assertMadeAnew(digest, whole, files.get(1) + " is damaged at byte");
    }
    Files.write(files.get(1), new byte[0]);
    assertMadeAnew(digest, whole, "its header is not whole");
  }

  private void assertMadeAnew(byte[] digest, Map<Path, byte[]> whole, String says)
      throws IOException {
    try (IndexedNode node = node(15, 0)) {
      assertThat(node.said).anyMatch(said -> said.contains(says));
      assertThat(node.recovered.passedOver()).isEmpty();
      assertThat(node.recovered.checkpoint()).isNotNull();
      assertThat(node.run.ledger.digest()).isEqualTo(digest);
      node.awaitMerged();
    }
    Map<Path, byte[]> now = contents();
    assertThat(now.keySet()).isEqualTo(whole.keySet());
    now.forEach((file, bytes) -> assertThat(bytes).as("%s", file).isEqualTo(whole.get(file)));
  }

  private Map<Path, byte[]> contents() throws IOException {
    Map<Path, byte[]> contents = new TreeMap<>();
    for (Path file : runFiles()) {
      contents.put(file, Files.readAllBytes(file));
    }
    return contents;
  }

  private static void awaitCheckpoint(IndexedNode node) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (node.journal.checkpoints().isWriting()) {
      assertThat(System.nanoTime()).as("a checkpoint is complete in time").isLessThan(until);
      Thread.onSpinWait();
    }
  }

  private List<Path> runFiles() throws IOException {
    return runFiles(directory);
  }

  private static List<Path> runFiles(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of.resolve("index"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void a_node_that_was_stopped_again_and_again_has_the_same_runs_in_the_end() throws IOException {
    Path other = directory.resolve("other");
    try (IndexedNode node = node(15, 0)) {
      for (int i = 0; i < 240; i++) {
        node.next();
      }
      node.awaitMerged();
    }
    for (int stop = 20; stop <= 240; stop += 20) {
      try (IndexedNode node = node(other, 15, 0)) {
        while (node.run.ledger.op() < stop) {
          node.next();
        }
        if (stop == 240) {
          node.awaitMerged();
        } // else it is stopped in the middle of whatever it does
      }
    }
    List<Path> files = runFiles();
    List<Path> others = runFiles(other);
    assertThat(others.stream().map(Path::getFileName).toList())
        .isEqualTo(files.stream().map(Path::getFileName).toList());
    for (int i = 0; i < files.size(); i++) {
      assertThat(Files.mismatch(files.get(i), others.get(i))).as("%s", files.get(i)).isEqualTo(-1);
    }
  }

  private static void compare(IndexedNode node, LedgerRun whole, long seed) {
    Random random = new Random(seed);
    Queries all = whole.ledger.queries();
    List<UInt128> ids = new ArrayList<>();
    for (long id = 1; id < Math.min(whole.nextId() + 3, 8_000); id++) {
      ids.add(UInt128.of(id));
    }
    List<TransferWithDetails> expected = all.transfersWithDetails(ids);
    List<TransferWithDetails> found = node.queries.transfersWithDetails(ids);
    assertThat(found)
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(expected);
    for (int account = 1; account <= LedgerRun.ACCOUNTS; account += 3) {
      UInt128 id = UInt128.of(account);
      List<Balance> rows = rows(filter(random, true, 1000), f -> all.balancesOf(id, f));
      for (int i = 0; i < 12; i++) {
        HistoryFilter filter = filter(random, i < 2, 20 + random.nextInt(300));
        if (!rows.isEmpty() && i > 3) {
          filter = between(filter, random, rows);
        }
        HistoryFilter asked = filter;
        assertThat(rows(asked, f -> node.queries.balancesOf(id, f)))
            .as("balances by %s", asked)
            .isEqualTo(rows(asked, f -> all.balancesOf(id, f)));
        assertThat(rows(asked, f -> node.queries.transfersOf(id, f)))
            .as("transfers by %s", asked)
            .isEqualTo(rows(asked, f -> all.transfersOf(id, f)));
      }
      for (int i = 0; i < rows.size(); i += 1 + random.nextInt(20)) {
        Balance row = rows.get(i);
        for (long at = row.timestamp() - 1; at <= row.timestamp() + 1; at++) {
          assertThat(node.queries.balanceAt(id, at)).isEqualTo(all.balanceAt(id, at));
        }
      }
      assertThat(node.queries.holdsOf(id, 8000, 0)).isEqualTo(all.holdsOf(id, 8000, 0));
    }
    for (int i = 0; i < 12; i++) {
      TransferFilter filter = transferFilter(random, i < 2, expected);
      assertThat(allRows(filter, node.queries)).as("by %s", filter).isEqualTo(allRows(filter, all));
    }
    assertThat(node.queries.transfersOf(UInt128.of(99), HistoryFilter.newest(5)).rows()).isEmpty();
    assertThat(node.queries.balanceAt(UInt128.of(99), Long.MAX_VALUE)).isEmpty();
  }

  private static HistoryFilter filter(Random random, boolean plain, int limit) {
    return new HistoryFilter(
        0,
        Long.MAX_VALUE,
        plain || random.nextBoolean()
            ? null
            : random.nextBoolean() ? HistoryFilter.Side.DEBIT : HistoryFilter.Side.CREDIT,
        plain || random.nextInt(3) > 0 ? null : random.nextInt(3),
        plain || random.nextInt(4) > 0 ? null : UInt128.of(random.nextInt(100)),
        plain || random.nextInt(6) > 0 ? null : 0L,
        plain || random.nextInt(6) > 0 ? null : 0,
        random.nextBoolean(),
        limit,
        0);
  }

  private static HistoryFilter between(HistoryFilter f, Random random, List<Balance> rows) {
    long a = rows.get(random.nextInt(rows.size())).timestamp() + random.nextInt(3) - 1;
    long b = rows.get(random.nextInt(rows.size())).timestamp() + random.nextInt(3) - 1;
    return new HistoryFilter(
        Math.min(a, b),
        Math.max(a, b),
        f.side(),
        f.code(),
        f.userData128(),
        f.userData64(),
        f.userData32(),
        f.newestFirst(),
        f.limit(),
        0);
  }

  private static TransferFilter transferFilter(
      Random random, boolean plain, List<TransferWithDetails> known) {
    long a = known.get(random.nextInt(known.size())).transfer().timestamp() - random.nextInt(2);
    long b = known.get(random.nextInt(known.size())).transfer().timestamp() + random.nextInt(2);
    return new TransferFilter(
        plain ? 0 : Math.min(a, b),
        plain ? Long.MAX_VALUE : Math.max(a, b),
        random.nextBoolean() ? 1 : null,
        random.nextBoolean() ? 1 : null,
        plain || random.nextBoolean() ? null : UInt128.of(random.nextInt(100)),
        null,
        null,
        random.nextBoolean(),
        500 + random.nextInt(2000),
        0);
  }

  private static List<Transfer> allRows(TransferFilter f, Queries queries) {
    List<Transfer> rows = new ArrayList<>();
    long after = 0;
    do {
      Page<Transfer> page =
          queries.transfers(
              new TransferFilter(
                  f.fromNanos(),
                  f.toNanos(),
                  f.ledger(),
                  f.code(),
                  f.userData128(),
                  f.userData64(),
                  f.userData32(),
                  f.newestFirst(),
                  f.limit(),
                  after));
      rows.addAll(page.rows());
      after = page.next();
    } while (after != 0);
    return rows;
  }

  /** All rows, page by page. */
  private static <T> List<T> rows(HistoryFilter filter, Function<HistoryFilter, Page<T>> query) {
    List<T> rows = new ArrayList<>();
    long after = 0;
    do {
      Page<T> page =
          query.apply(
              new HistoryFilter(
                  filter.fromNanos(),
                  filter.toNanos(),
                  filter.side(),
                  filter.code(),
                  filter.userData128(),
                  filter.userData64(),
                  filter.userData32(),
                  filter.newestFirst(),
                  filter.limit(),
                  after));
      assertThat(page.rows()).hasSizeLessThanOrEqualTo(filter.limit());
      rows.addAll(page.rows());
      after = page.next();
    } while (after != 0);
    return rows;
  }
}

package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that arrives in pieces is proved, and left as one that a node starts with. */
class JournalArrivalTest {
  private static final DataKey KEY = DataKey.create();
  private static final Lineage LINEAGE = Lineage.ofNew(UInt128.of(77));
  private static final int PIECE_BYTES = 30_000;

  /** So that a whole group of generations lies before the checkpoint, and some behind it. */
  private static final int GENERATIONS = 19;

  @TempDir static Path source;
  @TempDir Path temporary;

  private static final List<SegmentPiece> PIECES = new ArrayList<>();
  private static IndexedNode node;

  @BeforeAll
  static void history() throws IOException {
    node = new IndexedNode(source, KEY, LINEAGE, 5, 3, true);
    long completeOp = 0;
    int complete = 0;
    while (complete < GENERATIONS) {
      node.next();
      if (node.run.ledger.sealed() != null) {
        complete++;
        completeOp = node.run.ledger.op();
      }
    }
    while (node.run.ledger.op() < completeOp + 3) {
      node.next();
    }
    node.awaitMerged();
    node.journal.close();
    for (Path file : SegmentFiles.list(SystemDisk.INSTANCE, source.resolve("journal"))) {
      try (SegmentPieces apart =
          SegmentPieces.open(SystemDisk.INSTANCE, file, KEY, 0, Long.MAX_VALUE)) {
        for (SegmentPiece one = apart.next(PIECE_BYTES);
            one != null;
            one = apart.next(PIECE_BYTES)) {
          PIECES.add(one);
        }
      }
    }
  }

  @AfterAll
  static void close() {
    node.run.close();
  }

  private JournalArrival arrival(Path directory) throws IOException {
    return new JournalArrival(
        new JournalArrival.Setup(
            SystemDisk.INSTANCE,
            new JournalPlaces(
                directory.resolve("journal"),
                directory.resolve("index"),
                directory.resolve("checkpoints")),
            KEY,
            LINEAGE,
            3,
            IndexedNode.GENERATION));
  }

  /** The node's newest checkpoint. */
  private static CheckpointPages checkpoint() throws IOException {
    Path checkpoints = source.resolve("checkpoints");
    return CheckpointPages.open(
        SystemDisk.INSTANCE,
        CheckpointPages.files(SystemDisk.INSTANCE, checkpoints).stream()
            .max(Comparator.naturalOrder())
            .orElseThrow(),
        KEY);
  }

  private static IntFunction<byte[]> pages(CheckpointPages of) {
    return number -> {
      byte[] page = new byte[CheckpointPages.PAGE_BYTES];
      try {
        assertThat(of.next(page)).isTrue();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return page;
    };
  }

  private void arrive(JournalArrival arrival, Path directory, List<SegmentPiece> which, long until)
      throws IOException {
    try (SegmentAssembly assembly =
        new SegmentAssembly(SystemDisk.INSTANCE, directory.resolve("journal"), KEY)) {
      for (SegmentPiece piece : which) {
        if (piece.firstOp() <= until) {
          arrival.take(assembly.write(piece.content(), piece.sha256()), until, Long.MAX_VALUE);
        }
      }
    }
  }

  @Test
  void its_index_is_that_of_the_node_and_a_start_has_nothing_to_judge_again() throws IOException {
    Path made = temporary.resolve("made");
    long end = node.run.ledger.op();
    try (CheckpointPages checkpoint = checkpoint();
        JournalArrival arrival = arrival(made)) {
      arrival.beginWith(checkpoint.op(), checkpoint.frame(), pages(checkpoint));
      arrive(arrival, made, PIECES, Long.MAX_VALUE);
      JournalArrival.Proved proved = arrival.proved();
      assertThat(proved.op()).isEqualTo(end);
      assertThat(proved.checkpointOp()).isPositive();
      assertThat(proved.events()).isPositive();
      assertThat(proved.conserved()).isTrue();
      assertThat(proved.transfers()).isEqualTo(node.run.ledger.transferCount());
      arrival.finish(LINEAGE);
    }
    List<Path> runs = SystemDisk.INSTANCE.list(source.resolve("index"));
    assertThat(runs).hasSizeGreaterThan(2);
    for (Path run : runs) {
      assertThat(made.resolve("index").resolve(run.getFileName())).hasSameBinaryContentAs(run);
    }
    try (IndexedNode started = new IndexedNode(made, KEY, LINEAGE, 5, 3, true)) {
      assertThat(started.said).isEmpty();
      assertThat(started.recovered.events()).isZero();
      assertThat(started.run.ledger.op()).isEqualTo(end);
      assertThat(started.run.ledger.digest()).isEqualTo(node.run.ledger.digest());
      for (int i = 0; i < 200; i++) {
        started.next(); // what it forgot before is found, and more is indexed behind it
      }
    }
  }

  @Test
  void it_can_end_with_any_op_and_without_a_checkpoint_all_is_judged_again() throws IOException {
    long op = node.run.ledger.op() - 7;
    Path made = temporary.resolve("made");
    byte[] chain;
    try (JournalArrival arrival = arrival(made)) {
      arrive(arrival, made, PIECES, op);
      JournalArrival.Proved proved = arrival.proved();
      assertThat(proved.op()).isEqualTo(op);
      chain = proved.chain();
      arrival.finish(LINEAGE);
    }
    JournalCut.End cut = JournalCut.after(SystemDisk.INSTANCE, made.resolve("journal"), KEY, op);
    assertThat(cut.chain()).isEqualTo(chain);
    try (IndexedNode started = new IndexedNode(made, KEY, LINEAGE, 5, 3, true)) {
      assertThat(started.recovered.events()).isZero();
      assertThat(started.run.ledger.op()).isEqualTo(op);
    }
  }

  private static void assertCode(String code, ThrowingCallable body) {
    assertThatThrownBy(body)
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).as(e.message()).isEqualTo(code));
  }

  @Test
  void a_piece_that_is_left_out_or_comes_twice_is_found() throws IOException {
    for (int i = 0; i + 1 < PIECES.size(); i += 11) {
      Path made = Files.createDirectories(temporary.resolve("without-" + i));
      List<SegmentPiece> without = new ArrayList<>(PIECES);
      without.remove(i);
      List<SegmentPiece> twice = new ArrayList<>(PIECES);
      twice.add(i, PIECES.get(i));
      for (List<SegmentPiece> wrong : List.of(without, twice)) {
        try (JournalArrival arrival = arrival(made)) {
          assertCode("journal-damaged", () -> arrive(arrival, made, wrong, Long.MAX_VALUE));
        }
      }
    }
  }

  @Test
  void a_checkpoint_whose_page_is_another_is_the_checkpoints_fault() throws IOException {
    Path made = temporary.resolve("made");
    try (CheckpointPages checkpoint = checkpoint();
        JournalArrival arrival = arrival(made)) {
      IntFunction<byte[]> pages = pages(checkpoint);
      arrival.beginWith(
          checkpoint.op(),
          checkpoint.frame(),
          number -> {
            byte[] page = pages.apply(number);
            page[120] ^= (byte) (number == 0 ? 1 : 0); // the time of the first account
            return page;
          });
      assertCode("checkpoint-damaged", () -> arrive(arrival, made, PIECES, Long.MAX_VALUE));
      assertThat(arrival.checkpointFault()).isNotNull();
    }
  }
}

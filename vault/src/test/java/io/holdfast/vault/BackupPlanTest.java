package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.Branch;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.BackupManifest.CheckpointRef;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import io.holdfast.vault.SourceFiles.SegmentFile;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is taken over from earlier backups: of the same file, of a common past, never to change. */
class BackupPlanTest {
  private static final Lineage LINEAGE = Lineage.ofNew(UInt128.of(1));
  private static final int PIECE = 100;

  private static PieceRef piece(long offset, long size, long lastOp) {
    return piece(offset, size, lastOp, "");
  }

  private static PieceRef piece(long offset, long size, long lastOp, String chain) {
    return new PieceRef(offset, size, 1, lastOp, 0, 0, "", chain, "p" + offset + "+" + size, 1);
  }

  private static Segment segment(
      String head, long lastOp, long size, boolean sealed, PieceRef... pieces) {
    return new Segment(head, 1, lastOp, 0, 0, size, sealed, List.of(pieces));
  }

  private static BackupManifest backup(Lineage lineage, long lastOp, Segment segment) {
    return new BackupManifest(
        BackupManifest.FORMAT,
        0,
        BackupManifest.Kind.HOT,
        List.of(),
        "main",
        "n1",
        lineage.ledgerId().toHex(),
        "key",
        HexFormat.of().formatHex(lineage.encode()),
        lastOp,
        0,
        "",
        List.of(segment),
        List.of(new CheckpointRef(lastOp, "", "map" + lastOp, List.of("page"), lastOp, 0)),
        List.of(),
        List.of(),
        0,
        0,
        0);
  }

  private static SegmentFile file(String head, long size, boolean sealed) {
    return new SegmentFile(Path.of("x"), 1, head, size, sealed);
  }

  private static BackupPlan plan(
      SegmentFile file, Lineage lineage, List<BackupManifest> known, String... missing) {
    return BackupPlan.of(
        new SourceFiles(List.of(file), List.of()),
        lineage,
        "key",
        known,
        PIECE,
        name -> !List.of(missing).contains(name));
  }

  private static long from(
      SegmentFile file, Lineage lineage, List<BackupManifest> known, String... missing) {
    return plan(file, lineage, known, missing).parts().getFirst().from();
  }

  private static Lineage branched(long firstOp) {
    Branch first = LINEAGE.current();
    return new Lineage(
        LINEAGE.ledgerId(), List.of(first, new Branch(2, UInt128.of(9), firstOp, first.chain())));
  }

  /** Complete: three pieces, of which the last ends it. */
  private static final BackupManifest SEALED =
      backup(
          LINEAGE,
          30,
          segment("a", 30, 250, true, piece(0, 100, 10), piece(100, 110, 20), piece(210, 40, 30)));

  /** When it was written: two pieces, of which the last was still short. */
  private static final BackupManifest OPEN =
      backup(
          LINEAGE,
          15,
          segment("a", 15, 160, false, piece(0, 100, 10, "c10"), piece(100, 60, 15, "c15")));

  @Test
  void a_complete_file_is_not_read_again() {
    assertThat(from(file("a", 250, true), LINEAGE, List.of(SEALED))).isEqualTo(250);
    assertThat(plan(file("a", 250, true), LINEAGE, List.of(OPEN, SEALED)).bytesToRead()).isZero();
  }

  @Test
  void of_a_file_that_grew_only_the_pieces_that_stay_are_taken_over() {
    assertThat(from(file("a", 250, true), LINEAGE, List.of(OPEN))).isEqualTo(100);
  }

  @Test
  void a_file_that_is_written_is_read_from_where_its_last_whole_piece_ended() {
    BackupPlan.Part grown = plan(file("a", 190, false), LINEAGE, List.of(OPEN)).parts().getFirst();
    assertThat(grown.from()).isEqualTo(100);
    assertThat(grown.chain()).isEqualTo("c10");
    BackupPlan.Part same = plan(file("a", 160, false), LINEAGE, List.of(OPEN)).parts().getFirst();
    assertThat(same.done()).isTrue();
    assertThat(same.chain()).isEqualTo("c15");
  }

  @Test
  void without_the_chain_up_to_there_a_file_that_is_written_is_read_from_its_beginning() {
    assertThat(from(file("a", 220, false), LINEAGE, List.of(SEALED))).isZero();
  }

  @Test
  void of_a_complete_file_no_chain_is_kept() {
    BackupPlan.Part part = plan(file("a", 250, true), LINEAGE, List.of(OPEN)).parts().getFirst();
    assertThat(part.reused()).extracting(PieceRef::chain).containsExactly("");
  }

  @Test
  void another_file_of_the_same_op_is_read() {
    assertThat(from(file("b", 250, true), LINEAGE, List.of(SEALED))).isZero();
  }

  @Test
  void another_ledger_or_data_key_gives_nothing() {
    Lineage other = Lineage.ofNew(UInt128.of(2));
    assertThat(from(file("a", 250, true), other, List.of(SEALED))).isZero();
    assertThat(BackupPlan.commonOp(SEALED, LINEAGE, "another")).isZero();
  }

  @Test
  void of_another_branch_only_what_lies_before_it_is_taken_over() {
    assertThat(from(file("a", 250, true), branched(31), List.of(SEALED))).isEqualTo(250);
    assertThat(from(file("a", 250, true), branched(30), List.of(SEALED))).isEqualTo(210);
    assertThat(from(file("a", 240, true), branched(21), List.of(SEALED))).isEqualTo(210);
    assertThat(from(file("a", 240, true), branched(20), List.of(SEALED))).isEqualTo(100);
    assertThat(plan(file("a", 240, true), branched(20), List.of(SEALED)).checkpoints()).isEmpty();
    assertThat(plan(file("a", 240, true), branched(31), List.of(SEALED)).checkpoints()).hasSize(1);
  }

  @Test
  void a_file_that_was_cut_shorter_gives_no_piece_that_passes_its_end() {
    assertThat(from(file("a", 150, true), LINEAGE, List.of(SEALED))).isEqualTo(100);
    assertThat(from(file("a", 210, true), LINEAGE, List.of(SEALED))).isEqualTo(100);
  }

  @Test
  void from_an_object_that_is_not_there_on_it_is_read_again() {
    assertThat(from(file("a", 250, true), LINEAGE, List.of(SEALED), "p100+110")).isEqualTo(100);
    assertThat(plan(file("a", 250, true), LINEAGE, List.of(SEALED), "page").checkpoints())
        .isEmpty();
  }

  @Test
  void a_checkpoint_is_sent_if_there_is_none_or_replay_would_pass_its_bound() {
    CheckpointRef there = SEALED.checkpoints().getFirst();
    assertThat(BackupPlan.sendsCheckpoint(null, 5, 0, 100)).isTrue();
    assertThat(BackupPlan.sendsCheckpoint(null, 0, 0, 100)).isFalse();
    assertThat(BackupPlan.sendsCheckpoint(there, 40, 100, 100)).isFalse();
    assertThat(BackupPlan.sendsCheckpoint(there, 40, 101, 100)).isTrue();
    assertThat(BackupPlan.sendsCheckpoint(there, 30, 101, 100)).isFalse();
  }

  @Test
  void what_two_histories_have_in_common_ends_before_the_first_branch_that_only_one_has() {
    assertThat(CommonHistory.lastOp(LINEAGE, LINEAGE)).isEqualTo(Long.MAX_VALUE);
    assertThat(CommonHistory.lastOp(LINEAGE, branched(20))).isEqualTo(19);
    assertThat(CommonHistory.lastOp(branched(20), LINEAGE)).isEqualTo(19);
    assertThat(CommonHistory.lastOp(branched(20), branched(10))).isEqualTo(9);
    assertThat(CommonHistory.lastOp(LINEAGE, Lineage.ofNew(UInt128.of(2)))).isZero();
  }
}

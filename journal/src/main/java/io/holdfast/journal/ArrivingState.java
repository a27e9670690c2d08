package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Ledger;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * A checkpoint that comes from elsewhere, straight into a ledger: its pages must give its root, and
 * its history must lead into this one. That its chain is the journal's is for who has that to see.
 */
final class ArrivingState {
  private final CheckpointFooter footer;

  private ArrivingState(CheckpointFooter footer) {
    this.footer = footer;
  }

  CheckpointFooter footer() {
    return footer;
  }

  /**
   * Fills an empty ledger.
   *
   * @param lineage that it must lead into
   * @param frame of {@link CheckpointPages#frame}
   * @param page gives each page in turn
   * @throws HoldfastException codes {@code checkpoint-damaged}, {@code wrong-lineage}, {@code
   *     wrong-data-key}; then the ledger is not to be used
   */
  static ArrivingState load(
      Ledger ledger, DataKey dataKey, Lineage lineage, byte[] frame, IntFunction<byte[]> page) {
    CheckpointFrame parsed = CheckpointAssembly.parse(frame, Path.of("the checkpoint"));
    CheckpointHeader header = parsed.header();
    CheckpointFooter footer = parsed.footer();
    Path named = CheckpointFiles.file(Path.of(""), header.op());
    if (!header.keyIdHex().equals(dataKey.keyIdHex())) {
      throw JournalFaults.wrongKey(named, header.keyIdHex(), dataKey.keyIdHex());
    }
    checkLineage(named, header, footer, lineage);
    PageDigests digests = new PageDigests();
    int[] next = {0};
    ledger.restore(footer.state(), to -> copy(next, page, digests, named, to));
    if (next[0] != header.pages() || !Arrays.equals(digests.root(footer), footer.root())) {
      throw JournalFaults.checkpointDamaged(named, 0, "its pages do not give its root");
    }
    return new ArrivingState(footer);
  }

  private static void copy(
      int[] next, IntFunction<byte[]> page, PageDigests digests, Path named, MemorySegment to) {
    byte[] content = page.apply(next[0]);
    if (content.length != FrozenState.PAGE_BYTES) {
      throw JournalFaults.checkpointDamaged(
          named, 0, "page " + next[0] + " has " + content.length + " bytes");
    }
    digests.add(next[0], content, content.length);
    MemorySegment.copy(content, 0, to, ValueLayout.JAVA_BYTE, 0, content.length);
    next[0]++;
  }

  private static void checkLineage(
      Path named, CheckpointHeader header, CheckpointFooter footer, Lineage own) {
    UInt128 ledgerId = header.ledgerId();
    Lineage found = new Lineage(ledgerId, footer.branches());
    if (!ledgerId.equals(own.ledgerId())
        || !own.has(footer.branches(), header.op())
        || !header.branchId().equals(found.current().id())
        || header.epoch() != found.current().epoch()) {
      throw JournalFaults.wrongLineage(named, found, own);
    }
  }
}

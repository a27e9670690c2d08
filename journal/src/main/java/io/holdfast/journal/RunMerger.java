package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Merges runs that follow each other into one of the next level: the same file as if it had been
 * made of all their ops at once. It reads each run once from its beginning to its end, a block at a
 * time. For one thread.
 */
final class RunMerger {
  private final List<Run> runs;
  private final int count;

  private RunMerger(List<Run> runs) {
    this.runs = runs;
    this.count = runs.size();
  }

  /**
   * Writes the merged run, durably.
   *
   * @param adjacent the oldest first; held by the caller
   * @param pace is told how many bytes went to the file, and may wait
   */
  static Path merge(
      Disk disk,
      Path directory,
      List<Run> adjacent,
      DataKey dataKey,
      UInt128 ledgerId,
      LongConsumer pace)
      throws IOException {
    RunHeader header = header(adjacent, dataKey, ledgerId);
    RunMerger merger = new RunMerger(adjacent);
    try (RunWriter writer = new RunWriter(disk, directory, header, dataKey, pace)) {
      merger.ops(writer.ops());
      merger.ids(writer.beginIds());
      merger.postings(writer.beginPostings());
      return writer.finish();
    }
  }

  private static RunHeader header(List<Run> runs, DataKey dataKey, UInt128 ledgerId) {
    long movements = 0;
    long ids = 0;
    long postings = 0;
    int level = 0;
    Run before = null;
    for (Run run : runs) {
      Invariants.check(
          before == null || run.firstOp() == before.lastOp() + 1, "runs that merge are adjacent");
      movements += run.movements();
      ids += run.ids();
      postings += run.postings();
      level = Math.max(level, run.level());
      before = run;
    }
    Run first = runs.getFirst();
    return new RunHeader(
        dataKey.keyId(),
        ledgerId,
        level + 1,
        first.firstOp(),
        runs.getLast().lastOp(),
        first.firstMovement(),
        movements,
        ids,
        postings);
  }

  private void ops(OpsWriter to) throws IOException {
    for (Run run : runs) {
      RunCursor cursor = run.cursor();
      for (long op = run.firstOp(); op <= run.lastOp(); op++) {
        to.add(
            cursor.segment(op), cursor.offset(op), cursor.firstTimestamp(op), cursor.movements(op));
      }
    }
  }

  /** Takes the smallest id again and again; of equal ones that of the older run. */
  private void ids(IdsWriter to) throws IOException {
    IdsCursor[] cursors = new IdsCursor[count];
    for (int i = 0; i < count; i++) {
      IdsCursor cursor = new IdsCursor(runs.get(i).footer(), runs.get(i).reader());
      cursors[i] = cursor.first() ? cursor : null;
    }
    while (true) {
      int smallest = -1;
      for (int i = 0; i < count; i++) {
        if (cursors[i] != null
            && (smallest < 0
                || IdsCursor.less(
                    cursors[i].hi(),
                    cursors[i].lo(),
                    cursors[smallest].hi(),
                    cursors[smallest].lo()))) {
          smallest = i;
        }
      }
      if (smallest < 0) {
        return;
      }
      IdsCursor cursor = cursors[smallest];
      to.add(cursor.hi(), cursor.lo(), cursor.address());
      if (!cursor.next()) {
        cursors[smallest] = null;
      }
    }
  }

  /** Account after account, of each all postings in order of the runs. */
  private void postings(PostingsWriter to) throws IOException {
    PostingsScan[] scans = new PostingsScan[count];
    for (int i = 0; i < count; i++) {
      scans[i] = new PostingsScan(runs.get(i));
    }
    while (true) {
      int account = Integer.MAX_VALUE;
      boolean any = false;
      for (PostingsScan scan : scans) {
        if (!scan.isAtEnd()) {
          account = Math.min(account, scan.account());
          any = true;
        }
      }
      if (!any) {
        return;
      }
      for (PostingsScan scan : scans) {
        while (!scan.isAtEnd() && scan.account() == account) {
          scan.copy(to);
          scan.step();
        }
      }
    }
  }

  /** Walks over all postings of a run as they are stored. */
  private static final class PostingsScan {
    private final PostingsBlock block;
    private final int blocks;
    private int at;
    private int row;

    PostingsScan(Run run) throws IOException {
      this.block = new PostingsBlock(run.footer(), run.reader());
      this.blocks = run.footer().postings().blocks();
      if (blocks > 0) {
        block.load(0);
      }
    }

    boolean isAtEnd() {
      return at == blocks;
    }

    int account() {
      return block.account(row);
    }

    void step() throws IOException {
      row++;
      if (row == block.rows()) {
        row = 0;
        at++;
        if (at < blocks) {
          block.load(at);
        }
      }
    }

    void copy(PostingsWriter to) throws IOException {
      to.add(
          block.account(row),
          block.address(row),
          block.credit(row),
          block.kind(row),
          block.amountHi(row),
          block.amountLo(row),
          block.releasedHi(row),
          block.releasedLo(row));
    }
  }
}

package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Opens the index of a journal at start. An index is no more than what the journal says, so one
 * that is missing, incomplete or damaged stops nothing: runs that cannot be used are deleted, and
 * what the newest checkpoint needs is made anew.
 */
final class IndexOpening {
  private static final long TOLD_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Journal.Setup setup;
  private final long lastOp;
  private final Consumer<String> told;
  private final List<Run> runs = new ArrayList<>();

  private IndexOpening(Journal.Setup setup, long lastOp, Consumer<String> told) {
    this.setup = setup;
    this.lastOp = lastOp;
    this.told = told;
  }

  /**
   * Opens the runs that can be used, and makes those that are missing.
   *
   * @param lastOp of the journal; a run that tells of later ones cannot be used
   * @param told of what was not as it should be, and of what takes long
   * @throws HoldfastException codes {@code wrong-data-key}, {@code format-unknown}, {@code
   *     journal-damaged}
   */
  static OpenRuns open(Journal.Setup setup, long lastOp, Consumer<String> told) throws IOException {
    IndexOpening opening = new IndexOpening(setup, lastOp, told);
    try {
      opening.openUsable();
    } catch (IOException | RuntimeException e) {
      for (Run run : opening.runs) {
        run.close();
      }
      throw e;
    }
    OpenRuns runs = new OpenRuns(opening.runs);
    try {
      opening.rebuild(runs);
      return runs;
    } catch (IOException | RuntimeException e) {
      runs.close();
      throw e;
    }
  }

  private void openUsable() throws IOException {
    Disk disk = setup.disk();
    Path directory = setup.indexDirectory();
    disk.createDirectories(directory);
    RunFiles.Choice choice = RunFiles.choose(disk.list(directory));
    for (Path file : choice.obsolete()) {
      disk.delete(file);
    }
    List<Path> unusable = new ArrayList<>(choice.unfit());
    String why = choice.why();
    for (Path file : choice.runs()) {
      String fault = openRun(file);
      if (!fault.isEmpty()) {
        unusable.addAll(0, choice.runs().subList(runs.size(), choice.runs().size()));
        why = fault;
        break;
      }
    }
    if (!unusable.isEmpty()) {
      told.accept(
          "the index is used up to op " + indexedOp() + " only, and made anew from there: " + why);
      for (Path file : unusable.reversed()) {
        disk.delete(file);
      }
      disk.syncDirectory(directory);
    }
  }

  /** Says why a run cannot be used; nothing if it can. */
  private String openRun(Path file) throws IOException {
    try {
      Run run = Run.open(setup.disk(), file, setup.dataKey(), setup.lineage().ledgerId());
      if (run.lastOp() > lastOp) {
        run.close();
        return file + " tells of op " + run.lastOp() + ", but the journal ends with " + lastOp;
      }
      runs.add(run);
      return "";
    } catch (HoldfastException e) {
      if (e.code().equals(IndexFaults.DAMAGED)) {
        return e.message();
      }
      throw e;
    }
  }

  private long indexedOp() {
    return runs.isEmpty() ? 0 : runs.getLast().lastOp();
  }

  /** A checkpoint can be begun with only where the index tells of all before it. */
  private void rebuild(OpenRuns open) throws IOException {
    long needed = 0;
    for (Path file : CheckpointFiles.newestFirst(setup.disk(), setup.checkpointDirectory())) {
      long op = CheckpointFiles.op(file);
      needed = op <= lastOp ? Math.max(needed, op) : needed;
    }
    long upTo = needed;
    if (open.lastOp() >= upTo) {
      return;
    }
    told.accept("the index ends with op " + open.lastOp() + "; making it up to op " + upTo);
    long[] next = {System.nanoTime() + TOLD_EVERY_NANOS};
    IndexRebuild rebuild =
        new IndexRebuild(
            setup.disk(),
            setup.directory(),
            setup.indexDirectory(),
            setup.dataKey(),
            setup.lineage().ledgerId(),
            open,
            setup.generationWeight());
    rebuild.upTo(
        upTo,
        entry -> {
          if (System.nanoTime() > next[0]) {
            next[0] = System.nanoTime() + TOLD_EVERY_NANOS;
            told.accept("making the index: op " + entry.op() + " of " + upTo);
          }
        });
    rebuild.rest(); // the checkpoint fell on the end of a generation of another size
    told.accept("the index was made up to op " + open.lastOp());
  }
}

package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the whole index of a stopped node anew, from its journal alone, beside the one there is:
 * that is given up only when the new one is whole. Whenever it is interrupted it can be begun
 * again, and a node can be started, which makes what is missing then.
 */
public final class Reindex {
  private final Disk disk;
  private final Path index;
  private final Path beside;

  private Reindex(Disk disk, Path index) {
    this.disk = disk;
    this.index = index;
    this.beside = index.resolveSibling(index.getFileName() + ".new");
  }

  /** Who is told how far it is. */
  @FunctionalInterface
  public interface Progress {
    void at(long op, long lastOp);
  }

  /**
   * What was made.
   *
   * @param lastOp the last op that a run tells of; those after it have their run when their
   *     generation is complete
   */
  public record Made(int runs, long lastOp, long journalLastOp, long sizeBytes) {}

  /**
   * Makes it.
   *
   * @param journal directory of the segments
   * @param index directory of the runs
   * @param generationWeight how much happens in a generation of the node's ledger; with another the
   *     index tells the same, in other files than those of the other nodes
   * @throws HoldfastException codes {@code journal-damaged}, {@code wrong-data-key}, {@code
   *     format-unknown}, {@code disk-full}, {@code disk-failed}
   */
  public static Made run(
      Disk disk, Path journal, Path index, DataKey dataKey, long generationWeight, Progress told) {
    try {
      return new Reindex(disk, index).make(journal, dataKey, generationWeight, told);
    } catch (IOException e) {
      throw DiskFaults.coded(e, index);
    }
  }

  private Made make(Path journal, DataKey dataKey, long weight, Progress told) throws IOException {
    List<Path> segments = SegmentFiles.list(disk, journal);
    if (segments.isEmpty()) {
      throw JournalFaults.damaged(journal, 0, "it holds no segment");
    }
    UInt128 ledgerId;
    try (SegmentReader reader = SegmentReader.open(disk, segments.getFirst(), dataKey)) {
      if (reader.header() == null) {
        throw JournalFaults.damaged(segments.getFirst(), 0, "its header is not whole");
      }
      ledgerId = reader.header().ledgerId();
    }
    long lastOp = new JournalVerifier(disk, dataKey).describe(segments.getLast()).lastOp();
    disk.createDirectories(beside);
    clear(beside);
    try (OpenRuns runs = new OpenRuns(List.of())) {
      new IndexRebuild(disk, journal, beside, dataKey, ledgerId, runs, weight)
          .upTo(lastOp, entry -> told.at(entry.op(), lastOp));
      long bytes = runs.all().stream().mapToLong(Run::sizeBytes).sum();
      Made made = new Made(runs.all().size(), runs.lastOp(), lastOp, bytes);
      exchange();
      return made;
    }
  }

  /**
   * The old runs go from the newest, the new ones come from the oldest: no gap ever looks whole.
   */
  private void exchange() throws IOException {
    disk.createDirectories(index);
    clear(index);
    for (Path file : disk.list(beside)) {
      disk.move(file, index.resolve(String.valueOf(file.getFileName())));
    }
    disk.syncDirectory(index);
    disk.syncDirectory(beside);
  }

  private void clear(Path directory) throws IOException {
    RunFiles.Choice choice = RunFiles.choose(disk.list(directory));
    List<Path> all = new ArrayList<>(choice.obsolete());
    all.addAll(choice.unfit().reversed());
    all.addAll(choice.runs().reversed());
    for (Path file : all) {
      disk.delete(file);
    }
    disk.syncDirectory(directory);
  }
}

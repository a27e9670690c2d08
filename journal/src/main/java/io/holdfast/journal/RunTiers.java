package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Adds runs to those of a directory and merges eight of a level into one of the next. Which go
 * together depends on their ops alone, so the files of all nodes become the same. While a large
 * merge goes on, smaller ones that fall due are done in between, so that the runs that a look-up
 * has to ask stay few. One thread adds, one merges; they may be the same.
 */
final class RunTiers {
  /** Runs that are merged at a time: a look-up then asks at most seven of each level. */
  static final int MERGED = 8;

  private final Disk disk;
  private final Path directory;
  private final DataKey dataKey;
  private final UInt128 ledgerId;
  private final OpenRuns runs;

  RunTiers(Disk disk, Path directory, DataKey dataKey, UInt128 ledgerId, OpenRuns runs) {
    this.disk = disk;
    this.directory = directory;
    this.dataKey = dataKey;
    this.ledgerId = ledgerId;
    this.runs = runs;
  }

  /** Writes what was collected as the newest run. */
  void add(RunBuilder builder) throws IOException {
    add(builder, 0);
  }

  /** As the other, of any level: the run that merging those of the level below would give. */
  void add(RunBuilder builder, int level) throws IOException {
    Path file = builder.write(disk, directory, dataKey, ledgerId, level);
    runs.add(Run.open(disk, file, dataKey, ledgerId));
  }

  /**
   * Merges from the lowest level upwards for as long as there are enough runs of one.
   *
   * @param cancelled whether to give up; what was not finished, the next start deletes
   */
  void merge(BooleanSupplier cancelled) throws IOException {
    try {
      mergeBelow(Integer.MAX_VALUE, cancelled);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (Cancelled e) {
      return;
    }
  }

  private void mergeBelow(int level, BooleanSupplier cancelled) throws IOException {
    List<Run> due = due(runs.all());
    while (!due.isEmpty() && due.getFirst().level() < level) {
      Path file = merge(due, cancelled);
      runs.replace(due, Run.open(disk, file, dataKey, ledgerId));
      due = due(runs.all());
    }
  }

  /**
   * The oldest eight of the lowest level that has as many. Levels fall from the oldest run to the
   * newest.
   */
  static List<Run> due(List<Run> all) {
    int end = all.size();
    while (end > 0) {
      int level = all.get(end - 1).level();
      int from = end;
      while (from > 0 && all.get(from - 1).level() == level) {
        from--;
      }
      if (end - from >= MERGED) {
        return all.subList(from, from + MERGED);
      }
      end = from;
    }
    return List.of();
  }

  private Path merge(List<Run> due, BooleanSupplier cancelled) throws IOException {
    int level = due.getFirst().level();
    return RunMerger.merge(
        disk, directory, due, dataKey, ledgerId, _ -> whileMerging(level, cancelled));
  }

  private void whileMerging(int level, BooleanSupplier cancelled) {
    if (cancelled.getAsBoolean()) {
      throw new Cancelled();
    }
    try {
      mergeBelow(level, cancelled);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The merge that goes on is given up. */
  private static final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Opens the run of a file that was replaced. */
  void reopen(Path file) throws IOException {
    for (Run run : runs.all()) {
      if (run.file().getFileName().equals(file.getFileName())) {
        runs.swap(run, Run.open(disk, file, dataKey, ledgerId));
      }
    }
  }
}

package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Adds runs to those of a directory and merges eight of a level into one of the next. Levels fall
 * from the oldest run to the newest, and what is merged are always the newest: so each node merges
 * the same ops. For one thread.
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
    Path file = builder.write(disk, directory, dataKey, ledgerId);
    runs.add(Run.open(disk, file, dataKey, ledgerId));
  }

  /**
   * Merges from the lowest level upwards for as long as there are enough runs of one.
   *
   * @param cancelled whether to stop after the merge that is going on
   */
  void merge(BooleanSupplier cancelled) throws IOException {
    while (true) {
      List<Run> newest = newestOfOneLevel(runs.all());
      if (newest.size() < MERGED || cancelled.getAsBoolean()) {
        return;
      }
      List<Run> merged = newest.subList(0, MERGED);
      Path file = merge(merged);
      runs.replace(merged, Run.open(disk, file, dataKey, ledgerId));
    }
  }

  private Path merge(List<Run> merged) throws IOException {
    try {
      return RunMerger.merge(disk, directory, merged, dataKey, ledgerId, bytes -> {});
    } catch (HoldfastException e) {
      if (e.code().equals(IndexFaults.DAMAGED)) {
        setAsideDamaged(merged);
      }
      throw e;
    }
  }

  private void setAsideDamaged(List<Run> suspects) throws IOException {
    for (Run suspect : suspects) {
      try {
        RunScan.of(suspect, new IdHash(dataKey, ledgerId));
      } catch (HoldfastException e) {
        throw suspect.setAsideIfDamaged(e);
      }
    }
  }

  private static List<Run> newestOfOneLevel(List<Run> all) {
    List<Run> newest = new ArrayList<>();
    for (Run run : all.reversed()) {
      if (run.level() != all.getLast().level()) {
        break;
      }
      newest.addFirst(run);
    }
    return newest;
  }
}

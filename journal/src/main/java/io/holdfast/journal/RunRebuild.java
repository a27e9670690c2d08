package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Makes one run of an index anew, from the journal alone, while the node goes on: the same bytes as
 * it had. It reads all entries up to the run's last op at a limited rate, and keeps one generation
 * in memory, and the id of each account. For one thread.
 */
public final class RunRebuild {
  private static final String MADE = "made";

  /** Leaves most of a disk to the payments. */
  private static final long BYTES_PER_SECOND = 64L << 20;

  private final Disk disk;
  private final JournalPlaces places;
  private final DataKey dataKey;
  private final UInt128 ledgerId;
  private final long generationWeight;

  /**
   * @param generationWeight how much happens in a generation of the node's ledger
   */
  public RunRebuild(
      Disk disk, JournalPlaces places, DataKey dataKey, UInt128 ledgerId, long generationWeight) {
    this.disk = disk;
    this.places = places;
    this.dataKey = dataKey;
    this.ledgerId = ledgerId;
    this.generationWeight = generationWeight;
  }

  /** What came of it: the file, durable, but not in its place; or why there is none. */
  public sealed interface Result {
    record Made(Path file) implements Result {}

    record NotMade(String why) implements Result {}
  }

  /**
   * Makes the run that has this name.
   *
   * @param stopped whether to give up
   * @throws io.holdfast.kernel.HoldfastException codes {@code journal-damaged} and those of the
   *     disk
   */
  public Result make(String name, BooleanSupplier stopped) throws IOException {
    long firstOp = StoredFile.opOf(name);
    long lastOp = StoredFile.lastOpOfRun(name);
    Path made = places.runs().resolve(MADE);
    disk.createDirectories(made);
    clear(made);
    Pace pace = new Pace(BYTES_PER_SECOND);
    try (OpenRuns runs = new OpenRuns(List.of(), firstOp - 1)) {
      IndexRebuild rebuild =
          new IndexRebuild(
              disk, places.segments(), made, dataKey, ledgerId, runs, generationWeight);
      rebuild.upTo(
          lastOp,
          entry -> {
            if (stopped.getAsBoolean()) {
              throw new CancellationException();
            }
            pace.accept(entry.sizeBytes());
          });
      rebuild.rest(); // one that was made for a checkpoint may end within a generation
      List<Run> all = runs.all();
      Path file = made.resolve(name);
      if (all.size() == 1 && all.getFirst().file().getFileName().equals(file.getFileName())) {
        return new Result.Made(file);
      }
      return new Result.NotMade(
          "it was made of generations of another size, the next start makes it anew");
    } catch (CancellationException e) {
      return new Result.NotMade("the node stops");
    }
  }

  private void clear(Path directory) throws IOException {
    for (Path left : disk.list(directory)) {
      disk.delete(left);
    }
  }
}

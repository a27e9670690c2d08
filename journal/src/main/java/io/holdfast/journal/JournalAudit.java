package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.FrozenState;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal as a whole and compares with it what was made from it: every row of its index,
 * and the chain in each of its checkpoints, whose pages must give their root. Works on a stopped
 * node or a running one; it writes nothing. Memory: the id of each account.
 */
public final class JournalAudit {
  /** A node may merge runs while they are opened here. */
  private static final int ATTEMPTS = 10;

  private final Disk disk;
  private final DataKey dataKey;
  private final UInt128 ledgerId;
  private final IdHash hash;
  private final List<Run> runs = new ArrayList<>();
  private final List<CheckpointReader> checkpoints = new ArrayList<>();
  private final List<IndexRun> foundRuns = new ArrayList<>();
  private final List<CheckpointFile> foundCheckpoints = new ArrayList<>();
  private final Map<Long, byte[]> chains = new HashMap<>();
  private final EntryVisits visits = new EntryVisits();
  private final OpPlaces places = new OpPlaces();
  private RowSums expected = new RowSums();
  private int run; // the one that is being compared
  private long nextOp = 1;
  private long movements; // before the run that is being compared
  private long movementsHere;
  private boolean complete = true;

  private JournalAudit(Disk disk, DataKey dataKey, UInt128 ledgerId) {
    this.disk = disk;
    this.dataKey = dataKey;
    this.ledgerId = ledgerId;
    this.hash = new IdHash(dataKey, ledgerId);
  }

  /** What was found. */
  public record Result(
      List<JournalSegment> segments, List<IndexRun> runs, List<CheckpointFile> checkpoints) {

    /** Whether nothing is wrong with any of it. */
    public boolean isWhole() {
      return segments.stream().allMatch(segment -> segment.fault() == null)
          && runs.stream().allMatch(run -> run.fault() == null)
          && checkpoints.stream().allMatch(checkpoint -> checkpoint.fault() == null);
    }
  }

  /**
   * Reads everything.
   *
   * @param segments of the journal, all of them
   * @param index directory of the runs
   * @param checkpoints directory of the checkpoints
   * @param seen is told of each segment as soon as it is done
   * @throws HoldfastException codes {@code wrong-data-key}, {@code format-unknown}
   */
  public static Result verify(
      Disk disk,
      List<Path> segments,
      Path index,
      Path checkpoints,
      DataKey dataKey,
      Consumer<JournalSegment> seen)
      throws IOException {
    JournalAudit audit = new JournalAudit(disk, dataKey, ledgerId(disk, segments, dataKey));
    try {
      audit.openRuns(index);
      audit.openCheckpoints(checkpoints);
      List<JournalSegment> found =
          new JournalVerifier(disk, dataKey).verify(segments, seen, audit::entry);
      boolean journalIsWhole =
          audit.complete && found.stream().allMatch(segment -> segment.fault() == null);
      audit.compareRest(journalIsWhole);
      audit.compareCheckpoints(journalIsWhole);
      return new Result(found, audit.foundRuns, audit.foundCheckpoints);
    } finally {
      audit.close();
    }
  }

  /**
   * What runs and checkpoints say about themselves, without reading all of them.
   *
   * @param segments of the journal, all of them
   */
  public static Result describe(
      Disk disk, List<Path> segments, Path index, Path checkpoints, DataKey dataKey)
      throws IOException {
    JournalAudit audit = new JournalAudit(disk, dataKey, ledgerId(disk, segments, dataKey));
    try {
      audit.openRuns(index);
      audit.openCheckpoints(checkpoints);
      for (int i = 0; i < audit.runs.size(); i++) {
        audit.foundRuns.add(i, IndexRun.of(audit.runs.get(i), null));
      }
      for (CheckpointReader each : audit.checkpoints) {
        audit.foundCheckpoints.add(CheckpointFile.of(each.file(), each.checkpoint(), null));
      }
      JournalVerifier verifier = new JournalVerifier(disk, dataKey);
      List<JournalSegment> found = new ArrayList<>();
      for (Path file : segments) {
        found.add(verifier.describe(file));
      }
      return new Result(found, audit.foundRuns, audit.foundCheckpoints);
    } finally {
      audit.close();
    }
  }

  private static UInt128 ledgerId(Disk disk, List<Path> segments, DataKey dataKey)
      throws IOException {
    for (Path file : segments) {
      try (SegmentReader reader = SegmentReader.open(disk, file, dataKey)) {
        if (reader.header() != null) {
          return reader.header().ledgerId();
        }
      }
    }
    return UInt128.ZERO;
  }

  private void openRuns(Path index) throws IOException {
    for (int attempt = 1; ; attempt++) {
      RunFiles.Choice choice = RunFiles.choose(disk.list(index));
      try {
        for (Path file : choice.runs()) {
          openRun(file);
        }
        choice.unfit().forEach(file -> foundRuns.add(IndexRun.unreadable(file, choice.why())));
        return;
      } catch (NoSuchFileException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        closeRuns();
        foundRuns.clear();
      }
    }
  }

  private void openRun(Path file) throws IOException {
    try {
      Run opened = Run.open(disk, file, dataKey, ledgerId);
      if (foundRuns.isEmpty()) {
        runs.add(opened);
      } else {
        opened.close(); // behind one that cannot be opened: made anew with it
        foundRuns.add(IndexRun.unreadable(file, "a run before it is damaged"));
      }
    } catch (HoldfastException e) {
      if (!e.code().equals(IndexFaults.DAMAGED)) {
        throw e;
      }
      foundRuns.add(IndexRun.unreadable(file, e.message()));
    }
  }

  private void openCheckpoints(Path directory) throws IOException {
    for (Path file : CheckpointFiles.newestFirst(disk, directory)) {
      try {
        checkpoints.add(CheckpointReader.open(disk, file, dataKey));
      } catch (HoldfastException e) {
        if (!e.code().equals("checkpoint-damaged")) {
          throw e;
        }
        foundCheckpoints.add(CheckpointFile.unreadable(file, e.message()));
      } catch (NoSuchFileException gone) {
        // The node has a newer one by now, and deleted this.
      }
    }
  }

  private void entry(Entry entry, SegmentReader at, Chain chain) throws IOException {
    complete &= entry.op() == nextOp;
    nextOp = entry.op() + 1;
    if (!complete) {
      return; // the accounts' numbers are not known any more
    }
    for (CheckpointReader checkpoint : checkpoints) {
      if (checkpoint.header().op() == entry.op()) {
        chains.put(entry.op(), chain.value());
      }
    }
    if (run == runs.size()) {
      visits.pass(entry);
      return;
    }
    places.add(entry.op(), SegmentFiles.firstOp(at.file()), at.entryOffset());
    visits.visit(entry, new GenerationRows(expected, places));
    places.forget(entry.op());
    movementsHere += EntryVisits.movements(entry);
    if (entry.op() == runs.get(run).lastOp()) {
      compareRun();
      movements += movementsHere;
      movementsHere = 0;
    }
  }

  private void compareRun() throws IOException {
    Run compared = runs.get(run++);
    String fault =
        compared.firstMovement() == movements
            ? fault(compared, expected)
            : compared.file() + ": it begins with movement " + compared.firstMovement();
    foundRuns.add(run - 1, IndexRun.of(compared, fault));
    expected = new RowSums();
  }

  private @Nullable String fault(Run compared, @Nullable RowSums by) throws IOException {
    try {
      RowSums rows = RunScan.of(compared, hash);
      String difference = by == null ? "" : rows.differenceFrom(by);
      return difference.isEmpty() ? null : compared.file() + ": " + difference;
    } catch (HoldfastException e) {
      return e.message();
    }
  }

  /** Runs of ops that the journal does not have, or that cannot be read there. */
  private void compareRest(boolean journalIsWhole) throws IOException {
    for (; run < runs.size(); run++) {
      Run rest = runs.get(run);
      String fault =
          journalIsWhole
              ? rest.file() + ": it tells of op " + rest.lastOp() + ", the journal ends before"
              : fault(rest, null);
      foundRuns.add(run, IndexRun.of(rest, fault));
    }
  }

  private void compareCheckpoints(boolean journalIsWhole) throws IOException {
    for (CheckpointReader checkpoint : checkpoints) {
      String fault = null;
      byte[] chain = chains.get(checkpoint.header().op());
      if (chain != null && !Arrays.equals(chain, checkpoint.footer().chain())) {
        fault = checkpoint.file() + ": its chain is not that of the journal after its op";
      } else if (chain == null && journalIsWhole) {
        fault = checkpoint.file() + ": the journal ends before its op";
      } else {
        fault = pagesFault(checkpoint);
      }
      foundCheckpoints.add(CheckpointFile.of(checkpoint.file(), checkpoint.checkpoint(), fault));
    }
  }

  private static @Nullable String pagesFault(CheckpointReader checkpoint) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(FrozenState.PAGE_BYTES, 8);
      for (int i = 0; i < checkpoint.header().pages(); i++) {
        checkpoint.read(page);
      }
      checkpoint.finish();
      return null;
    } catch (HoldfastException e) {
      return e.message();
    }
  }

  private void closeRuns() throws IOException {
    for (Run each : runs) {
      each.close();
    }
    runs.clear();
  }

  private void close() throws IOException {
    closeRuns();
    for (CheckpointReader each : checkpoints) {
      each.close();
    }
  }
}

package io.holdfast.journal;

import io.holdfast.journal.JournalSegment.Fault;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the logs of a directory and proves that they are what was written. Changes nothing; the
 * node that writes them may be running.
 */
public final class SiteLogReader {
  private final Disk disk;
  private final Path directory;
  private final DataKey dataKey;

  public SiteLogReader(Disk disk, Path directory, DataKey dataKey) {
    this.disk = disk;
    this.directory = directory;
    this.dataKey = dataKey;
  }

  /**
   * Which acts are asked for: the last ones that fit.
   *
   * @param kind a label; null for all kinds
   */
  public record Filter(long sinceNanos, @Nullable String kind, int count) {
    boolean takes(Act act) {
      return act.timeNanos() >= sinceNanos && (kind == null || act.kind().equals(kind));
    }
  }

  /** Whether a directory holds a file of a log. */
  public static boolean anyIn(Disk disk, Path directory) throws IOException {
    return !ActFiles.list(disk, directory).isEmpty();
  }

  /**
   * The last acts that fit, the oldest first; of damaged files those that are whole.
   *
   * @throws HoldfastException codes {@code wrong-data-key}, {@code disk-failed}
   */
  public List<Act> acts(Filter filter) {
    Deque<Act> found = new ArrayDeque<>();
    try {
      for (Path file : ActFiles.list(disk, directory).reversed()) {
        List<Act> acts = ActScan.of(disk, file, dataKey).acts();
        for (Act act : acts.reversed()) {
          if (filter.takes(act) && found.size() < filter.count()) {
            found.addFirst(act);
          }
        }
        boolean older = !acts.isEmpty() && acts.getFirst().timeNanos() < filter.sinceNanos();
        if (older || found.size() == filter.count()) {
          break;
        }
      }
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
    return List.copyOf(found);
  }

  /** Reads all files, the oldest first: every act is opened, the chain is computed anew. */
  public List<SiteLogFile> verify() throws IOException {
    List<SiteLogFile> files = new ArrayList<>();
    List<Path> paths = ActFiles.list(disk, directory);
    @Nullable ActScan before = null;
    for (int i = 0; i < paths.size(); i++) {
      Path path = paths.get(i);
      ActScan scan = ActScan.of(disk, path, dataKey);
      boolean last = i == paths.size() - 1;
      boolean begins = before == null || ActFiles.log(before.file()) != ActFiles.log(path);
      files.add(file(scan, fault(scan, begins ? null : before, last), last));
      before = scan;
    }
    return files;
  }

  private static @Nullable Fault fault(ActScan scan, @Nullable ActScan before, boolean last) {
    ActHeader header = scan.header();
    ActScan.Broken broken = scan.broken();
    if (broken != null && !(last && broken.unfinished())) {
      return new Fault(broken.offset(), broken.what());
    }
    if (header == null) {
      return null; // the node is making it, or stopped while it did
    }
    boolean joins =
        before == null
            ? header.first() == 1
                && Arrays.equals(
                    header.chainBefore(),
                    ActHeader.beginning(header.ledgerId(), header.logId(), header.node()))
            : header.first() == before.last() + 1
                && Arrays.equals(header.chainBefore(), before.chain())
                && before.header() != null
                && header.logId().equals(before.header().logId());
    if (!joins) {
      return new Fault(48, "it does not go on from what is before it: acts are missing");
    }
    return header.first() == ActFiles.first(scan.file())
        ? null
        : new Fault(48, "its name does not fit its header");
  }

  private static SiteLogFile file(ActScan scan, @Nullable Fault fault, boolean last) {
    ActHeader header = scan.header();
    return new SiteLogFile(
        scan.file(),
        ActFiles.log(scan.file()),
        header == null ? "" : header.logId().toHex(),
        header == null ? "" : header.node(),
        ActFiles.first(scan.file()),
        header == null ? ActFiles.first(scan.file()) - 1 : scan.last(),
        header == null ? "" : Chain.hex(scan.chain()),
        scan.sizeBytes(),
        scan.acts(),
        last && fault == null ? scan.sizeBytes() - scan.wholeUntil() : 0,
        fault);
  }
}

package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the files that lie in a directory reach: a journal can be opened with the segments from
 * op 1 on that follow each other, and with nothing behind a gap.
 *
 * @param lastOp of the segments from op 1 on that follow each other; 0 for none
 * @param checkpointOp of the newest checkpoint at or before that op; 0 for none
 * @param beyond segments that lie behind a gap, the oldest first
 */
public record JournalReach(long lastOp, long checkpointOp, List<Path> beyond) {
  public JournalReach {
    beyond = List.copyOf(beyond);
  }

  /** Looks at the ends of sealed segments, and reads the one that is not sealed. */
  static JournalReach of(Disk disk, JournalPlaces places, DataKey dataKey) throws IOException {
    List<Path> segments = SegmentFiles.list(disk, places.segments());
    long lastOp = 0;
    int joined = 0;
    boolean sealed = true;
    while (sealed
        && joined < segments.size()
        && SegmentFiles.firstOp(segments.get(joined)) == lastOp + 1) {
      Path file = segments.get(joined);
      SegmentTrailer trailer = trailer(disk, file, dataKey);
      sealed = trailer != null;
      lastOp = trailer == null ? lastOpOfOpen(disk, file, dataKey, lastOp) : trailer.lastOp();
      joined++;
    }
    return new JournalReach(
        lastOp,
        checkpointOp(disk, places.checkpoints(), lastOp),
        segments.subList(joined, segments.size()));
  }

  private static @Nullable SegmentTrailer trailer(Disk disk, Path file, DataKey dataKey)
      throws IOException {
    try (SegmentReader reader = SegmentReader.open(disk, file, dataKey)) {
      return reader.trailer();
    }
  }

  private static long lastOpOfOpen(Disk disk, Path file, DataKey dataKey, long before)
      throws IOException {
    SegmentScan scan = SegmentScan.of(disk, file, dataKey, (entry, reader, chain) -> {});
    return scan == null ? before : scan.lastOp();
  }

  private static long checkpointOp(Disk disk, Path directory, long lastOp) throws IOException {
    return CheckpointFiles.newestFirst(disk, directory).stream()
        .mapToLong(CheckpointFiles::op)
        .filter(op -> op <= lastOp)
        .findFirst()
        .orElse(0);
  }
}

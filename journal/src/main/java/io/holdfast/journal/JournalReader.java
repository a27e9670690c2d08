package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal entry by entry over all its segments. Damage anywhere is an error, never an end;
 * a tail that is still being written, with nothing whole behind it, is an end. For one thread.
 */
public final class JournalReader implements AutoCloseable {
  private final Disk disk;
  private final DataKey dataKey;
  private final Iterator<Path> files;
  private @Nullable SegmentReader segment;
  private long nextOp;

  private JournalReader(Disk disk, DataKey dataKey, List<Path> files, long fromOp) {
    this.disk = disk;
    this.dataKey = dataKey;
    this.files = files.iterator();
    this.nextOp = fromOp;
  }

  /** Opens the journal in a directory. */
  static JournalReader open(Disk disk, Path directory, DataKey dataKey, long fromOp)
      throws IOException {
    return of(disk, SegmentFiles.list(disk, directory), dataKey, fromOp);
  }

  /**
   * Reads segments that follow each other.
   *
   * @param fromOp the first op to read; when it lies before them, nothing is read
   */
  public static JournalReader of(Disk disk, List<Path> files, DataKey dataKey, long fromOp) {
    int first = 0;
    while (first + 1 < files.size() && SegmentFiles.firstOp(files.get(first + 1)) <= fromOp) {
      first++;
    }
    boolean within = !files.isEmpty() && SegmentFiles.firstOp(files.get(first)) <= fromOp;
    return new JournalReader(
        disk, dataKey, within ? files.subList(first, files.size()) : List.of(), fromOp);
  }

  /** The first op of segments that follow each other, as their names tell. */
  public static long firstOp(List<Path> files) {
    return SegmentFiles.firstOp(files.getFirst());
  }

  /**
   * The next entry; null after the last one.
   *
   * @throws HoldfastException code {@code journal-damaged}
   */
  public @Nullable Entry next() throws IOException {
    while (true) {
      if (segment == null) {
        if (!files.hasNext()) {
          return null;
        }
        segment = SegmentReader.open(disk, files.next(), dataKey);
      }
      Entry entry = segment.next();
      if (entry == null) {
        if (segment.ending() instanceof SegmentReader.Ending.Broken(long at, String what)) {
          if (files.hasNext()
              || FrameSearch.anyBetween(disk, segment.file(), at + 1, segment.sizeBytes())) {
            throw JournalFaults.damaged(segment.file(), at, what);
          }
        }
        segment.close();
        segment = null;
      } else if (entry.op() == nextOp) {
        nextOp++;
        return entry;
      } else if (entry.op() > nextOp) {
        throw JournalFaults.damaged(
            segment.file(), 0, "it begins with op " + entry.op() + ", not " + nextOp);
      }
    }
  }

  /** The first op of the segment that holds the entry given out last. */
  long segment() {
    return SegmentFiles.firstOp(open().file());
  }

  /** Where in its segment the entry given out last begins. */
  long offset() {
    return open().entryOffset();
  }

  private SegmentReader open() {
    if (segment == null) {
      throw new IllegalStateException("nothing was read");
    }
    return segment;
  }

  @Override
  public void close() throws IOException {
    if (segment != null) {
      segment.close();
    }
  }
}

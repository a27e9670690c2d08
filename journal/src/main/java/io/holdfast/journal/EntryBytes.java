package io.holdfast.journal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.Invariants;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bytes of stored entries by their places, frame by frame. Keeps the segments and the frames
 * that it opened last. For one thread.
 */
final class EntryBytes implements AutoCloseable {
  private static final int SEGMENTS = 8;
  private static final int FRAMES = 8;

  private final Disk disk;
  private final Path directory;
  private final DataKey dataKey;
  private final Map<Long, SegmentFrames> segments = new LinkedHashMap<>(16, 0.75f, true);
  private final byte[][] frames = new byte[FRAMES][];
  private final long[] frameSegments = new long[FRAMES];
  private final long[] frameOffsets = new long[FRAMES];
  private final int[] frameLengths = new int[FRAMES];
  private int oldest;
  private int newest;
  private long segment;
  private long offset;
  private long op;

  EntryBytes(Disk disk, Path directory, DataKey dataKey) {
    this.disk = disk;
    this.directory = directory;
    this.dataKey = dataKey;
    Arrays.fill(frameOffsets, -1);
  }

  /** Turns to the entry of an op that begins at {@code offset} of the segment of that first op. */
  void turnTo(long itsSegment, long itsOffset, long itsOp) {
    segment = itsSegment;
    offset = itsOffset;
    op = itsOp;
  }

  /** Copies from the entry, from {@code at} on, to the beginning of {@code to}. */
  void copy(long at, MemorySegment to, int length) throws IOException {
    int done = 0;
    while (done < length) {
      long from = at + done;
      int frame = frame(from / FrameLayout.CONTENT_BYTES_MAX);
      int within = (int) (from % FrameLayout.CONTENT_BYTES_MAX);
      int part = Math.min(length - done, frameLengths[frame] - within);
      Invariants.check(part > 0, "what is read of an entry lies in it", op, from);
      MemorySegment.copy(frames[frame], within, to, JAVA_BYTE, done, part);
      done += part;
    }
  }

  /** Where the frame of this number within the entry is kept. */
  private int frame(long number) throws IOException {
    long at = offset + number * FrameLayout.FRAME_BYTES_MAX;
    if (frameOffsets[newest] == at && frameSegments[newest] == segment) {
      return newest;
    }
    for (int i = 0; i < FRAMES; i++) {
      if (frameOffsets[i] == at && frameSegments[i] == segment) {
        newest = i;
        return i;
      }
    }
    int slot = oldest;
    oldest = (oldest + 1) % FRAMES;
    if (frames[slot] == null) {
      frames[slot] = new byte[FrameLayout.CONTENT_BYTES_MAX];
    }
    frameOffsets[slot] = -1;
    frameLengths[slot] = segment().read(at, op, frames[slot]);
    frameOffsets[slot] = at;
    frameSegments[slot] = segment;
    newest = slot;
    return slot;
  }

  private SegmentFrames segment() throws IOException {
    SegmentFrames open = segments.get(segment);
    if (open == null) {
      if (segments.size() == SEGMENTS) {
        Map.Entry<Long, SegmentFrames> eldest = segments.entrySet().iterator().next();
        eldest.getValue().close();
        segments.remove(eldest.getKey());
      }
      open = SegmentFrames.open(disk, SegmentFiles.file(directory, segment), dataKey);
      segments.put(segment, open);
    }
    return open;
  }

  @Override
  public void close() throws IOException {
    for (SegmentFrames open : segments.values()) {
      open.close();
    }
    segments.clear();
  }
}

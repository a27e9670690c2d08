package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The look at the stored log before consensus opens it. Ratis drops whatever it can't read at the
 * end of the last segment, and a flipped length there looks like an end; acknowledged entries would
 * vanish while the node's vote stays. So this scan checks every entry first: a true torn tail, with
 * nothing valid after it and not below the durable pointer, is cut off; anything else refuses to
 * start.
 *
 * <p>A segment file is {@code RaftLog1}, then entries: length as a varint, that many bytes, CRC-32C
 * of both, big-endian; zeros may follow in the last one. Each entry begins with its term and index.
 */
final class LogScan {
  private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");
  private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");

  private LogScan() {}

  /**
   * What was found.
   *
   * @param firstIndex index of the first entry; 0 in an empty log
   * @param lastIndex index of the last entry; -1 in an empty log
   * @param cutBytes bytes of a torn tail that were cut off
   */
  record Result(long entries, long firstIndex, long lastIndex, long bytes, long cutBytes) {}

  record Segment(Path file, long firstIndex, long lastIndex, boolean open) {}

  /**
   * Scans the log in {@code current}, the group's directory below Ratis' storage.
   *
   * @param durable the last entry known to have been on disk; null when the node never started
   */
  static Result scan(Path current, @Nullable Progress durable) {
    return scan(current, durable, -1);
  }

  /**
   * As {@link #scan(Path, Progress)}.
   *
   * @param coveredIndex the last entry that the journal has, so that the log need not; -1 for none
   */
  static Result scan(Path current, @Nullable Progress durable, long coveredIndex) {
    List<Segment> segments = segments(current);
    if (durable != null
        && durable.index() >= 0
        && segments.isEmpty()
        && !Files.exists(current.resolve("raft-meta"))) {
      throw lost("there is neither a log nor a vote in " + current, durable);
    }
    if (durable != null && durable.index() > coveredIndex && segments.isEmpty()) {
      throw lost("there is no log in " + current, durable);
    }
    long entries = 0;
    long bytes = 0;
    long cut = 0;
    long first = segments.isEmpty() ? 0 : segments.getFirst().firstIndex();
    long expected = first;
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (segment.firstIndex() != expected) {
        throw damaged(
            segment.file(),
            0,
            "it begins with entry " + segment.firstIndex() + ", not " + expected);
      }
      boolean last = i == segments.size() - 1;
      SegmentScan scan = SegmentScan.of(segment.file(), expected, last && segment.open());
      if (!segment.open() && scan.nextIndex() != segment.lastIndex() + 1) {
        throw damaged(
            segment.file(),
            scan.endOffset(),
            "it ends with entry " + (scan.nextIndex() - 1) + ", not " + segment.lastIndex());
      }
      cut += scan.tornBytes();
      if (scan.tornBytes() > 0) {
        checkPointer(scan.nextIndex() - 1, durable);
        truncate(segment.file(), scan.endOffset());
      }
      entries += scan.nextIndex() - expected;
      bytes += scan.endOffset();
      expected = scan.nextIndex();
    }
    checkPointer(Math.max(expected - 1, coveredIndex), durable);
    return new Result(entries, first, expected - 1, bytes, cut);
  }

  /**
   * Removes a log that ends before what the journal covers: nothing could be appended behind it.
   * The vote stays.
   */
  static void removeUpTo(Path current, long coveredIndex) throws IOException {
    List<Segment> segments = segments(current);
    for (Segment segment : segments) {
      boolean open = segment.open();
      long last =
          open
              ? SegmentScan.of(segment.file(), segment.firstIndex(), true).nextIndex() - 1
              : segment.lastIndex();
      Invariants.check(
          last <= coveredIndex, "only what the journal covers is removed from the log");
    }
    for (Segment segment : segments) {
      Files.delete(segment.file());
    }
  }

  private static void checkPointer(long lastIndex, @Nullable Progress durable) {
    if (durable != null && lastIndex < durable.index()) {
      throw lost("the log ends with entry " + lastIndex, durable);
    }
  }

  static List<Segment> segments(Path current) {
    if (!Files.isDirectory(current)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(current)) {
      return files
          .map(LogScan::segment)
          .filter(java.util.Objects::nonNull)
          .sorted(Comparator.comparingLong(Segment::firstIndex))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Segments of the log that nothing more is written to. */
  record Closed(Path file, long firstIndex, long lastIndex) {
    /**
     * Reads it as a whole.
     *
     * @throws HoldfastException code {@code log-damaged}
     */
    void check() {
      SegmentScan scan = SegmentScan.of(file, firstIndex, false);
      if (scan.nextIndex() != lastIndex + 1) {
        throw damaged(file, scan.endOffset(), "it ends with entry " + (scan.nextIndex() - 1));
      }
    }
  }

  /** All closed segments, the oldest first. */
  static List<Closed> closed(Path current) {
    return segments(current).stream()
        .filter(segment -> !segment.open())
        .map(segment -> new Closed(segment.file(), segment.firstIndex(), segment.lastIndex()))
        .toList();
  }

  private static @Nullable Segment segment(Path file) {
    String name = file.getFileName().toString();
    Matcher closed = CLOSED.matcher(name);
    if (closed.matches()) {
      return new Segment(
          file, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2)), false);
    }
    Matcher open = OPEN.matcher(name);
    return open.matches() ? new Segment(file, Long.parseLong(open.group(1)), -1, true) : null;
  }

  private static void truncate(Path file, long size) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Maps a file for reading; an empty one gives an empty segment. */
  static MemorySegment map(Path file, Arena arena) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static HoldfastException damaged(Path file, long offset, String what) {
    return new HoldfastException(
        "log-damaged",
        file + " is damaged at byte " + offset + ": " + what,
        "nothing of it is served; the other nodes go on. Keep the file, check the disk");
  }

  private static HoldfastException lost(String what, Progress durable) {
    return new HoldfastException(
        "log-lost",
        what + ", but entry " + durable.index() + " was on this disk before",
        "the disk lost data or the directory was replaced by an older copy; this node must not vote"
            + " again under its name");
  }
}

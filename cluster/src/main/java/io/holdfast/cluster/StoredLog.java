package io.holdfast.cluster;

import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * The log of consensus of a stopped node, read without changing anything: a torn tail is passed
 * over, and cut off by nobody. Damage refuses, as at a start.
 *
 * @param firstIndex of the first entry; 0 in an empty log
 * @param lastIndex of the last entry; -1 in an empty log
 * @param lastTerm of the last entry; -1 in an empty log
 * @param batchesAfter how many batches of payments there are after a given entry
 * @param digestAfter SHA-256 over the entries after that one, as they are stored; 64 hex digits
 */
record StoredLog(
    long firstIndex, long lastIndex, long lastTerm, long batchesAfter, String digestAfter) {

  /**
   * Reads the log in {@code current}.
   *
   * @param afterIndex the last entry that the journal has
   */
  static StoredLog read(Path current, long afterIndex) {
    Summary summary = new Summary(afterIndex);
    long first = walk(current, summary);
    return new StoredLog(
        first,
        summary.last.length == 0 ? -1 : parse(summary.last).getIndex(),
        summary.last.length == 0 ? -1 : parse(summary.last).getTerm(),
        summary.batches,
        HexFormat.of().formatHex(summary.sha256.digest()));
  }

  /** Gives out every entry after the given one, in order. */
  static void entriesAfter(Path current, long afterIndex, Consumer<LogEntryProto> taker) {
    walk(
        current,
        (index, bytes) -> {
          if (index > afterIndex) {
            taker.accept(parse(bytes.toArray(ValueLayout.JAVA_BYTE)));
          }
        });
  }

  /** Visits all whole entries; returns the index of the first. */
  private static long walk(Path current, SegmentScan.Visitor visitor) {
    List<LogScan.Segment> segments = LogScan.segments(current);
    long first = segments.isEmpty() ? 0 : segments.getFirst().firstIndex();
    long expected = first;
    for (int i = 0; i < segments.size(); i++) {
      LogScan.Segment segment = segments.get(i);
      if (segment.firstIndex() != expected) {
        throw LogScan.damaged(
            segment.file(),
            0,
            "it begins with entry " + segment.firstIndex() + ", not " + expected);
      }
      boolean mayBeTorn = segment.open() && i == segments.size() - 1;
      SegmentScan scan = SegmentScan.of(segment.file(), expected, mayBeTorn, visitor);
      if (!segment.open() && scan.nextIndex() != segment.lastIndex() + 1) {
        throw LogScan.damaged(
            segment.file(),
            scan.endOffset(),
            "it ends with entry " + (scan.nextIndex() - 1) + ", not " + segment.lastIndex());
      }
      expected = scan.nextIndex();
    }
    return first;
  }

  private static LogEntryProto parse(byte[] entry) {
    try {
      return LogEntryProto.parseFrom(entry);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException("an entry that fits its checksum", e);
    }
  }

  /** Counts and digests; keeps the last entry, of which the log is asked for its term. */
  private static final class Summary implements SegmentScan.Visitor {
    private final long afterIndex;
    private final MessageDigest sha256;
    private long batches;
    private byte[] last = new byte[0];

    Summary(long afterIndex) {
      this.afterIndex = afterIndex;
      try {
        this.sha256 = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    @Override
    public void entry(long index, MemorySegment bytes) {
      last = bytes.toArray(ValueLayout.JAVA_BYTE);
      if (index > afterIndex) {
        sha256.update(last);
        batches += parse(last).hasStateMachineLogEntry() ? 1 : 0;
      }
    }
  }
}

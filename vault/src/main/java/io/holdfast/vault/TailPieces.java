package io.holdfast.vault;

import io.holdfast.journal.SegmentPiece;
import io.holdfast.journal.SegmentPieces;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.TailStream.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads from a journal what its next tail is made of: stretches of it that are synced. */
final class TailPieces {
  /** What one tail holds at most: the ends of a few segments and what follows. */
  private static final int PIECES_MAX = 64;

  private final BackupSource source;
  private final Disk disk;
  private final String repository;

  /**
   * @param repository what it is called, for messages
   */
  TailPieces(BackupSource source, Disk disk, String repository) {
    this.source = source;
    this.disk = disk;
    this.repository = repository;
  }

  /** The next stretches of the journal, up to a place; none when they would hold no op. */
  List<SegmentPiece> read(Place from, @Nullable Place until) {
    List<SegmentPiece> pieces = new ArrayList<>();
    Place place = from;
    while (sizeBytes(pieces) < TailStream.TAIL_BYTES && pieces.size() < PIECES_MAX) {
      SegmentPiece piece = piece(place, until);
      if (piece == null) {
        break;
      }
      pieces.add(piece);
      place = place.after(piece);
    }
    return place.nextOp() == from.nextOp() ? List.of() : pieces;
  }

  static long sizeBytes(List<SegmentPiece> pieces) {
    return pieces.stream().mapToLong(SegmentPiece::sizeBytes).sum();
  }

  private @Nullable SegmentPiece piece(Place place, @Nullable Place until) {
    long end =
        until != null && until.segmentFirstOp() == place.segmentFirstOp()
            ? until.offset()
            : Long.MAX_VALUE;
    if (place.offset() >= end) {
      return null;
    }
    try {
      BackupSource.Open open = source.open();
      if (open != null && firstOp(open.file()) == place.segmentFirstOp()) {
        long synced = Math.min(end, open.syncedBytes());
        return synced <= place.offset() ? null : read(open.file(), place.offset(), synced);
      }
      List<Path> sealed = source.sealedSegments();
      for (int i = sealed.size() - 1; i >= 0; i--) {
        long firstOp = firstOp(sealed.get(i));
        if (firstOp == place.segmentFirstOp()) {
          long size = Math.min(end, sizeBytes(sealed.get(i)));
          SegmentPiece piece = read(sealed.get(i), place.offset(), size);
          if (piece == null) {
            throw misplaced(place, "that segment ends before");
          }
          return piece;
        }
        if (firstOp < place.segmentFirstOp()) {
          break;
        }
      }
      boolean passed = !sealed.isEmpty() && firstOp(sealed.getLast()) > place.segmentFirstOp();
      if (passed || (open != null && firstOp(open.file()) > place.segmentFirstOp())) {
        throw misplaced(place, "no segment begins with op " + place.segmentFirstOp());
      }
      return null; // this node is behind the repository
    } catch (IOException e) {
      throw DiskFaults.coded(e, source.keys());
    }
  }

  private @Nullable SegmentPiece read(Path file, long from, long until) throws IOException {
    try (SegmentPieces pieces = SegmentPieces.open(disk, file, source.dataKey(), from, until)) {
      return pieces.next(TailStream.TAIL_BYTES);
    }
  }

  private long sizeBytes(Path file) throws IOException {
    try (var in = disk.openForReading(file)) {
      return in.sizeBytes();
    }
  }

  /** By the name that segments have: 20 digits. */
  private static long firstOp(Path segment) {
    String name = String.valueOf(segment.getFileName());
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  HoldfastException misplaced(Place place, String found) {
    return new HoldfastException(
        "stream-misplaced",
        repository
            + " ends before op "
            + place.nextOp()
            + " at byte "
            + place.offset()
            + " of the segment that begins with op "
            + place.segmentFirstOp()
            + "; in this node's journal "
            + found,
        "journal.segment-bytes must be the same on all nodes; a new backup lets the stream go on");
  }
}

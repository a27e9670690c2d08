package io.holdfast.vault;

import io.holdfast.journal.Lineage;
import io.holdfast.vault.BackupManifest.CheckpointRef;
import io.holdfast.vault.BackupManifest.Erasure;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import io.holdfast.vault.SourceFiles.SegmentFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a backup takes over from earlier ones and what it reads: decided from what the source has
 * and what earlier manifests say, and from nothing else. What is taken over is of the same file
 * (its head says so), of the history that both share, and will never change.
 *
 * @param parts one for each segment of the source
 * @param checkpoints that earlier backups have of this history, in order
 * @param erasures that earlier backups know of, in order
 */
record BackupPlan(List<Part> parts, List<CheckpointRef> checkpoints, List<Erasure> erasures) {
  /**
   * How much of the file a piece has at least, unless the file ends: a piece of this size is the
   * same in every backup.
   */
  static final int PIECE_BYTES = 4 << 20;

  BackupPlan {
    parts = List.copyOf(parts);
    checkpoints = List.copyOf(checkpoints);
    erasures = List.copyOf(erasures);
  }

  /**
   * A segment.
   *
   * @param reused its pieces up to {@code from}, by reference
   * @param from where reading begins; the file's size when there is nothing to read
   */
  record Part(SegmentFile file, List<PieceRef> reused, long from) {
    Part {
      reused = List.copyOf(reused);
    }

    long bytesToRead() {
      return file.sizeBytes() - from;
    }

    /** After what is taken over; empty when there is none, or none is known. */
    String chain() {
      return reused.isEmpty() ? "" : reused.getLast().chain();
    }

    /** Whether all of it is in the repository. */
    boolean done() {
      return bytesToRead() == 0;
    }
  }

  /** Where pieces begin. */
  private record Place(String head, long offset) {}

  /**
   * Decides.
   *
   * @param known manifests of the repository, of whatever ledger
   * @param pieceBytes {@link #PIECE_BYTES}
   * @param isThere whether the repository has an object, by its name
   */
  static BackupPlan of(
      SourceFiles source,
      Lineage lineage,
      String dataKeyId,
      List<BackupManifest> known,
      int pieceBytes,
      Predicate<String> isThere) {
    Map<Place, PieceRef> pieces = new HashMap<>();
    Map<String, Long> sealedSizes = new HashMap<>();
    TreeMap<Long, CheckpointRef> checkpoints = new TreeMap<>();
    TreeMap<Long, Erasure> erasures = new TreeMap<>();
    for (BackupManifest manifest : known) {
      long common = commonOp(manifest, lineage, dataKeyId);
      if (common == 0) {
        continue;
      }
      for (Segment segment : manifest.segments()) {
        collect(segment, common, pieces, sealedSizes);
      }
      for (CheckpointRef checkpoint : manifest.checkpoints()) {
        if (checkpoint.op() <= common
            && isThere.test(checkpoint.map())
            && checkpoint.objects().stream().allMatch(isThere)) {
          checkpoints.put(checkpoint.op(), checkpoint);
        }
      }
      for (Erasure erasure : manifest.erasures()) {
        if (erasure.op() <= common) {
          erasures.put(erasure.op(), erasure);
        }
      }
    }
    List<Part> parts = new ArrayList<>();
    for (SegmentFile file : source.segments()) {
      parts.add(part(file, pieces, sealedSizes.get(file.head()), pieceBytes, isThere));
    }
    return new BackupPlan(parts, List.copyOf(checkpoints.values()), List.copyOf(erasures.values()));
  }

  /** The last op of a manifest that is one of this history, too; 0 if there is none. */
  static long commonOp(BackupManifest manifest, Lineage lineage, String dataKeyId) {
    if (!manifest.ledgerId().equals(lineage.ledgerId().toHex())
        || !manifest.dataKeyId().equals(dataKeyId)) {
      return 0;
    }
    Lineage other = Lineage.parse(HexFormat.of().parseHex(manifest.lineage()));
    return other == null ? 0 : Math.min(manifest.lastOp(), CommonHistory.lastOp(lineage, other));
  }

  private static void collect(
      Segment segment, long common, Map<Place, PieceRef> pieces, Map<String, Long> sealedSizes) {
    if (segment.sealed() && segment.lastOp() <= common) {
      sealedSizes.put(segment.head(), segment.sizeBytes());
    }
    for (PieceRef piece : segment.pieces()) {
      if (piece.lastOp() <= common) {
        // The largest of those that begin at one place: others are of when the file was shorter.
        pieces.merge(
            new Place(segment.head(), piece.offset()),
            piece,
            (a, b) -> a.sizeBytes() >= b.sizeBytes() ? a : b);
      }
    }
  }

  private static Part part(
      SegmentFile file,
      Map<Place, PieceRef> pieces,
      @Nullable Long sealedSize,
      int pieceBytes,
      Predicate<String> isThere) {
    List<PieceRef> reused = new ArrayList<>();
    long offset = 0;
    while (offset < file.sizeBytes()) {
      PieceRef piece = pieces.get(new Place(file.head(), offset));
      if (piece == null
          || !staysInFile(piece, file, sealedSize, pieceBytes)
          || !isThere.test(piece.object())) {
        break;
      }
      reused.add(file.sealed() ? piece.unchained() : piece);
      offset += piece.sizeBytes();
    }
    return new Part(file, reused, offset);
  }

  /**
   * Whether the file as it is now has this piece and will give it again. Of one that is written,
   * the chain up to there must be known, too, for the end of the backup has one.
   */
  private static boolean staysInFile(
      PieceRef piece, SegmentFile file, @Nullable Long sealedSize, int pieceBytes) {
    long end = piece.offset() + piece.sizeBytes();
    if (!file.sealed()) {
      boolean whole = end < file.sizeBytes() && piece.sizeBytes() >= pieceBytes;
      return !piece.chain().isEmpty() && (whole || end == file.sizeBytes());
    }
    return end < file.sizeBytes()
        ? piece.sizeBytes() >= pieceBytes
        : end == file.sizeBytes() && sealedSize != null && sealedSize == end;
  }

  /**
   * The checkpoint that a restore of this source would begin with, if none were sent.
   *
   * @param before the op that the journal is known to have
   */
  @Nullable CheckpointRef newest(long before) {
    return checkpoints.stream()
        .filter(checkpoint -> checkpoint.op() < before)
        .reduce((first, second) -> second)
        .orElse(null);
  }

  /**
   * Whether a checkpoint is to be sent: there is none yet, or replay from that which is there would
   * pass its bound.
   *
   * @param newestOp of the source's checkpoints; 0 when it has none
   * @param behind transfers after the one that is there
   */
  static boolean sendsCheckpoint(
      @Nullable CheckpointRef there, long newestOp, long behind, long boundTransfers) {
    if (newestOp == 0) {
      return false;
    }
    return there == null || (newestOp > there.op() && behind > boundTransfers);
  }

  long bytesToRead() {
    return parts.stream().mapToLong(Part::bytesToRead).sum();
  }
}

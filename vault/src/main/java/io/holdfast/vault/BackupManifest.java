package io.holdfast.vault;

import java.util.List;

/**
 * What one backup consists of: full by reference, whatever it cost. Times are nanoseconds since
 * 1970, digests and ids hex.
 *
 * @param format version of this record
 * @param takenAt when it was complete
 * @param kind how it was taken
 * @param before names of the manifests of this ledger that were known when it was taken: one that
 *     is missing later is missed
 * @param lineage as {@code Lineage.encode} lays it out, in hex
 * @param lastOp all ops from 1 to this one are in it
 * @param lastTime of that op
 * @param chain of the journal after it
 * @param segments in order
 * @param checkpoints in order; from the last one a restore replays
 * @param keys names of the objects with the data key and the keys of details
 * @param erasures of details that its journal tells of, in order: keys that they destroyed are not
 *     in this backup, and are deleted from earlier ones
 * @param sourceBytes of the files that it is of: its segments and its last checkpoint
 * @param sentBytes what was stored for it that was not in the repository before
 */
public record BackupManifest(
    int format,
    long takenAt,
    Kind kind,
    List<String> before,
    String site,
    String node,
    String ledgerId,
    String dataKeyId,
    String lineage,
    long lastOp,
    long lastTime,
    String chain,
    List<Segment> segments,
    List<CheckpointRef> checkpoints,
    List<KeyRef> keys,
    List<Erasure> erasures,
    long sourceBytes,
    long sentBytes,
    long durationMillis) {
  public static final int FORMAT = 1;

  public BackupManifest {
    before = List.copyOf(before);
    segments = List.copyOf(segments);
    checkpoints = List.copyOf(checkpoints);
    keys = List.copyOf(keys);
    erasures = List.copyOf(erasures);
  }

  /** How a backup was taken. */
  public enum Kind {
    HOT,
    COLD,
    IMPORTED
  }

  /**
   * A segment file.
   *
   * @param head SHA-256 of its first 128 bytes, which say which file it is: the same op may begin
   *     another one elsewhere
   * @param lastOp the one before {@code firstOp} if it has no entry
   * @param sealed whether it is complete: nothing will ever be added
   */
  public record Segment(
      String head,
      long firstOp,
      long lastOp,
      long firstTime,
      long lastTime,
      long sizeBytes,
      boolean sealed,
      List<PieceRef> pieces) {
    public Segment {
      pieces = List.copyOf(pieces);
    }
  }

  /**
   * A stretch of a segment file, and the object that holds it.
   *
   * @param offset in the file
   * @param sizeBytes in the file
   * @param sha256 of those bytes of the file
   * @param chain of the journal after its last op, in a segment that is written; empty in one that
   *     is complete, whose trailer says it
   * @param storedBytes of the object
   */
  public record PieceRef(
      long offset,
      long sizeBytes,
      long firstOp,
      long lastOp,
      long firstTime,
      long lastTime,
      String sha256,
      String chain,
      String object,
      long storedBytes) {
    /** Without the chain, which is of use only while the segment is written. */
    PieceRef unchained() {
      return chain.isEmpty()
          ? this
          : new PieceRef(
              offset,
              sizeBytes,
              firstOp,
              lastOp,
              firstTime,
              lastTime,
              sha256,
              "",
              object,
              storedBytes);
    }
  }

  /**
   * A checkpoint.
   *
   * @param map the object with its {@link PageMap}
   * @param objects all objects with pages that it needs
   * @param transfers created up to its op
   */
  public record CheckpointRef(
      long op, String root, String map, List<String> objects, long transfers, long sizeBytes) {
    public CheckpointRef {
      objects = List.copyOf(objects);
    }
  }

  /**
   * A key that was in use.
   *
   * @param name {@code data}, or the name of a key of details
   */
  public record KeyRef(String name, String object) {}

  /**
   * The keys that details of a period were sealed under before this op are destroyed.
   *
   * @param period such as {@code 2026-03}
   */
  public record Erasure(long op, String period) {}
}

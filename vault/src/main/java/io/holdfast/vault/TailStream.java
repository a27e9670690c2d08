package io.holdfast.vault;

import io.holdfast.journal.Lineage;
import io.holdfast.journal.SegmentPiece;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends a journal's end to a repository as it grows: what is synced on this node, never more, each
 * tail from the op after the last one that the repository has, so that there is never a gap. It
 * trusts the repository alone for how far that is, so that two nodes may stream at once, or one
 * after the other; now and then it says there what it sent, so that the other need not read it all.
 * For one thread; {@link #at} for any.
 */
public final class TailStream {
  /** A tail is sent with so much of the journal, or with what there is when the step is made. */
  public static final int TAIL_BYTES = 1 << 20;

  /** What a stream is ahead of a backup, or behind it, when both end within some seconds. */
  private static final int FILL_TAILS_MAX = 16;

  private final BackupSource source;
  private final Vault vault;
  private final TailPieces pieces;
  private final UInt128 branch;
  private final Tails tails;
  private final List<TailGroup.Row> sent = new ArrayList<>(); // of which no group tells yet
  private volatile @Nullable Place at;

  public TailStream(Vault vault, BackupSource source, Disk disk) {
    this.vault = vault;
    this.source = source;
    this.pieces = new TailPieces(source, disk, vault.repository().describe());
    this.branch = source.lineage().current().id();
    this.tails = new Tails(vault, branch);
  }

  /**
   * Where the next tail begins.
   *
   * @param nextOp the first op that the repository lacks
   * @param segmentFirstOp of the segment that it is in
   * @param offset in that segment's file
   * @param lastTime of the op before
   */
  public record Place(long nextOp, long segmentFirstOp, long offset, long lastTime) {
    /** After all that a backup holds. */
    public static Place after(BackupManifest manifest) {
      BackupManifest.Segment last = manifest.segments().getLast();
      long next = manifest.lastOp() + 1;
      if (last.sealed()) {
        return new Place(next, next, 0, manifest.lastTime());
      }
      BackupManifest.PieceRef piece = last.pieces().getLast();
      return new Place(
          next, last.firstOp(), piece.offset() + piece.sizeBytes(), manifest.lastTime());
    }

    Place after(SegmentPiece piece) {
      boolean empty = piece.firstOp() == 0;
      long next = empty ? nextOp : piece.lastOp() + 1;
      long time = empty ? lastTime : piece.lastTime();
      return piece.ends()
          ? new Place(next, next, 0, time)
          : new Place(next, piece.segmentFirstOp(), piece.offset() + piece.sizeBytes(), time);
    }

    private static Place after(TailGroup.Row row) {
      return new Place(row.lastOp() + 1, row.segmentFirstOp(), row.offset(), row.lastTime());
    }
  }

  /**
   * What a step did.
   *
   * @param lastOp the repository has all up to here
   * @param sentBytes 0 when nothing was sent
   * @param more whether there may be more to send at once
   */
  public record Step(long lastOp, long sentBytes, boolean more) {}

  /** Where it is; null until it has found that. For any thread. */
  public @Nullable Place at() {
    return at;
  }

  /**
   * Finds how far the repository is: the newest backup of this branch, and the tails after it.
   *
   * @return false when there is no backup yet, after which a stream could go on
   */
  public boolean find() {
    Manifests.Named newest = newest(Manifests.all(vault).backups(), source.lineage());
    if (newest == null) {
      return false;
    }
    at = readOn(Place.after(newest.manifest()));
    return true;
  }

  /** The backup of the lineage's current branch that reaches furthest; null when there is none. */
  public static Manifests.@Nullable Named newest(List<Manifests.Named> backups, Lineage lineage) {
    String encoded = HexFormat.of().formatHex(lineage.encode());
    Manifests.Named newest = null;
    for (Manifests.Named named : backups) {
      BackupManifest manifest = named.manifest();
      boolean furthest = newest == null || manifest.lastOp() >= newest.manifest().lastOp();
      if (manifest.lineage().equals(encoded) && !manifest.segments().isEmpty() && furthest) {
        newest = named;
      }
    }
    return newest;
  }

  private Place readOn(Place from) {
    Place place = from;
    for (List<TailGroup.Row> rows = tails.rows(place.nextOp());
        !rows.isEmpty();
        rows = tails.rows(place.nextOp())) {
      place = Place.after(rows.getLast());
    }
    return place;
  }

  /**
   * Goes on after a backup of this branch that was just taken. A restore may go on from there or
   * from the backup before, so that both must be followed by tails: what lies between the stream
   * and the backup's end is sent as tails that end there, unless it is too much; then only those
   * after this backup go on.
   */
  public void taken(BackupManifest manifest) {
    Place place = at;
    Place after = Place.after(manifest);
    if (place == null || !meets(place, after)) {
      at = after;
    }
  }

  /** Lets the tails before one of two places and those before the other go on together. */
  private boolean meets(Place place, Place after) {
    if (place.nextOp() == after.nextOp()) {
      return true;
    }
    if (place.nextOp() > after.nextOp()) {
      return vault.repository().has(tails.name(after.nextOp())) || fill(after, place);
    }
    if (fill(place, after)) {
      at = after;
      return true;
    }
    return false;
  }

  private boolean fill(Place from, Place until) {
    Place place = from;
    try {
      for (int i = 0; i < FILL_TAILS_MAX && place.nextOp() < until.nextOp(); i++) {
        List<SegmentPiece> next = pieces.read(place, until);
        if (next.isEmpty()) {
          return false;
        }
        Tail tail = Tail.of(branch, next);
        place = tails.put(tail).stored() ? Place.after(TailGroup.Row.of(tail)) : readOn(place);
      }
    } catch (HoldfastException e) {
      if (e.code().startsWith("repository-")) {
        throw e;
      }
      return false; // what this backup is the way out of
    }
    return place.nextOp() == until.nextOp();
  }

  /**
   * Sends one tail, if there is anything to send.
   *
   * @throws HoldfastException what repositories fail with: nothing is lost, the next step tries
   *     again; codes {@code object-damaged}, {@code stream-misplaced}: only a new backup lets it go
   *     on; {@code disk-failed}
   */
  public Step step() {
    Place from = at;
    if (from == null) {
      throw new IllegalStateException("the stream has not found where it is");
    }
    if (sent.size() == TailGroup.ROWS_MAX) {
      tails.put(new TailGroup(branch, sent));
      sent.clear();
    }
    List<SegmentPiece> stretches = pieces.read(from, null);
    if (stretches.isEmpty()) {
      return new Step(from.nextOp() - 1, 0, false);
    }
    Tail tail = Tail.of(branch, stretches);
    if (tail.firstOp() != from.nextOp()) {
      throw pieces.misplaced(from, "op " + tail.firstOp() + " lies there");
    }
    Tails.Put put = tails.put(tail);
    Place next;
    if (put.stored()) {
      TailGroup.Row row = TailGroup.Row.of(tail);
      next = Place.after(row);
      add(row);
    } else {
      next = readOn(from);
    }
    at = next;
    boolean more = !put.stored() || TailPieces.sizeBytes(stretches) >= TAIL_BYTES;
    return new Step(next.nextOp() - 1, put.sentBytes(), more);
  }

  private void add(TailGroup.Row row) {
    if (!sent.isEmpty() && sent.getLast().lastOp() + 1 != row.firstOp()) {
      sent.clear();
    }
    sent.add(row);
  }
}

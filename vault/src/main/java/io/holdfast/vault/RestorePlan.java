package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * From what a moment of a history is restored: a backup, and the tails after it that it takes to
 * get there.
 *
 * @param bound what is needed
 * @param base the backup
 * @param tails in order
 */
record RestorePlan(Bound bound, Manifests.Named base, List<TailRef> tails) {
  RestorePlan {
    tails = List.copyOf(tails);
  }

  /**
   * The last op that is needed, or the last time of one.
   *
   * @param op {@link Long#MAX_VALUE} when the time says it
   * @param timeNanos {@link Long#MAX_VALUE} when the op says it
   */
  record Bound(long op, long timeNanos) {
    static Bound of(long op) {
      return new Bound(op, Long.MAX_VALUE);
    }

    boolean needs(long firstOp, long firstTime) {
      return firstOp <= op && firstTime <= timeNanos;
    }

    boolean isReachedBy(long lastOp, long lastTime) {
      return op == Long.MAX_VALUE ? lastTime >= timeNanos : lastOp >= op;
    }
  }

  /**
   * A tail.
   *
   * @param name of its object, in the repository that it was found in
   */
  record TailRef(String name, long firstOp, long lastOp, long lastTime, long sizeBytes) {}

  /** The last op that the plan's objects hold. */
  long lastOp() {
    return tails.isEmpty() ? base.manifest().lastOp() : tails.getLast().lastOp();
  }

  long lastTime() {
    return tails.isEmpty() ? base.manifest().lastTime() : tails.getLast().lastTime();
  }

  /** The last op of the pieces that are needed: at or after the one that is wanted. */
  long neededLastOp() {
    if (!tails.isEmpty()) {
      return tails.getLast().lastOp();
    }
    long last = 0;
    for (Segment segment : base.manifest().segments()) {
      for (PieceRef piece : pieces(segment)) {
        last = Math.max(last, piece.lastOp());
      }
    }
    return last;
  }

  /** The pieces of a segment that are needed. */
  List<PieceRef> pieces(Segment segment) {
    List<PieceRef> needed = new ArrayList<>();
    if (segment.firstOp() > Math.max(1, bound.op())) {
      return needed;
    }
    for (PieceRef piece : segment.pieces()) {
      if (piece.firstOp() > 0 && !bound.needs(piece.firstOp(), piece.firstTime())) {
        break;
      }
      needed.add(piece);
    }
    boolean bare = needed.stream().allMatch(piece -> piece.firstOp() == 0);
    return bare && !segment.pieces().isEmpty() && segment.lastOp() >= segment.firstOp()
        ? List.of()
        : needed;
  }

  /** Bytes of the segments' files that are needed. */
  long sizeBytes() {
    long size = 0;
    for (Segment segment : base.manifest().segments()) {
      size += pieces(segment).stream().mapToLong(PieceRef::sizeBytes).sum();
    }
    return size + tails.stream().mapToLong(TailRef::sizeBytes).sum();
  }

  /** Bytes of the objects that are needed, as they are stored. */
  long storedBytes() {
    long size = 0;
    for (Segment segment : base.manifest().segments()) {
      size += pieces(segment).stream().mapToLong(PieceRef::storedBytes).sum();
    }
    return size + tails.stream().mapToLong(TailRef::sizeBytes).sum();
  }

  /**
   * The plans by which a moment can be restored, the best first: another is for when objects of the
   * first cannot be had.
   *
   * @throws HoldfastException code {@code no-such-moment}
   */
  static List<RestorePlan> of(
      Histories.History history, RestoreTarget target, Incidents incidents) {
    return new Choice(history, incidents).plans(target);
  }

  /** Chooses among the backups of a history. */
  private static final class Choice {
    /** Tails go on from the newest backup, or still from one of those before. */
    private static final int BEGINNINGS_MAX = 3;

    private final Histories.History history;
    private final Incidents incidents;
    private final List<Manifests.Named> backups = new ArrayList<>();

    Choice(Histories.History history, Incidents incidents) {
      this.history = history;
      this.incidents = incidents;
      history.sources().forEach(source -> backups.addAll(source.backups()));
      backups.sort(Comparator.comparingLong(named -> named.manifest().lastOp())); // keeps sources
    }

    List<RestorePlan> plans(RestoreTarget target) {
      return switch (target) {
        case RestoreTarget.Op(long op) -> plans(Bound.of(op), target);
        case RestoreTarget.Time(long nanos) -> plans(new Bound(Long.MAX_VALUE, nanos), target);
        case RestoreTarget.End() -> {
          RestorePlan furthest = furthest();
          Bound end = Bound.of(furthest.lastOp());
          List<RestorePlan> plans = new ArrayList<>();
          plans.add(new RestorePlan(end, furthest.base(), furthest.tails()));
          backups.stream()
              .filter(named -> !named.equals(furthest.base()))
              .filter(named -> named.manifest().lastOp() >= end.op())
              .forEach(named -> plans.add(new RestorePlan(end, named, List.of())));
          yield plans;
        }
      };
    }

    private List<RestorePlan> plans(Bound bound, RestoreTarget target) {
      if (target instanceof RestoreTarget.Time(long nanos) && nanos < firstTime()) {
        throw noSuchMoment(target, newest().manifest().lastOp(), newest().manifest().lastTime());
      }
      List<RestorePlan> plans = new ArrayList<>();
      for (Manifests.Named named : backups) {
        if (bound.isReachedBy(named.manifest().lastOp(), named.manifest().lastTime())) {
          plans.add(new RestorePlan(bound, named, List.of()));
        }
      }
      if (!plans.isEmpty()) {
        return plans;
      }
      RestorePlan furthest = null;
      for (Manifests.Named beginning : beginnings()) {
        RestorePlan plan = new RestorePlan(bound, beginning, tails(beginning, bound));
        if (bound.isReachedBy(plan.lastOp(), plan.lastTime())) {
          return List.of(plan);
        }
        furthest = furthest == null || plan.lastOp() > furthest.lastOp() ? plan : furthest;
      }
      RestorePlan last = furthest == null ? new RestorePlan(bound, newest(), List.of()) : furthest;
      throw noSuchMoment(target, last.lastOp(), last.lastTime());
    }

    /** The plan that holds most; of equals, that with the newest backup. */
    private RestorePlan furthest() {
      Bound all = Bound.of(Long.MAX_VALUE - 1);
      RestorePlan furthest = null;
      for (Manifests.Named beginning : beginnings()) {
        RestorePlan plan = new RestorePlan(all, beginning, tails(beginning, all));
        furthest = furthest == null || plan.lastOp() > furthest.lastOp() ? plan : furthest;
        if (!furthest.tails().isEmpty()) {
          break; // the stream went on after this one, so nothing older reaches further
        }
      }
      return furthest == null ? new RestorePlan(all, newest(), List.of()) : furthest;
    }

    private Manifests.Named newest() {
      return backups.getLast();
    }

    /** The newest backups with different last ops, the newest first. */
    private List<Manifests.Named> beginnings() {
      List<Manifests.Named> newest = new ArrayList<>();
      TreeSet<Long> ops = new TreeSet<>();
      for (Manifests.Named named : firstOfEqual().reversed()) {
        if (newest.size() < BEGINNINGS_MAX && ops.add(named.manifest().lastOp())) {
          newest.add(named);
        }
      }
      return newest;
    }

    /** Of several backups up to the same op, that of the repository that was named first. */
    private List<Manifests.Named> firstOfEqual() {
      List<Manifests.Named> some = new ArrayList<>();
      for (Manifests.Named named : backups) {
        if (some.isEmpty() || some.getLast().manifest().lastOp() != named.manifest().lastOp()) {
          some.add(named);
        }
      }
      return some;
    }

    private List<TailRef> tails(Manifests.Named base, Bound bound) {
      List<TailRef> found = new ArrayList<>();
      long lastOp = base.manifest().lastOp();
      long lastTime = base.manifest().lastTime();
      while (!bound.isReachedBy(lastOp, lastTime)) {
        TailRef next = tail(lastOp + 1);
        if (next == null) {
          break;
        }
        found.add(next);
        lastOp = next.lastOp();
        lastTime = next.lastTime();
      }
      return found;
    }

    /** The tail that begins so, from the first repository that has it whole. */
    private @Nullable TailRef tail(long firstOp) {
      UInt128 branch = history.branch().id();
      HoldfastException failed = null;
      for (Histories.Source source : history.sources()) {
        Tails tails = new Tails(source.vault(), branch);
        try {
          Tail tail = tails.find(firstOp);
          if (tail != null) {
            return ref(tails.name(firstOp), tail);
          }
        } catch (HoldfastException e) {
          incidents.add(source.vault(), tails.name(firstOp), e);
          failed = failed == null ? e : failed;
        }
      }
      if (failed != null) {
        throw failed; // one that is there and cannot be read is not the end
      }
      return null;
    }

    private static TailRef ref(String name, Tail tail) {
      long size = tail.pieces().stream().mapToLong(piece -> piece.sizeBytes()).sum();
      return new TailRef(name, tail.firstOp(), tail.lastOp(), tail.lastTime(), size);
    }

    private long firstTime() {
      List<Segment> segments = newest().manifest().segments();
      return segments.isEmpty() ? Long.MAX_VALUE : segments.getFirst().firstTime();
    }

    private HoldfastException noSuchMoment(RestoreTarget target, long lastOp, long lastTime) {
      return new HoldfastException(
          "no-such-moment",
          "there is no "
              + (target instanceof RestoreTarget.Time ? "moment " : "")
              + target.describe()
              + "; the repository goes from op 1 of "
              + RestoreTarget.instant(firstTime() == Long.MAX_VALUE ? 0 : firstTime())
              + " to op "
              + lastOp
              + " of "
              + RestoreTarget.instant(lastTime),
          "name a moment within, or --to end");
    }
  }
}

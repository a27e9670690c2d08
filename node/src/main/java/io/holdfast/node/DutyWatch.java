package io.holdfast.node;

import io.holdfast.cluster.SiteView;
import io.holdfast.kernel.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether this node does the work for a repository, looked at no more often than is useful. It
 * begins only when it saw itself on duty for a while, so that a node that is silent for a moment
 * does not lose it; and it goes on for a while after it saw another one on duty, or none, so that
 * the other has begun by then, and an election does not interrupt it. Two that do it meanwhile do
 * no harm. Safe for use by many threads.
 */
final class DutyWatch {
  private static final long LOOK_NANOS = Duration.ofMillis(200).toNanos();

  /** A change of leader is over, and a node that answers again has been heard. */
  static final Duration TAKEN_AFTER = Duration.ofSeconds(1);

  /** The other one has seen itself on duty, found how far the repository is, and sent something. */
  static final Duration LET_GO_AFTER = Duration.ofSeconds(3);

  private final Supplier<SiteView> view;
  private final String repository;
  private final Clock clock;
  private String node = "";
  private boolean seenMine;
  private boolean mine;
  private boolean looked;
  private long lookedNanos;
  private long seenSinceNanos; // since then it saw itself on duty, or not

  DutyWatch(Supplier<SiteView> view, String repository, Clock clock) {
    this.view = view;
    this.repository = repository;
    this.clock = clock;
  }

  synchronized boolean isMine() {
    look();
    Duration after = seenMine ? TAKEN_AFTER : LET_GO_AFTER;
    if (clock.monotonicNanos() - seenSinceNanos >= after.toNanos()) {
      mine = seenMine;
    }
    return mine;
  }

  /** The node on duty, as this node sees it; empty when it sees none. */
  synchronized String node() {
    look();
    return node;
  }

  private void look() {
    long now = clock.monotonicNanos();
    if (looked && now - lookedNanos < LOOK_NANOS) {
      return;
    }
    looked = true;
    lookedNanos = now;
    SiteView seen = view.get();
    Optional<String> duty = Duty.of(seen, repository);
    node = duty.orElse("");
    boolean isNow = node.equals(seen.nodeId());
    if (isNow != seenMine) {
      seenSinceNanos = now;
    }
    seenMine = isNow;
  }
}

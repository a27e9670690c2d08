package io.holdfast.node;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.node.RepositoryStatus.LastBackup;
import io.holdfast.node.RepositoryStatus.LastFailure;
import io.holdfast.node.RepositoryStatus.LastProof;
import io.holdfast.vault.BackupManifest;
import io.holdfast.vault.TailStream;
import io.holdfast.vault.Telling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is known of the work for one repository: written by those who do it, read by any thread. */
final class RepositoryProgress implements Telling {
  /** A store may be away for a moment: the stream catches up. */
  static final Duration AWAY_FOR_LONG = Duration.ofMinutes(1);

  private final RepositoryConfig config;
  private final LongSupplier nodeOp;
  private final LongSupplier siteNanos;
  private final Clock clock;
  private final RpoWatch rpo = new RpoWatch();
  private String state = "elsewhere";
  private long streamedBytes;
  private long backedUpBytes;
  private long failures;
  private boolean away;
  private long awaySinceNanos;
  private String awayWords = "";
  private String key = "unknown";
  private String keyWords = "";
  private String backupFailed = "";
  private String proofFailed = "";
  private boolean running;
  private long ended;
  private String step = "";
  private long doneBytes;
  private long allBytes = -1;
  private String outcome = "";
  private @Nullable LastBackup lastBackup;
  private @Nullable LastFailure lastFailure;
  private @Nullable LastProof lastProof;

  /**
   * @param nodeOp the last op in the journal of this node
   * @param siteNanos the time of the site
   */
  RepositoryProgress(
      RepositoryConfig config, LongSupplier nodeOp, LongSupplier siteNanos, Clock clock) {
    this.config = config;
    this.nodeOp = nodeOp;
    this.siteNanos = siteNanos;
    this.clock = clock;
  }

  /** Looks at how far the node is. */
  void look() {
    rpo.at(nodeOp.getAsLong(), siteNanos.getAsLong());
  }

  synchronized void state(String now) {
    state = now;
  }

  /** Another node does the work: what is wrong then is for that one to say. */
  synchronized void elsewhere() {
    state = "elsewhere";
    away = false;
    backupFailed = "";
    proofFailed = "";
  }

  /** The repository has all up to there, as was looked up in it. */
  void found(TailStream.Place place) {
    rpo.found(place.nextOp() - 1, place.lastTime());
  }

  synchronized void streamed(TailStream.Place place, long sentBytes) {
    rpo.stored(place.nextOp() - 1, place.lastTime());
    streamedBytes += sentBytes;
    state = "streams";
    away = false;
  }

  synchronized void streamFailed(HoldfastException e) {
    failed("stream", e);
    state = "fails";
  }

  synchronized void runBegins() {
    running = true;
    step = "begins";
    doneBytes = 0;
    allBytes = -1;
    outcome = "";
  }

  @Override
  public synchronized void progress(String nowStep, long nowDoneBytes, long nowAllBytes) {
    step = nowStep;
    doneBytes = nowDoneBytes;
    allBytes = nowAllBytes;
  }

  synchronized void backupFound(String name, BackupManifest manifest) {
    lastBackup =
        new LastBackup(
            name,
            manifest.node(),
            TimeUnit.NANOSECONDS.toMillis(manifest.takenAt()),
            manifest.lastOp(),
            manifest.sourceBytes(),
            manifest.sentBytes(),
            manifest.durationMillis());
    if (!config.work().continuous()) {
      rpo.stored(manifest.lastOp(), manifest.lastTime());
      if (state.equals("elsewhere")) {
        state = "timed";
      }
    }
  }

  synchronized void runEnded(String name, BackupManifest manifest) {
    backupFound(name, manifest);
    backedUpBytes += manifest.sentBytes();
    backupFailed = "";
    away = false;
    runEnded("done");
  }

  synchronized void runFailed(HoldfastException e) {
    failed("backup", e);
    backupFailed = e.code() + ": " + e.message();
    runEnded(backupFailed);
  }

  private void runEnded(String came) {
    running = false;
    ended++;
    outcome = came;
  }

  synchronized void proved(boolean whole, String words) {
    lastProof = new LastProof(wallMillis(), whole, words);
    proofFailed = whole ? "" : words;
  }

  /** Something else that is done for the repository failed. */
  synchronized void otherFailed(String during, HoldfastException e) {
    failed(during, e);
  }

  synchronized void keyOpens() {
    key = "ok";
    keyWords = "";
  }

  synchronized void keyLost(HoldfastException e) {
    key = "lost";
    keyWords = e.code() + ": " + e.message();
    failed("key check", e);
  }

  private void failed(String during, HoldfastException e) {
    failures++;
    lastFailure = new LastFailure(during, wallMillis(), e.code(), e.message());
    if (e.code().startsWith("repository-")) {
      if (!away) {
        awaySinceNanos = clock.monotonicNanos();
      }
      away = true;
      awayWords = e.message();
    }
  }

  private long wallMillis() {
    return TimeUnit.NANOSECONDS.toMillis(clock.wallNanos());
  }

  /** The number that the run which is asked for now will have when it has ended. */
  synchronized long numberOfNext() {
    return ended + (running ? 2 : 1);
  }

  synchronized RepositoryStatus status() {
    look();
    boolean known = !state.equals("elsewhere");
    return new RepositoryStatus(
        config.name(),
        config.location(),
        config.work().continuous(),
        config.work().schedule().toString(),
        state,
        known ? rpo.seconds(siteNanos.getAsLong()) : -1,
        known ? rpo.storedOp() : 0,
        known ? rpo.storedNanos() : 0,
        streamedBytes,
        backedUpBytes,
        failures,
        key,
        keyWords,
        new RepositoryStatus.Run(running, ended, step, doneBytes, allBytes, outcome),
        lastBackup,
        lastFailure,
        lastProof);
  }

  /**
   * What is wrong now, each in words that begin with a code.
   *
   * @param declined whether this node leaves the work to others
   */
  synchronized List<String> incidents(boolean declined) {
    look();
    List<String> incidents = new ArrayList<>();
    String repository = "repository " + config.name() + " (" + config.location() + ")";
    double seconds = state.equals("elsewhere") ? -1 : rpo.seconds(siteNanos.getAsLong());
    if (seconds > config.work().rpoBound().toMillis() / 1_000.0) {
      incidents.add(
          "backup-late: " + repository + " lacks what is " + Math.round(seconds) + " s old");
    }
    long awayNanos = away ? clock.monotonicNanos() - awaySinceNanos : 0;
    if (awayNanos > AWAY_FOR_LONG.toNanos()) {
      incidents.add(
          "repository-away: "
              + repository
              + " can't be used for "
              + TimeUnit.NANOSECONDS.toSeconds(awayNanos)
              + " s: "
              + awayWords);
    }
    LastFailure failure = lastFailure;
    if (declined && failure != null) {
      incidents.add(
          "repository-declined: this node leaves "
              + repository
              + " to others, since it failed to work for it: "
              + failure.code()
              + ": "
              + failure.message());
    }
    if (key.equals("lost")) {
      incidents.add(
          "backup-key-lost: the master key that is configured does not open "
              + repository
              + "; without it nothing in it can be restored: "
              + keyWords);
    }
    if (!backupFailed.isEmpty()) {
      incidents.add("backup-failed: the last backup to " + repository + " failed: " + backupFailed);
    }
    if (!proofFailed.isEmpty()) {
      incidents.add("backup-unproved: " + repository + " can't be restored whole: " + proofFailed);
    }
    return incidents;
  }
}

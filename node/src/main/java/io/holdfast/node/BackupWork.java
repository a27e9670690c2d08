package io.holdfast.node;

import io.holdfast.journal.ActKind;
import io.holdfast.journal.Acts;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.BackupManifest;
import io.holdfast.vault.BackupSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the backups of one repository when they are due or asked for, and what belongs to that:
 * whether the master key still opens it, proving, expiring. {@link #turn} is for one thread.
 */
final class BackupWork {
  private static final Logger LOG = LoggerFactory.getLogger(BackupWork.class);
  private static final Duration TICK = Duration.ofMillis(200);

  /** How often it is looked up whether others took backups. */
  private static final Duration LOOK_UP = Duration.ofMinutes(15);

  private static final Duration KEY_CHECK = Duration.ofDays(1);

  /** Payments whose details are under a new key are in danger no longer than this. */
  private static final Duration KEYS_LOOK = Duration.ofSeconds(1);

  /** What the ledger's data key is called in a manifest. */
  private static final String DATA_KEY = "data";

  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(5), Duration.ofHours(1));

  /** Then another node is to do it: some half a minute, if each attempt fails at once. */
  static final int FAILURES_MAX = 3;

  private final RepositoryConfig config;
  private final VaultActs acts;
  private final BackupSource source;
  private final BooleanSupplier onDuty;
  private final Relief relief;
  private final RepositoryProgress progress;
  private final StreamWork stream;
  private final Acts log;
  private final Clock clock;
  private final Elapsed backedUp;
  private final Elapsed proved;
  private final Elapsed lookedUp;
  private final Elapsed keyTried;
  private final Elapsed keysLookedAt;
  private @Nullable Set<String> keysStored;
  private @Nullable Set<String> keysTried;
  private Duration keyWait = Duration.ZERO;
  private int keyFailures;
  private int failures;
  private long retryNanos;
  private boolean known;
  private volatile boolean wanted;
  private @Nullable String askedBy;

  BackupWork(
      RepositoryConfig config,
      VaultActs acts,
      BackupSource source,
      BooleanSupplier onDuty,
      Relief relief,
      RepositoryProgress progress,
      StreamWork stream,
      Acts log,
      Clock clock) {
    this.config = config;
    this.acts = acts;
    this.source = source;
    this.onDuty = onDuty;
    this.relief = relief;
    this.progress = progress;
    this.stream = stream;
    this.log = log;
    this.clock = clock;
    this.backedUp = new Elapsed(clock);
    this.proved = new Elapsed(clock);
    this.lookedUp = new Elapsed(clock);
    this.keyTried = new Elapsed(clock);
    this.keysLookedAt = new Elapsed(clock);
    this.retryNanos = clock.monotonicNanos();
  }

  /** The stream can't go on without a backup. For any thread. */
  void want() {
    wanted = true;
  }

  /** Somebody asks for a backup now; returns the number of the run that will be it. */
  synchronized long ask(String actor) {
    askedBy = actor;
    return progress.numberOfNext();
  }

  private synchronized @Nullable String asked() {
    String actor = askedBy;
    askedBy = null;
    return actor;
  }

  /** Does what there is to do now; returns how long to wait before the next turn. */
  Duration turn() {
    tryKey();
    String actor = asked();
    if (actor != null) {
      run(actor);
      return Duration.ZERO;
    }
    if (!onDuty.getAsBoolean()) {
      known = false;
      wanted = false;
      return TICK;
    }
    if (clock.monotonicNanos() - retryNanos < 0) {
      return TICK;
    }
    if (!known || lookedUp.duration().compareTo(LOOK_UP) > 0) {
      lookUp();
    } else if (!acts.hasJournal(source)) {
      return TICK; // a site without its first op
    } else if (wanted || haveKeysChanged() || backedUp.isDue(config.work().schedule())) {
      run("schedule");
    } else if (backedUp.known() && proved.isDue(config.work().verify())) {
      prove();
    }
    return TICK;
  }

  /**
   * Whether the node has other keys of details than the last backup: new ones without which the
   * stream could not be read, or fewer, since some are to be destroyed. Once for each change.
   */
  private boolean haveKeysChanged() {
    Set<String> stored = keysStored;
    if (stored == null
        || !config.work().continuous()
        || (keysLookedAt.known() && keysLookedAt.duration().compareTo(KEYS_LOOK) < 0)) {
      return false;
    }
    keysLookedAt.learn(instant(clock.wallNanos()));
    Set<String> now = acts.detailsKeys(source);
    boolean changed = !now.equals(stored) && !now.equals(keysTried);
    if (changed) {
      keysTried = Set.copyOf(now);
    }
    return changed;
  }

  private void known(BackupManifest manifest) {
    backedUp.learn(instant(manifest.takenAt()));
    keysStored =
        manifest.keys().stream()
            .map(BackupManifest.KeyRef::name)
            .filter(name -> !name.equals(DATA_KEY))
            .collect(Collectors.toSet());
  }

  /** What was done before, by whichever node. */
  private void lookUp() {
    try {
      VaultActs.Found found = acts.lookUp(source.lineage());
      if (found.name() != null && found.manifest() != null) {
        progress.backupFound(found.name(), found.manifest());
        known(found.manifest());
      }
      if (found.provedNanos() > 0) {
        proved.learn(instant(found.provedNanos()));
      }
      lookedUp.learn(instant(clock.wallNanos()));
      known = true;
      failures = 0;
    } catch (HoldfastException e) {
      progress.otherFailed("look-up", e);
      failed("look-up", e);
      relief.failed();
    }
  }

  private void run(String actor) {
    LOG.info("repository {}: a backup begins, by {}", config.name(), actor);
    progress.runBegins();
    try {
      VaultActs.Taken taken = acts.backUp(source, progress);
      BackupManifest manifest = taken.manifest();
      known(manifest);
      wanted = false;
      failures = 0;
      relief.worked();
      stream.taken(manifest);
      progress.runEnded(taken.name(), manifest);
      log.add(
          ActKind.BACKUP_TAKEN,
          actor,
          "repository",
          config.name(),
          "backup",
          taken.name(),
          "last_op",
          Long.toString(manifest.lastOp()),
          "sent_bytes",
          Long.toString(manifest.sentBytes()),
          "took_ms",
          Long.toString(manifest.durationMillis()));
      expire();
    } catch (HoldfastException e) {
      progress.runFailed(e);
      log.add(
          ActKind.BACKUP_FAILED,
          actor,
          "repository",
          config.name(),
          "code",
          e.code(),
          "message",
          e.message());
      failed("backup", e);
      relief.failed();
    }
  }

  private void failed(String what, HoldfastException e) {
    failures++;
    Duration wait = BACKOFF.after(failures);
    retryNanos = clock.monotonicNanos() + wait.toNanos();
    LOG.warn(
        "repository {}: {} failed, tried again in {} s: {}: {}",
        config.name(),
        what,
        wait.toSeconds(),
        e.code(),
        e.message());
  }

  private void expire() {
    RepositoryConfig.Keep keep = config.keep();
    if (keep != null && keep.apply()) {
      try {
        LOG.info("repository {}: {}", config.name(), acts.expire(keep));
      } catch (HoldfastException e) {
        progress.otherFailed("expire", e);
        LOG.warn("repository {}: expire: {}: {}", config.name(), e.code(), e.message());
      }
    }
  }

  private void prove() {
    try {
      VaultActs.Proof proof = acts.prove();
      progress.proved(proof.whole(), proof.words());
      LOG.info("repository {}: {}", config.name(), proof.words());
      failures = 0;
      proved.learn(instant(clock.wallNanos()));
    } catch (HoldfastException e) {
      progress.otherFailed("verify", e);
      failed("verify", e);
    }
  }

  /**
   * Also on a node that is not on duty: it may be tomorrow, and its key file is its own; and one
   * that left the work to others may be able to do it again.
   */
  private void tryKey() {
    boolean left = relief.mayTry() || stream.relief().mayTry();
    if (!left && keyTried.known() && keyTried.duration().compareTo(keyWait) < 0) {
      return;
    }
    keyTried.learn(instant(clock.wallNanos()));
    try {
      acts.tryKey();
      progress.keyOpens();
      keyFailures = 0;
      keyWait = KEY_CHECK;
      triedAgain(true);
    } catch (HoldfastException e) {
      keyFailures++;
      keyWait = BACKOFF.after(keyFailures);
      triedAgain(false);
      if (!e.code().startsWith("repository-")) {
        progress.keyLost(e);
        LOG.error("repository {}: its master key: {}: {}", config.name(), e.code(), e.message());
      }
    }
  }

  private void triedAgain(boolean reached) {
    relief.tried(reached);
    stream.relief().tried(reached);
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }
}

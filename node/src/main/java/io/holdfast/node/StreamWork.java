package io.holdfast.node;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.vault.BackupManifest;
import io.holdfast.vault.BackupSource;
import io.holdfast.vault.TailStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one repository as far as the node's journal, while this node is on duty. Whatever fails is
 * tried again, from where the repository says that it is. {@link #turn} is for one thread.
 */
final class StreamWork {
  private static final Logger LOG = LoggerFactory.getLogger(StreamWork.class);

  /** With it, and half a second until the journal is synced, an op waits a second at most. */
  static final Duration TICK = Duration.ofMillis(400);

  static final Duration OFF_DUTY = Duration.ofMillis(200);

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5));

  /** A journal that is being mended may be whole again soon. */
  private static final int FAILURES_BEFORE_BACKUP = 3;

  private final String name;
  private final OpenVault vault;
  private final BackupSource source;
  private final BooleanSupplier onDuty;
  private final RepositoryProgress progress;
  private final Runnable backupWanted;
  private final AtomicReference<@Nullable BackupManifest> taken = new AtomicReference<>();
  private volatile @Nullable TailStream stream;
  private volatile boolean near;
  private int failures;

  /**
   * @param backupWanted is called when only a new backup lets the stream go on
   */
  StreamWork(
      String name,
      OpenVault vault,
      BackupSource source,
      BooleanSupplier onDuty,
      RepositoryProgress progress,
      Runnable backupWanted) {
    this.name = name;
    this.vault = vault;
    this.source = source;
    this.onDuty = onDuty;
    this.progress = progress;
    this.backupWanted = backupWanted;
  }

  /** A backup was taken here. For any thread. */
  void taken(BackupManifest manifest) {
    taken.set(manifest);
  }

  /** Where a backup is to end; null when the stream is off, or too far behind. For any thread. */
  TailStream.@Nullable Place end() {
    TailStream streaming = stream;
    return streaming == null || !near ? null : streaming.at();
  }

  /** Does what there is to do now; returns how long to wait before the next turn. */
  Duration turn() {
    progress.look();
    if (!onDuty.getAsBoolean()) {
      if (stream != null) {
        LOG.info("repository {}: another node goes on with the stream", name);
      }
      stop();
      progress.elsewhere();
      return OFF_DUTY;
    }
    try {
      Duration wait = stream();
      failures = 0;
      return wait;
    } catch (HoldfastException e) {
      return failed(e);
    }
  }

  private Duration stream() {
    TailStream streaming = stream;
    if (streaming == null) {
      LOG.debug("repository {}: this node is on duty and looks how far it is", name);
      streaming = new TailStream(vault.get(), source, SystemDisk.INSTANCE);
      if (!streaming.find()) {
        progress.state("first-backup");
        backupWanted.run();
        return Duration.ofSeconds(1);
      }
      TailStream.Place place = streaming.at();
      if (place != null) {
        progress.found(place);
        LOG.info("repository {}: the stream goes on with op {}", name, place.nextOp());
      }
      stream = streaming;
    }
    BackupManifest backup = taken.get();
    if (backup != null) {
      streaming.taken(backup);
      taken.compareAndSet(backup, null);
    }
    TailStream.Step step = streaming.step();
    near = !step.more();
    TailStream.Place place = streaming.at();
    if (place != null) {
      progress.streamed(place, step.sentBytes());
    }
    return step.more() ? Duration.ZERO : TICK;
  }

  private Duration failed(HoldfastException e) {
    failures++;
    if (failures == 1) {
      LOG.warn("repository {}: the stream waits: {}: {}", name, e.code(), e.message());
    }
    near = false;
    progress.streamFailed(e);
    if (!e.code().startsWith("repository-") && failures >= FAILURES_BEFORE_BACKUP) {
      backupWanted.run();
    }
    return BACKOFF.after(failures);
  }

  private void stop() {
    stream = null;
    near = false;
    failures = 0;
  }
}

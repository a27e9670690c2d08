package io.holdfast.node;

import io.holdfast.journal.Acts;
import io.holdfast.kernel.Clock;
import io.holdfast.vault.BackupSource;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * All that a node does for one repository: a thread for the stream, one for what takes long, so
 * that neither waits for the other, nor for another repository.
 */
final class RepositoryWork implements AutoCloseable {
  private final RepositoryProgress progress;
  private final OpenVault vault;
  private final BackupWork backups;
  private final Turns streaming;
  private final Turns working;

  RepositoryWork(
      RepositoryConfig config,
      HotSource source,
      BooleanSupplier onDuty,
      RepositoryProgress progress,
      Acts log,
      Clock clock) {
    this.progress = progress;
    this.vault = new OpenVault(() -> RepositoryActs.open(config));
    BackupWork[] later = new BackupWork[1];
    StreamWork stream =
        new StreamWork(config.name(), vault, source, onDuty, progress, () -> later[0].want());
    BackupSource upToStream = config.work().continuous() ? source.upTo(stream::end) : source;
    this.backups =
        new BackupWork(
            config,
            new RepositoryActs(config, vault, clock),
            upToStream,
            onDuty,
            progress,
            stream,
            log,
            clock);
    later[0] = backups;
    this.streaming =
        new Turns(
            "holdfast-stream-" + config.name(),
            config.work().continuous() ? stream::turn : () -> look(onDuty));
    this.working = new Turns("holdfast-backup-" + config.name(), backups::turn);
  }

  /** Without a stream, only how far the repository is behind is looked at. */
  private Duration look(BooleanSupplier onDuty) {
    progress.look();
    if (!onDuty.getAsBoolean()) {
      progress.elsewhere();
    }
    return StreamWork.TICK;
  }

  void start() {
    streaming.start();
    working.start();
  }

  RepositoryProgress progress() {
    return progress;
  }

  /** Asks for a backup; returns the number of the run that will be it. */
  long ask(String actor) {
    return backups.ask(actor);
  }

  @Override
  public void close() {
    streaming.close();
    working.close();
    vault.close();
  }
}

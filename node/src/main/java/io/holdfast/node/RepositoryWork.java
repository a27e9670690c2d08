package io.holdfast.node;

import io.holdfast.journal.Acts;
import io.holdfast.kernel.Clock;
import io.holdfast.vault.BackupSource;
import io.holdfast.vault.SourceUpTo;
import java.time.Duration;
import java.util.List;

/**
 * All that a node does for one repository: a thread for the stream, one for what takes long, so
 * that neither waits for the other, nor for another repository.
 */
final class RepositoryWork implements AutoCloseable {
  private final String name;
  private final DutyWatch duty;
  private final RepositoryProgress progress;
  private final Relief streamRelief;
  private final Relief backupRelief;
  private final OpenVault vault;
  private final BackupWork backups;
  private final Turns streaming;
  private final Turns working;

  RepositoryWork(
      RepositoryConfig config,
      BackupSource source,
      DutyWatch duty,
      RepositoryProgress progress,
      Acts log,
      Clock clock) {
    this.name = config.name();
    this.duty = duty;
    this.progress = progress;
    this.streamRelief = new Relief(StreamWork.FAILURES_MAX, clock);
    this.backupRelief = new Relief(BackupWork.FAILURES_MAX, clock);
    this.vault = new OpenVault(() -> RepositoryActs.open(config));
    BackupWork[] later = new BackupWork[1];
    StreamWork stream =
        new StreamWork(
            name, vault, source, duty::isMine, streamRelief, progress, () -> later[0].want());
    BackupSource upToStream =
        config.work().continuous() ? new SourceUpTo(source, stream::end) : source;
    this.backups =
        new BackupWork(
            config,
            new RepositoryActs(config, vault, clock),
            upToStream,
            duty::isMine,
            backupRelief,
            progress,
            stream,
            log,
            clock);
    later[0] = backups;
    this.streaming =
        new Turns(
            "holdfast-stream-" + config.name(),
            config.work().continuous() ? stream::turn : this::look);
    this.working = new Turns("holdfast-backup-" + config.name(), backups::turn);
  }

  /** Without a stream, only how far the repository is behind is looked at. */
  private Duration look() {
    progress.look();
    if (!duty.isMine()) {
      progress.elsewhere();
    }
    return StreamWork.TICK;
  }

  void start() {
    streaming.start();
    working.start();
  }

  String name() {
    return name;
  }

  RepositoryProgress progress() {
    return progress;
  }

  /** Whether this node failed again and again, so that another one is to do it. */
  boolean declines() {
    return streamRelief.wanted() || backupRelief.wanted();
  }

  /** What is wrong now, each in words that begin with a code. */
  List<String> incidents() {
    return progress.incidents(declines());
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

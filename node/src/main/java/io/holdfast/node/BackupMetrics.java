package io.holdfast.node;

import io.holdfast.node.RepositoryStatus.LastBackup;
import io.holdfast.node.RepositoryStatus.LastProof;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The figures of one repository. A node that is not on duty says -1 where only that one knows. */
final class BackupMetrics {
  private final MeterRegistry registry;
  private final String repository;
  private final Supplier<RepositoryStatus> status;

  private BackupMetrics(
      MeterRegistry registry, String repository, Supplier<RepositoryStatus> status) {
    this.registry = registry;
    this.repository = repository;
    this.status = status;
  }

  static void show(MeterRegistry registry, String repository, Supplier<RepositoryStatus> status) {
    new BackupMetrics(registry, repository, status).show();
  }

  private void show() {
    gauge(
        "on.duty",
        "1 on the node that works for the repository, else 0",
        now -> now.state().equals("elsewhere") ? 0 : 1);
    gauge(
        "rpo.seconds",
        "Age of the oldest op that the repository lacks: what would be lost with all nodes; 0 when"
            + " it lacks none",
        RepositoryStatus::rpoSeconds);
    gauge(
        "restorable.age.seconds",
        "How long ago the newest op came that can be restored from the repository",
        now ->
            now.lastOpNanos() == 0
                ? -1
                : NodeMetrics.secondsSince(TimeUnit.NANOSECONDS.toMillis(now.lastOpNanos())));
    gauge("op", "The repository has all ops up to this one", RepositoryStatus::lastOp);
    gauge(
        "streamed.bytes",
        "Bytes that this node's stream sent since its start",
        RepositoryStatus::streamedBytes);
    gauge(
        "sent.bytes",
        "Bytes that this node's backups sent since its start",
        RepositoryStatus::backedUpBytes);
    gauge(
        "failures",
        "What failed since this node's start: steps of the stream, backups, expiry, proofs",
        RepositoryStatus::failures);
    gauge(
        "running", "1 while this node takes a backup, else 0", now -> now.run().running() ? 1 : 0);
    ofLast(
        "last.success.age.seconds",
        "How long ago the newest backup was complete",
        last -> NodeMetrics.secondsSince(last.takenAtMillis()));
    ofLast(
        "last.duration.seconds",
        "How long the newest backup took",
        last -> last.tookMillis() / 1_000.0);
    ofLast("last.sent.bytes", "Bytes that the newest backup sent", LastBackup::sentBytes);
    gauge(
        "key.ok",
        "1 when the master key that is configured opens the repository, 0 when it does not, -1"
            + " while that is not known",
        now ->
            switch (now.key()) {
              case "ok" -> 1;
              case "lost" -> 0;
              default -> -1;
            });
    gauge(
        "proved.age.seconds",
        "How long ago it was proved last, by this node, that all can be restored; -1 for never",
        now -> {
          LastProof proof = now.lastProof();
          return proof == null || !proof.whole() ? -1 : NodeMetrics.secondsSince(proof.atMillis());
        });
  }

  private void ofLast(String name, String what, ToDoubleFunction<LastBackup> value) {
    gauge(
        name,
        what + "; -1 while none is known",
        now -> {
          LastBackup last = now.lastBackup();
          return last == null ? -1 : value.applyAsDouble(last);
        });
  }

  private void gauge(String name, String what, ToDoubleFunction<RepositoryStatus> value) {
    Gauge.builder("holdfast.backup." + name, () -> value.applyAsDouble(status.get()))
        .description(what)
        .tag("repository", repository)
        .register(registry);
  }
}

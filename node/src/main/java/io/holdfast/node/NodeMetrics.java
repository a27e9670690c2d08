package io.holdfast.node;

import io.holdfast.cluster.CheckpointStatus;
import io.holdfast.cluster.ScrubStatus;
import io.holdfast.cluster.SiteView;
import io.holdfast.journal.IndexStats;
import io.holdfast.journal.JournalStats;
import io.holdfast.kernel.HoldfastException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What a node counts and shows at GET /metrics. Safe for use by many threads. */
final class NodeMetrics {
  /** One scrape sees one view: it asks for all gauges within this time. */
  private static final long VIEW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Timer answered = timer("answered");
  private final Timer unanswered = timer("failed");
  private final Timer refused = timer("refused");
  private @Nullable SiteView seen;
  private long seenAt;

  NodeMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  /** Shows a site's view of itself from now on. */
  void show(
      Supplier<SiteView> view, Supplier<Number> batchesInFlight, Supplier<Number> queuedEvents) {
    gauge("holdfast.node.op", "The last op applied here", view, SiteView::op);
    gauge("holdfast.node.term", "The consensus term", view, SiteView::term);
    gauge("holdfast.node.transfers", "Transfers created so far", view, SiteView::transfers);
    gauge("holdfast.node.accounts", "Accounts created so far", view, SiteView::accounts);
    gauge("holdfast.node.lag.ops", "Ops behind the leader", view, Statuses::lagOps);
    gauge(
        "holdfast.node.leads",
        "1 on the node that leads, else 0",
        view,
        now -> now.nodeId().equals(now.leader()) ? 1 : 0);
    gauge(
        "holdfast.node.leader.ready",
        "1 while a leader is known that takes writes, else 0",
        view,
        now -> now.leaderReady() ? 1 : 0);
    gauge(
        "holdfast.node.incidents",
        "How many things are wrong now; GET /v1/status names them",
        view,
        now -> now.incidents().size());
    Gauge.builder("holdfast.node.batches.in.flight", batchesInFlight)
        .description("Batches handed to consensus and not yet answered")
        .register(registry);
    Gauge.builder("holdfast.node.queued.events", queuedEvents)
        .description("Accounts and transfers that wait to be collected into a batch")
        .register(registry);
    for (SiteView.Peer peer : view.get().peers()) {
      ofPeer("holdfast.node.peer.op", "The last op applied there", view, peer, SiteView.Peer::op);
      ofPeer(
          "holdfast.node.peer.clock.offset.millis",
          "Its wall clock against the median of the members",
          view,
          peer,
          SiteView.Peer::clockOffsetMillis);
      ofPeer(
          "holdfast.node.peer.last.heard.millis",
          "How long ago it was heard of; -1 for never",
          view,
          peer,
          SiteView.Peer::lastHeardMillis);
    }
  }

  /** Shows where the journal and its index stand from now on. */
  void show(Supplier<JournalStats> journal, Supplier<IndexStats> index) {
    ofJournal("op", "The last op written to the journal", journal, JournalStats::lastOp);
    ofJournal("synced.op", "The last op synced in the journal", journal, JournalStats::syncedOp);
    ofJournal("segments", "Files of the journal", journal, JournalStats::segments);
    ofJournal("bytes", "Size of the journal", journal, JournalStats::sizeBytes);
    ofIndex("op", "The last op that the index tells of", index, IndexStats::lastOp);
    ofIndex("runs", "Files of the index", index, IndexStats::runs);
    ofIndex("bytes", "Size of the index", index, IndexStats::sizeBytes);
    ofIndex("waiting", "Parts of history that wait to be indexed", index, IndexStats::waiting);
  }

  /** Shows from now on how far the node is with reading again what it has on disk. */
  void showScrub(Supplier<ScrubStatus> scrub) {
    ofScrub("bytes", "Bytes read again since the start", scrub, ScrubStatus::bytesEver);
    ofScrub(
        "progress",
        "Share of the pass under way that is done, or 1",
        scrub,
        now -> now.running() && now.totalBytes() > 0 ? (double) now.bytes() / now.totalBytes() : 1);
    ofScrub(
        "passes", "Passes over all that is on disk, since the start", scrub, ScrubStatus::passes);
    ofScrub(
        "last.pass.age.seconds",
        "How long ago the last pass ended; -1 while none has since the start",
        scrub,
        NodeMetrics::ageSeconds);
    ofScrub("found", "Damaged files found since the start", scrub, ScrubStatus::found);
    ofScrub("mended", "Damaged files mended since the start", scrub, ScrubStatus::mended);
    ofScrub("unmended", "Files that are damaged now", scrub, now -> now.unmended().size());
  }

  /** Shows where the checkpoints stand from now on, and whether the replicas agree. */
  void showCheckpoints(Supplier<CheckpointStatus> checkpoints) {
    ofCheckpoint("op", "The op of the newest checkpoint", checkpoints, CheckpointStatus::op);
    ofCheckpoint(
        "age.seconds",
        "How long ago it was written; -1 while none was since the start",
        checkpoints,
        now -> secondsSince(now.writtenMillis()));
    ofCheckpoint(
        "roots.agreed",
        "Comparisons with another node's checkpoint that agreed, since the start",
        checkpoints,
        CheckpointStatus::agreed);
    ofCheckpoint(
        "roots.differing",
        "Comparisons with another node's checkpoint that differed, since the start",
        checkpoints,
        CheckpointStatus::differing);
  }

  /** Shows from now on how each repository of backups is, as far as this node knows. */
  void showBackups(Supplier<VaultService.Status> backups) {
    for (RepositoryStatus one : backups.get().repositories()) {
      Supplier<RepositoryStatus> now =
          () ->
              backups.get().repositories().stream()
                  .filter(status -> status.name().equals(one.name()))
                  .findFirst()
                  .orElse(one);
      BackupMetrics.show(registry, one.name(), now);
    }
  }

  private void ofCheckpoint(
      String name,
      String what,
      Supplier<CheckpointStatus> checkpoints,
      ToDoubleFunction<CheckpointStatus> value) {
    Gauge.builder("holdfast.node.checkpoint." + name, () -> value.applyAsDouble(checkpoints.get()))
        .description(what)
        .register(registry);
  }

  private static double ageSeconds(ScrubStatus scrub) {
    return secondsSince(scrub.lastEndedMillis());
  }

  /** Of a moment in wall-clock time; -1 for none. */
  static double secondsSince(long millis) {
    return millis == 0 ? -1 : (System.currentTimeMillis() - millis) / 1_000.0;
  }

  private void ofScrub(
      String name, String what, Supplier<ScrubStatus> scrub, ToDoubleFunction<ScrubStatus> value) {
    Gauge.builder("holdfast.node.scrub." + name, () -> value.applyAsDouble(scrub.get()))
        .description(what)
        .register(registry);
  }

  private void ofIndex(
      String name, String what, Supplier<IndexStats> index, ToDoubleFunction<IndexStats> value) {
    Gauge.builder("holdfast.node.index." + name, () -> value.applyAsDouble(index.get()))
        .description(what)
        .register(registry);
  }

  private void ofJournal(
      String name,
      String what,
      Supplier<JournalStats> journal,
      ToDoubleFunction<JournalStats> value) {
    Gauge.builder("holdfast.node.journal." + name, () -> value.applyAsDouble(journal.get()))
        .description(what)
        .register(registry);
  }

  /** A request was answered, refused or given up after this time. */
  void submitted(long nanos, @Nullable Throwable failure) {
    Timer timer = failure == null ? answered : notTaken(failure) ? refused : unanswered;
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  private static boolean notTaken(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof HoldfastException coded && !coded.code().equals("outcome-unknown");
  }

  private Timer timer(String outcome) {
    return Timer.builder("holdfast.node.submit")
        .description("From a request's way into the queue to its answer, by outcome")
        .tag("outcome", outcome)
        .register(registry);
  }

  private void gauge(
      String name, String what, Supplier<SiteView> view, ToDoubleFunction<SiteView> value) {
    Gauge.builder(name, () -> value.applyAsDouble(recent(view)))
        .description(what)
        .register(registry);
  }

  private void ofPeer(
      String name,
      String what,
      Supplier<SiteView> view,
      SiteView.Peer member,
      ToDoubleFunction<SiteView.Peer> value) {
    Gauge.builder(
            name,
            () ->
                recent(view).peers().stream()
                    .filter(peer -> peer.nodeId().equals(member.nodeId()))
                    .mapToDouble(value)
                    .findFirst()
                    .orElse(-1))
        .description(what)
        .tag("peer", member.nodeId())
        .register(registry);
  }

  private synchronized SiteView recent(Supplier<SiteView> view) {
    SiteView current = seen;
    if (current == null || System.nanoTime() - seenAt > VIEW_NANOS) {
      current = view.get();
      seen = current;
      seenAt = System.nanoTime();
    }
    return current;
  }
}

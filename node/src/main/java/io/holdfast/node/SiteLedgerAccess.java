package io.holdfast.node;

import io.holdfast.client.QueriedLedger;
import io.holdfast.client.SiteStatus;
import io.holdfast.cluster.Site;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger of this node's site, in process: what the gateways of a node are given. Every failure
 * comes out with one of the codes that {@link io.holdfast.client.LedgerAccess} promises.
 */
final class SiteLedgerAccess extends QueriedLedger {
  private static final Logger LOG = LoggerFactory.getLogger(SiteLedgerAccess.class);

  /** A read finds a leader within this time, or is told that it cannot be answered. */
  private static final Duration READ_DEADLINE = Duration.ofSeconds(5);

  private static final Set<String> OF_WRITES =
      Set.of("outcome-unknown", "no-leader", "overloaded", "request-too-large");

  private static final Set<String> OF_READS = Set.of("unavailable", "out-of-range");

  private final Site site;
  private final NodeMetrics metrics;

  SiteLedgerAccess(Site site, NodeMetrics metrics) {
    this.site = site;
    this.metrics = metrics;
  }

  @Override
  public CompletableFuture<Reply> submit(Request request, Duration deadline) {
    long began = System.nanoTime();
    return site.submit(request, deadline)
        .handle(
            (reply, failure) -> {
              metrics.submitted(System.nanoTime() - began, failure);
              if (failure != null) {
                throw refusedWrite(failure);
              }
              return reply;
            });
  }

  @Override
  public CompletableFuture<SiteStatus> status() {
    return CompletableFuture.completedFuture(Statuses.of(site.view()));
  }

  @Override
  protected long knownUntilNanos() {
    return site.timeNanos();
  }

  @Override
  protected <T> CompletableFuture<Answer<T>> read(
      Consistency consistency, Function<Queries, T> query) {
    boolean linearizable = consistency == Consistency.LINEARIZABLE;
    BiFunction<Site.Read<T>, Throwable, Answer<T>> answer =
        (read, failure) -> {
          if (failure != null) {
            throw refusedRead(failure);
          }
          return linearizable
              ? new Answer<>(read.value(), read.op(), 0, 0)
              : new Answer<>(read.value(), read.op(), read.lagOps(), read.lagMillis());
        };
    return site.read(linearizable, READ_DEADLINE, query).handle(answer);
  }

  private static HoldfastException refusedWrite(Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof HoldfastException coded && OF_WRITES.contains(coded.code())) {
      return coded;
    }
    LOG.warn("a submission failed in a way that says nothing about its outcome", cause);
    return new HoldfastException(
        "outcome-unknown",
        "the node failed while it worked on the request; it may or may not have happened",
        "repeat it with the same ids: what happened answers 'exists'",
        cause);
  }

  private static HoldfastException refusedRead(Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof HoldfastException coded && OF_READS.contains(coded.code())) {
      return coded;
    }
    LOG.warn("a read failed", cause);
    return new HoldfastException(
        "unavailable", "the node failed while it read", "repeat it, at another node", cause);
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}

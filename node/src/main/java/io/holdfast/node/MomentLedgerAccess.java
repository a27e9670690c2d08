package io.holdfast.node;

import io.holdfast.client.QueriedLedger;
import io.holdfast.client.SiteStatus;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.vault.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A ledger as it was at a past moment: it answers what a gateway asks, every answer is of that
 * moment, and it takes no writes.
 */
final class MomentLedgerAccess extends QueriedLedger {
  private static final String NAME = "preview";
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Moment moment;

  MomentLedgerAccess(Moment moment) {
    this.moment = moment;
  }

  /** What all should know who look at it. */
  static String words(Moment moment) {
    Instant time =
        Instant.ofEpochSecond(moment.timeNanos() / SECOND_NANOS, moment.timeNanos() % SECOND_NANOS);
    return "this is a preview of op " + moment.op() + " at " + time + ", not the ledger of now";
  }

  @Override
  public CompletableFuture<Reply> submit(Request request, Duration deadline) {
    return CompletableFuture.failedFuture(
        new HoldfastException(
            "preview-read-only",
            words(moment) + "; it takes no writes",
            "send it to a gateway of the site"));
  }

  @Override
  public CompletableFuture<SiteStatus> status() {
    return CompletableFuture.completedFuture(
        new SiteStatus(
            moment.ledgerId().toHex(),
            NAME,
            NAME,
            Version.text(),
            null,
            0,
            moment.op(),
            moment.transfers(),
            moment.accounts(),
            List.of(new SiteStatus.Member(NAME, "in-process", "follower", moment.op(), 0, 0, 0)),
            List.of(words(moment))));
  }

  @Override
  protected long knownUntilNanos() {
    return moment.timeNanos();
  }

  @Override
  protected <T> CompletableFuture<Answer<T>> read(
      Consistency consistency, Function<Queries, T> query) {
    try {
      return CompletableFuture.completedFuture(
          new Answer<>(query.apply(moment.queries()), moment.op(), 0, 0));
    } catch (HoldfastException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}

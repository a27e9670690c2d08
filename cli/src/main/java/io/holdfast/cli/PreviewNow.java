package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Queries;
import io.holdfast.vault.Moment;
import java.time.Duration;
import java.util.function.LongSupplier;

/** What a moment is compared with: the newest one of a journal, or a running ledger. */
final class PreviewNow implements AutoCloseable {
  private final String ledgerId;
  private final Queries queries;
  private final LongSupplier op;
  private final String words;
  private final AutoCloseable closing;

  private PreviewNow(
      String ledgerId, Queries queries, LongSupplier op, String words, AutoCloseable closing) {
    this.ledgerId = ledgerId;
    this.queries = queries;
    this.op = op;
    this.words = words;
    this.closing = closing;
  }

  /** The moment is closed by who opened it. */
  static PreviewNow of(Moment moment) {
    return new PreviewNow(
        moment.ledgerId().toHex(),
        moment.queries(),
        moment::op,
        "op " + moment.op() + " at " + Shown.time(moment.timeNanos()),
        () -> {});
  }

  /** The client is closed with this. */
  static PreviewNow of(HoldfastClient client, Duration patience) {
    GatewayQueries queries = new GatewayQueries(client, patience);
    try {
      String ledgerId = Patience.on(client::status, patience).ledgerId();
      return new PreviewNow(ledgerId, queries, queries::op, "the running ledger", client);
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  Queries queries() {
    return queries;
  }

  /** The op after which the last answer was so. */
  long op() {
    return op.getAsLong();
  }

  String words() {
    return words;
  }

  void checkSameLedger(Moment then) {
    if (!then.ledgerId().toHex().equals(ledgerId)) {
      throw new HoldfastException(
          "moments-differ",
          "the moment is of ledger " + then.ledgerId().toHex() + ", now is of " + ledgerId,
          "compare a moment with the ledger that its journal is of");
    }
  }

  @Override
  public void close() {
    try {
      closing.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("neither of the two throws anything else", e);
    }
  }
}

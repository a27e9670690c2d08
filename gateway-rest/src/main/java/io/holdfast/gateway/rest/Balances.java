package io.holdfast.gateway.rest;

import io.holdfast.client.JsonAnswers;
import io.holdfast.client.LedgerAccess;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.client.TimeToCome;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.Holds;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** One account's balances at a time, and its balances now with the reservations on them. */
final class Balances {
  /** The parameters of the balances at a time. */
  static final Set<String> BALANCE_PARAMETERS = Set.of("at", "consistency");

  /** The parameters of the open reservations. */
  static final Set<String> HOLDS_PARAMETERS = Set.of("limit", "after", "consistency");

  /** Stands for now towards the ledger; where a caller says it, it is a time to come. */
  private static final long NOW = Long.MAX_VALUE;

  private static final long LEFT_OUT = -1;

  private final LedgerAccess ledger;

  Balances(LedgerAccess ledger) {
    this.ledger = ledger;
  }

  Answer at(Exchange exchange) {
    QueryParameters query = new QueryParameters(exchange.request().query(), BALANCE_PARAMETERS);
    UInt128 id = exchange.id();
    long asked = query.nanos("at", LEFT_OUT);
    long at = asked == LEFT_OUT ? NOW : Math.min(asked, NOW - 1);
    Consistency consistency = query.consistency();
    LedgerAccess.Answer<Optional<Balance>> read =
        known(() -> Waiting.forRead(ledger.balanceAt(id, at, consistency), exchange.timeout()));
    if (read.value().isEmpty()) {
      return at == NOW ? noAccount(id, consistency, read) : notOpen(id, at, read);
    }
    return Answer.json(JsonAnswers.balance(with(read, read.value().get()))).withFreshness(read);
  }

  /** Names the parameter when the time is to come. */
  private static <T> T known(Supplier<T> read) {
    try {
      return read.get();
    } catch (HoldfastException e) {
      throw e.code().equals(TimeToCome.CODE)
          ? Refusal.parameter("at", ErrorCode.TIME_TO_COME, e.message(), e.hint())
          : e;
    }
  }

  Answer holds(Exchange exchange) {
    QueryParameters query = new QueryParameters(exchange.request().query(), HOLDS_PARAMETERS);
    UInt128 id = exchange.id();
    Consistency consistency = query.consistency();
    LedgerAccess.Answer<Optional<Holds>> read =
        Waiting.forRead(
            ledger.holdsOf(id, query.limit(), query.nanos("after", 0), consistency),
            exchange.timeout());
    if (read.value().isEmpty()) {
      return noAccount(id, consistency, read);
    }
    return Answer.json(JsonAnswers.holds(with(read, read.value().get()))).withFreshness(read);
  }

  private static <T> LedgerAccess.Answer<T> with(LedgerAccess.Answer<?> read, T value) {
    return new LedgerAccess.Answer<>(value, read.op(), read.lagOps(), read.lagMillis());
  }

  private static Answer noAccount(
      UInt128 id, Consistency consistency, LedgerAccess.Answer<?> read) {
    return missing(
        "there is no account with id " + id.toId(),
        consistency == Consistency.STALE_OK ? Lookups.MAYBE_BEHIND : "",
        read);
  }

  private static Answer notOpen(UInt128 id, long at, LedgerAccess.Answer<?> read) {
    return missing(
        "there was no account with id " + id.toId() + " at " + at,
        "if there is one by now, GET /v1/accounts/" + id.toId() + " says when it was opened",
        read);
  }

  private static Answer missing(String detail, String hint, LedgerAccess.Answer<?> read) {
    return Answer.problem(Problem.of(ErrorCode.NOT_FOUND, detail, hint)).withFreshness(read);
  }
}

package io.holdfast.gateway.rest;

/**
 * One method of one path.
 *
 * @param template the path, with {@code {id}} where an id stands
 * @param kind what a request on it costs
 */
record Route(String method, String template, Kind kind, Handler handler) {
  /** How a request is let in. */
  enum Kind {
    /** Has a body, asks the ledger: its body is read first, then it takes one of the slots. */
    BODY,
    /** Asks the ledger: takes one of the slots. */
    QUERY,
    /** Answered by the gateway itself, also when all slots are taken. */
    LOCAL
  }

  /** Answers a request; throws {@link io.holdfast.kernel.HoldfastException} to refuse it. */
  interface Handler {
    Answer answer(Exchange exchange);
  }
}

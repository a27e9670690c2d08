package io.holdfast.drill;

import io.holdfast.ledger.Reply;

/** What a client was told about a request. */
public sealed interface Told {
  /** Judged: a status per event. */
  record Answered(Reply reply) implements Told {}

  /** Not taken, and never will be; the code says why. */
  record NotTaken(String code) implements Told {}

  /** No answer by the deadline, or one that says so: it may or may not have happened. */
  record Unknown(String code) implements Told {}
}

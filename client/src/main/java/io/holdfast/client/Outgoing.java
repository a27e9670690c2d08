package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;

/** One request to be sent, and those who wait for its answer. */
interface Outgoing {
  /** Its encoding, made when it is about to be sent. */
  Request request();

  /** When the last of its callers stops waiting, a time of {@link System#nanoTime}. */
  long deadline();

  void answered(Reply reply);

  void failed(HoldfastException end);
}

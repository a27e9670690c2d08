package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.util.concurrent.CompletableFuture;

/** A request that a caller put together; it is sent as it is, alone. */
record OutgoingRequest(Request request, long deadline, CompletableFuture<Reply> reply)
    implements Outgoing {

  @Override
  public void answered(Reply answer) {
    reply.complete(answer);
  }

  @Override
  public void failed(HoldfastException end) {
    reply.completeExceptionally(end);
  }
}

package io.holdfast.client;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The body of a request, which can be withdrawn as long as its sending has not begun: HTTP sends a
 * body only after connection and headers stand. A gateway that never got a withdrawn body cannot
 * have acted on it. That is how an attempt that waited for a connection in vain is told from one
 * that may have been taken.
 */
final class WithdrawableBody implements BodyPublisher {
  private enum State {
    HELD,
    SENT,
    WITHDRAWN
  }

  private final BodyPublisher bytes;
  private final AtomicReference<State> state = new AtomicReference<>(State.HELD);

  WithdrawableBody(byte[] bytes) {
    this.bytes = BodyPublishers.ofByteArray(bytes);
  }

  /** Forbids sending it; false if some of it may have been sent. */
  boolean withdraw() {
    return state.compareAndSet(State.HELD, State.WITHDRAWN) || state.get() == State.WITHDRAWN;
  }

  @Override
  public long contentLength() {
    return bytes.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    if (state.compareAndSet(State.HELD, State.SENT) || state.get() == State.SENT) {
      bytes.subscribe(subscriber);
    } else {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
          });
      subscriber.onError(new IOException("withdrawn"));
    }
  }
}

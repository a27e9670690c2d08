package io.holdfast.gateway.rest;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose client takes too long: to send a request, to read an answer, or to do
 * anything at all. The server's own sockets have no such limits; without this a client that sends a
 * byte a minute would hold its connection for ever.
 *
 * <p>Each connection has one deadline, moved along as the request proceeds:
 *
 * <pre>
 * accepted, or answered   → idle timeout, for the headers to be there
 * first line read         → receive timeout, for the body to be there
 * body read               → none: the request has a deadline of its own
 * answer about to be sent → send timeout
 * </pre>
 *
 * <p>Threads: the thread that accepts connections calls {@link #accepted}, each connection's own
 * thread the rest, one sweeper closes. They share the deadline alone, a volatile.
 */
final class SlowClients implements AutoCloseable {
  private static final long NEVER = Long.MAX_VALUE;

  /** The connection that this thread serves; a thread serves one all its life. */
  private static final ThreadLocal<@Nullable Watched> MINE = new ThreadLocal<>();

  /** One connection and when it is closed. */
  private static final class Watched {
    private final SocketChannel channel;
    private volatile long deadlineNanos;

    Watched(SocketChannel channel, long deadlineNanos) {
      this.channel = channel;
      this.deadlineNanos = deadlineNanos;
    }
  }

  private final long receiveNanos;
  private final long sendNanos;
  private final long idleNanos;
  private final long sweepMillis;
  private final RestMetrics metrics;
  private final Map<SocketAddress, Watched> connections = new ConcurrentHashMap<>();
  private final Thread sweeper;
  private volatile boolean closed;

  SlowClients(RestConfig config, RestMetrics metrics) {
    this.receiveNanos = config.receiveTimeout().toNanos();
    this.sendNanos = config.sendTimeout().toNanos();
    this.idleNanos = config.idleTimeout().toNanos();
    this.metrics = metrics;
    long shortest = Math.min(Math.min(receiveNanos, sendNanos), idleNanos);
    this.sweepMillis = Math.clamp(shortest / 4_000_000, 10, 1_000);
    this.sweeper = Thread.ofVirtual().name("rest-slow-clients").unstarted(this::sweep);
  }

  void start() {
    sweeper.start();
  }

  /** Connections that are open now. */
  int open() {
    return connections.size();
  }

  /** To be given to the server: how it sets up a connection that it has just accepted. */
  SocketOptions socketOptions() {
    SocketOptions options = SocketOptions.builder().tcpNoDelay(true).build();
    return new WatchedOptions(options);
  }

  /** To be given to the server: hears what arrives on each connection. */
  Http1ConnectionListener listener() {
    return new Http1ConnectionListener() {
      @Override
      public void prologue(ConnectionContext context, HttpPrologue prologue) {
        move(context, receiveNanos);
      }

      @Override
      public void headers(ConnectionContext context, Headers headers) {}

      @Override
      public void data(ConnectionContext context, BufferData data) {}

      @Override
      public void data(ConnectionContext context, byte[] bytes, int position, int length) {}
    };
  }

  /** The request of this thread's connection is read; what follows has deadlines of its own. */
  void received() {
    Watched watched = MINE.get();
    if (watched != null) {
      watched.deadlineNanos = NEVER;
    }
  }

  /** The answer of this thread's connection is about to be sent. */
  void sending() {
    Watched watched = MINE.get();
    if (watched != null) {
      watched.deadlineNanos = System.nanoTime() + sendNanos;
    }
  }

  /** The answer of this thread's connection is sent. */
  void sent() {
    Watched watched = MINE.get();
    if (watched != null) {
      watched.deadlineNanos = System.nanoTime() + idleNanos;
    }
  }

  @Override
  public void close() {
    closed = true;
    sweeper.interrupt();
  }

  private void accepted(SocketChannel channel) {
    try {
      SocketAddress remote = channel.getRemoteAddress();
      connections.put(remote, new Watched(channel, System.nanoTime() + idleNanos));
    } catch (IOException e) {
      // Gone already: the server finds out as soon as it reads.
    }
  }

  private void move(ConnectionContext context, long nanos) {
    Watched watched = MINE.get();
    if (watched == null) {
      watched = connections.get(context.remotePeer().address());
      if (watched == null) {
        return;
      }
      MINE.set(watched);
    }
    watched.deadlineNanos = System.nanoTime() + nanos;
  }

  private void sweep() {
    while (!closed) {
      try {
        Thread.sleep(Duration.ofMillis(sweepMillis));
      } catch (InterruptedException e) {
        return;
      }
      long now = System.nanoTime();
      connections.forEach(
          (remote, watched) -> {
            if (watched.channel.isOpen() && isPast(watched.deadlineNanos, now)) {
              metrics.slowClient();
              close(watched.channel);
            }
            if (!watched.channel.isOpen()) {
              connections.remove(remote, watched);
            }
          });
    }
  }

  private static boolean isPast(long deadlineNanos, long now) {
    return deadlineNanos != NEVER && now - deadlineNanos > 0;
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is closed all the same; the connection's own thread sees that.
    }
  }

  /** The usual options, and a note of each connection they are set on. */
  private final class WatchedOptions implements SocketOptions {
    private final SocketOptions usual;

    WatchedOptions(SocketOptions usual) {
      this.usual = usual;
    }

    @Override
    public void configureSocket(SocketChannel socket) {
      usual.configureSocket(socket);
      accepted(socket);
    }

    @Override
    public Map<SocketOption<?>, Object> socketOptions() {
      return usual.socketOptions();
    }

    @Override
    public Duration connectTimeout() {
      return usual.connectTimeout();
    }

    @Override
    public Duration readTimeout() {
      return usual.readTimeout();
    }

    @Override
    public Optional<Integer> socketReceiveBufferSize() {
      return usual.socketReceiveBufferSize();
    }

    @Override
    public Optional<Integer> socketSendBufferSize() {
      return usual.socketSendBufferSize();
    }

    @Override
    public boolean socketReuseAddress() {
      return usual.socketReuseAddress();
    }

    @Override
    public boolean socketKeepAlive() {
      return usual.socketKeepAlive();
    }

    @Override
    public boolean tcpNoDelay() {
      return (Boolean) usual.socketOptions().getOrDefault(StandardSocketOptions.TCP_NODELAY, true);
    }
  }
}

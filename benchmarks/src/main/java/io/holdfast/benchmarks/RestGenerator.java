package io.holdfast.benchmarks;

import io.holdfast.drill.NodeAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * A lean load generator: one thread, one selector, plain sockets, the least parsing that tells
 * success from failure. It costs about a tenth of what an HTTP client would, so that on a small
 * machine the site is measured and not its client.
 */
final class RestGenerator implements AutoCloseable {
  private static final byte[] CREATED = "\"created\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LENGTH = "content-length: ".getBytes(StandardCharsets.US_ASCII);
  private static final long LATENCY_MAX_MICROS = 60_000_000;

  private final Selector selector;
  private final int accounts;
  private final SplittableRandom random = new SplittableRandom(1);
  private final Thread thread = Thread.ofPlatform().name("rest-generator").unstarted(this::run);
  private Histogram latencyMicros = new Histogram(LATENCY_MAX_MICROS, 3);
  private long nextId = 1;
  private long payments;
  private long failed;
  private volatile boolean running = true;
  private volatile boolean resetDue;

  /** What was counted since {@link #measureFromNow}. */
  record Measured(long payments, long failed, Histogram latencyMicros) {}

  private static final class Connection {
    final SocketChannel channel;
    final ByteBuffer in = ByteBuffer.allocate(16 * 1024);
    ByteBuffer out = ByteBuffer.allocate(0);
    long sentNanos;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }
  }

  RestGenerator(List<NodeAddress> gateways, int connections, int accounts) throws IOException {
    this.accounts = accounts;
    this.selector = Selector.open();
    for (int i = 0; i < connections; i++) {
      NodeAddress gateway = gateways.get(i % gateways.size());
      SocketChannel channel =
          SocketChannel.open(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.restPort()));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
    }
  }

  void start() {
    thread.start();
  }

  void measureFromNow() {
    resetDue = true;
  }

  Measured stop() throws InterruptedException {
    running = false;
    selector.wakeup();
    thread.join();
    return new Measured(payments, failed, latencyMicros);
  }

  @Override
  public void close() throws IOException {
    running = false;
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private void run() {
    try {
      for (SelectionKey key : selector.keys()) {
        pay((Connection) key.attachment());
      }
      while (running) {
        selector.select(key -> turn(key), 1_000);
        if (resetDue) {
          resetDue = false;
          payments = 0;
          failed = 0;
          latencyMicros = new Histogram(LATENCY_MAX_MICROS, 3);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void turn(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      if (key.isWritable()) {
        flush(connection, key);
      }
      if (key.isReadable()) {
        if (connection.channel.read(connection.in) < 0) {
          throw new IOException("a gateway closed a connection");
        }
        int end = endOfResponse(connection.in);
        if (end > 0) {
          finished(connection, end);
          pay(connection);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void finished(Connection connection, int end) {
    long micros = (System.nanoTime() - connection.sentNanos) / 1_000;
    latencyMicros.recordValue(Math.min(LATENCY_MAX_MICROS, micros));
    if (find(connection.in, CREATED, 0, end) >= 0) {
      payments++;
    } else {
      failed++;
    }
    connection.in.clear();
  }

  private void pay(Connection connection) throws IOException {
    int debit = random.nextInt(accounts);
    int credit = (debit + 1 + random.nextInt(accounts - 1)) % accounts;
    String body =
        "[{\"id\":\""
            + nextId++
            + "\",\"debit_account_id\":\""
            + (debit + 1)
            + "\",\"credit_account_id\":\""
            + (credit + 1)
            + "\",\"amount\":\"1\",\"ledger\":978,\"code\":1}]";
    String request =
        "POST /v1/transfers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    connection.out = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
    connection.sentNanos = System.nanoTime();
    flush(connection, connection.channel.keyFor(selector));
  }

  private static void flush(Connection connection, SelectionKey key) throws IOException {
    connection.channel.write(connection.out);
    int interest =
        connection.out.hasRemaining()
            ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
            : SelectionKey.OP_READ;
    if (key.interestOps() != interest) {
      key.interestOps(interest);
    }
  }

  /** The bytes of a whole response at the beginning of the buffer; -1 while it is not whole. */
  static int endOfResponse(ByteBuffer in) {
    int head = find(in, new byte[] {'\r', '\n', '\r', '\n'}, 0, in.position());
    int length = find(in, LENGTH, 0, in.position());
    if (head < 0 || length < 0 || length > head) {
      return -1;
    }
    int bodyBytes = 0;
    for (int at = length + LENGTH.length; in.get(at) != '\r'; at++) {
      bodyBytes = bodyBytes * 10 + in.get(at) - '0';
    }
    int end = head + 4 + bodyBytes;
    return in.position() >= end ? end : -1;
  }

  /** Finds the word, upper and lower case alike. */
  private static int find(ByteBuffer in, byte[] word, int from, int to) {
    for (int at = from; at + word.length <= to; at++) {
      int i = 0;
      while (i < word.length && lower(in.get(at + i)) == word[i]) {
        i++;
      }
      if (i == word.length) {
        return at;
      }
    }
    return -1;
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + 32 : b;
  }
}

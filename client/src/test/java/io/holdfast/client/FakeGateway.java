package io.holdfast.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** A gateway on loopback that speaks real HTTP and behaves, well or badly, as a test says. */
final class FakeGateway implements AutoCloseable {
  /** What it does with a request. */
  sealed interface Reaction {
    record Answer(int status, Map<String, String> headers, byte[] body) implements Reaction {}

    /** Answers only after {@link FakeGateway#wake}, as a process that was stopped and goes on. */
    record Hang(Function<Received, Reaction> afterwards) implements Reaction {}

    /** Cuts the connection, having done or not done what was asked. */
    record Reset() implements Reaction {}

    /** Answers in no protocol. */
    record Garbage() implements Reaction {}
  }

  record Received(String method, String path, Map<String, String> headers, byte[] body) {}

  private final ServerSocket server;
  private final boolean secure;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final Queue<Received> received = new ConcurrentLinkedQueue<>();
  private final CountDownLatch awake = new CountDownLatch(1);
  private volatile Function<Received, Reaction> script;
  private volatile boolean leads;
  private volatile boolean hangs;

  FakeGateway(Function<Received, Reaction> script) throws IOException {
    this(script, ServerSocketFactory.getDefault());
  }

  FakeGateway(Function<Received, Reaction> script, ServerSocketFactory sockets) throws IOException {
    this.script = script;
    this.secure = sockets instanceof SSLServerSocketFactory;
    this.server = sockets.createServerSocket(0, 128, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::acceptAll);
  }

  URI address() {
    return URI.create((secure ? "https" : "http") + "://127.0.0.1:" + server.getLocalPort());
  }

  FakeGateway leads(boolean does) {
    leads = does;
    return this;
  }

  void react(Function<Received, Reaction> next) {
    script = next;
  }

  /** From now on nothing is answered, not even a probe. */
  void hang() {
    hangs = true;
  }

  /** Answers what hung, and everything that comes. */
  void wake() {
    hangs = false;
    awake.countDown();
  }

  /** All requests but probes. */
  Queue<Received> received() {
    return received;
  }

  int connectionCount() {
    return connections.size();
  }

  static Reaction.Answer binary(byte[] body, Map<String, String> headers) {
    Map<String, String> all = new TreeMap<>(headers);
    all.put("Content-Type", Transport.BATCH);
    return new Reaction.Answer(200, all, body);
  }

  static Reaction.Answer json(int status, String body) {
    return new Reaction.Answer(
        status, Map.of("Content-Type", "application/json"), body.getBytes(UTF_8));
  }

  static Reaction.Answer problem(int status, String code) {
    return new Reaction.Answer(
        status,
        Map.of("Content-Type", "application/problem+json", "Retry-After", "0"),
        ("{\"code\":\"" + code + "\",\"detail\":\"d\",\"hint\":\"h\"}").getBytes(UTF_8));
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      OutputStream out = socket.getOutputStream();
      for (Received request = read(in); request != null; request = read(in)) {
        if (!act(reaction(request), request, socket, out)) {
          return;
        }
      }
    } catch (IOException | InterruptedException gone) {
      // the client went away or the test is over
    } finally {
      connections.remove(socket);
    }
  }

  private Reaction reaction(Received request) throws InterruptedException {
    if (request.path().startsWith("/health/")) {
      if (hangs) {
        awake.await();
      }
      return new Reaction.Answer(leads ? 200 : 503, Map.of(), new byte[0]);
    }
    received.add(request);
    if (hangs) {
      awake.await();
    }
    return script.apply(request);
  }

  private boolean act(Reaction reaction, Received request, Socket socket, OutputStream out)
      throws IOException, InterruptedException {
    switch (reaction) {
      case Reaction.Answer answer -> {
        write(out, answer);
        return true;
      }
      case Reaction.Hang(Function<Received, Reaction> afterwards) -> {
        awake.await();
        return act(afterwards.apply(request), request, socket, out);
      }
      case Reaction.Reset() -> socket.setSoLinger(true, 0);
      case Reaction.Garbage() -> {
        out.write("no HTTP at all\r\n\r\n".getBytes(ISO_8859_1));
        out.flush();
      }
    }
    return false;
  }

  private static void write(OutputStream out, Reaction.Answer answer) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " x\r\n");
    answer.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Content-Length: " + answer.body().length + "\r\n\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.toString().getBytes(ISO_8859_1));
    all.writeBytes(answer.body());
    out.write(all.toByteArray());
    out.flush();
  }

  private static @Nullable Received read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    String[] words = first.split(" ", -1);
    return new Received(words[0], words[1], headers, body);
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(ISO_8859_1);
  }

  /** As if its process were killed. */
  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : connections) {
      try (socket) {
        socket.setSoLinger(true, 0);
      } catch (SocketException closed) {
        // it was first
      }
    }
    awake.countDown();
  }
}

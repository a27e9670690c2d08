package io.holdfast.vault;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A real HTTP proxy on 127.0.0.1 in front of a server, that does to each request what it is told: a
 * connection carries one request and one answer.
 */
final class HostileHttp implements AutoCloseable {
  private static final int HEAD_BYTES_MAX = 64 << 10;
  private static final int BUFFER_BYTES = 8 << 10;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final int target;
  private final ServerSocket listener;
  private final List<Request> seen = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Thread accepting;
  private volatile Function<Request, Fault> rule = request -> Fault.NONE;

  /** What is done to a request. */
  sealed interface Fault {
    Fault NONE = new Pass();

    /** Nothing. */
    record Pass() implements Fault {}

    /** The server never hears of it. */
    record Answer(int status, Map<String, String> headers, byte[] body) implements Fault {}

    /** It is taken and never answered. */
    record Silence() implements Fault {}

    /** So many bytes of its body reach the server, then both connections end. */
    record CutUpload(int afterBytes) implements Fault {}

    /** The server's answer ends after so many bytes, head included. */
    record CutAnswer(int afterBytes) implements Fault {}

    /** The answer comes at this rate. */
    record SlowAnswer(int bytesPerSecond) implements Fault {}

    /** A bit of the byte at this place behind the head of the answer is another. */
    record Flip(int at) implements Fault {}

    /** The server hears it without this header. */
    record Without(String header) implements Fault {}

    /** An error as S3 words it. */
    static Fault error(int status, String code) {
      return error(status, code, "a message of the store");
    }

    static Fault error(int status, String code, String message) {
      String body =
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>%s</Message>"
                  .formatted(code, message)
              + "<RequestId>1</RequestId></Error>";
      return new Answer(
          status, Map.of("Content-Type", "application/xml"), body.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * A request, without its body.
   *
   * @param headers by their names in lower case
   */
  record Request(String method, String path, Map<String, String> headers) {
    boolean is(String wanted) {
      return method.equals(wanted);
    }

    long length() {
      return Long.parseLong(headers.getOrDefault("content-length", "0"));
    }
  }

  private HostileHttp(int target, ServerSocket listener) {
    this.target = target;
    this.listener = listener;
    this.accepting = Thread.ofPlatform().daemon().name("hostile-http").start(this::accept);
  }

  /**
   * @param target the port of the server; 0 when it never comes to that
   */
  static HostileHttp before(int target) {
    try {
      return new HostileHttp(target, new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  /** From now on each request meets what this says. */
  void rule(Function<Request, Fault> does) {
    rule = does;
  }

  /** The next requests of this method meet these faults, one each, all others none. */
  void next(String method, Fault... faults) {
    Deque<Fault> left = new ArrayDeque<>(List.of(faults));
    rule =
        request -> {
          synchronized (left) {
            return request.is(method) && !left.isEmpty() ? left.removeFirst() : Fault.NONE;
          }
        };
  }

  List<Request> seen() {
    return seen;
  }

  List<Request> seen(String method) {
    return seen.stream().filter(request -> request.is(method)).toList();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  @SuppressWarnings("try") // a socket of the client is closed however it ends
  private void serve(Socket client) {
    sockets.add(client);
    try (client) {
      InputStream in = client.getInputStream();
      String head = head(in);
      if (head == null) {
        return;
      }
      Request request = parse(head);
      Fault fault = rule.apply(request);
      seen.add(request);
      switch (fault) {
        case Fault.Answer answer -> {
          in.skipNBytes(request.length());
          answer(client.getOutputStream(), answer, request.is("HEAD"));
        }
        case Fault.Silence ignored -> in.transferTo(OutputStream.nullOutputStream());
        default -> forward(client, in, head, request, fault);
      }
    } catch (IOException e) {
      // A connection that broke is what this is for.
    } finally {
      sockets.remove(client);
    }
  }

  private void forward(Socket client, InputStream in, String head, Request request, Fault fault)
      throws IOException {
    try (Socket server = new Socket()) {
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      sockets.add(server);
      OutputStream out = server.getOutputStream();
      out.write(oneRequest(head, fault).getBytes(StandardCharsets.ISO_8859_1));
      long upload = request.length();
      if (fault instanceof Fault.CutUpload cut) {
        copy(in, out, Math.min(upload, cut.afterBytes()));
        out.flush();
        return;
      }
      copy(in, out, upload);
      out.flush();
      back(server.getInputStream(), client.getOutputStream(), fault);
      sockets.remove(server);
    }
  }

  private static String oneRequest(String head, Fault fault) {
    StringBuilder lines = new StringBuilder();
    for (String line : head.split("\r\n", 0)) {
      String name = line.split(":", 2)[0].toLowerCase(Locale.ROOT);
      boolean dropped =
          name.equals("connection")
              || (fault instanceof Fault.Without without && name.equals(without.header()));
      if (!dropped) {
        lines.append(line).append("\r\n");
      }
    }
    return lines.append("Connection: close\r\n\r\n").toString();
  }

  private static void back(InputStream server, OutputStream client, Fault fault)
      throws IOException {
    switch (fault) {
      case Fault.CutAnswer cut -> client.write(server.readNBytes(cut.afterBytes()));
      case Fault.Flip flip -> {
        byte[] all = server.readAllBytes();
        int body = new String(all, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        if (body + flip.at() < all.length) {
          all[body + flip.at()] ^= 1;
        }
        client.write(all);
      }
      case Fault.SlowAnswer slow -> {
        for (int b = server.read(); b >= 0; b = server.read()) {
          client.write(b);
          client.flush();
          LockSupport.parkNanos(NANOS_PER_SECOND / slow.bytesPerSecond());
        }
      }
      default -> server.transferTo(client);
    }
    client.flush();
  }

  private static void answer(OutputStream out, Fault.Answer answer, boolean headOnly)
      throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " As Told\r\n");
    answer.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Content-Length: " + answer.body().length + "\r\nConnection: close\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    if (!headOnly) {
      out.write(answer.body());
    }
    out.flush();
  }

  private static void copy(InputStream from, OutputStream to, long bytes) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (long left = bytes; left > 0; ) {
      int read = from.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        return;
      }
      to.write(buffer, 0, read);
      left -= read;
    }
  }

  private static @Nullable String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ends = 0;
    while (ends < 4 && head.size() < HEAD_BYTES_MAX) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      head.write(b);
      boolean expected = b == (ends % 2 == 0 ? '\r' : '\n');
      ends = expected ? ends + 1 : (b == '\r' ? 1 : 0);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static Request parse(String head) {
    String[] lines = head.split("\r\n", 0);
    String[] first = lines[0].split(" ", 0);
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      String[] parts = lines[i].split(":", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
    }
    return new Request(first[0], first[1], headers);
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
      accepting.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

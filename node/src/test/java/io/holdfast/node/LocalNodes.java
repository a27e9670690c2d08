package io.holdfast.node;

import io.holdfast.cluster.Member;
import io.holdfast.cluster.NodeTls;
import io.holdfast.kernel.SystemClock;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Sites on loopback for tests: directories, ports that were free a moment ago, HTTP. */
final class LocalNodes {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private LocalNodes() {}

  /** Makes a site of nodes n1, n2 … whose REST and admin take any free port. */
  static Path site(Path directory, int nodes) throws IOException {
    List<NewNode> plan = new ArrayList<>();
    for (int i = 1; i <= nodes; i++) {
      Address any = new Address("127.0.0.1", 0);
      plan.add(new NewNode(new Member("n" + i, "127.0.0.1", freePort()), any, any));
    }
    NewSite.create(directory, "main", plan, new SystemClock());
    return directory;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(port, path)).GET());
  }

  static HttpResponse<String> post(int port, String path, String json)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri(port, path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(
        request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
  }

  static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** Waits for a condition; half a minute is far more than a laden machine needs. */
  static void await(String what, Callable<Boolean> holds) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!holds.call()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("not within 30 s: " + what);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** A client that believes the nodes of a site, as an application beyond this machine does. */
  static HttpClient secureClient(Path authority) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(5))
        .sslContext(NodeTls.clientContext(authority))
        .build();
  }
}

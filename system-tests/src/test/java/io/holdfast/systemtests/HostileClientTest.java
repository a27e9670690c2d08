package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import io.holdfast.drill.Proof;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Clients that misbehave are answered or dropped; those that behave are served meanwhile. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileClientTest {
  private static final Duration RESUMED = RunningSite.RESUMED;
  private static final int LOCAL_READ_MILLIS = 200;

  private final RunningSite site = RunningSite.prepared("hostile", 3);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private PaymentLoad honest;

  @BeforeAll
  void start() {
    site.startAll();
  }

  @BeforeEach
  void payHonestly() {
    honest = site.clientLoad(RunningSite.modest(Seeds.next("hostile clients")));
    honest.start();
    honest.awaitAcknowledged(50, RESUMED);
  }

  @AfterEach
  void theHonestWereServed() {
    honest.awaitAcknowledged(50, RESUMED);
    assertThat(site.nodes()).allMatch(NodeProcess::isAlive);
    Proof proof = site.prove(honest);
    honest.close();
    assertThat(proof.verdict().unknown()).as("honest payments without an outcome").isZero();
  }

  @AfterAll
  void killAll() {
    site.close();
    http.close();
  }

  @Test
  void garbage_bytes_on_any_port_are_dropped() throws Exception {
    Random random = new Random(honest.plan().seed());
    NodeProcess node = site.leader();
    List<Integer> ports =
        List.of(node.address().restPort(), node.address().adminPort(), node.address().peerPort());
    for (int i = 0; i < 60; i++) {
      byte[] garbage = new byte[1 + random.nextInt(4_000)];
      random.nextBytes(garbage);
      sendAndLookAt(ports.get(i % ports.size()), garbage);
    }
    String endless = "GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    sendAndLookAt(node.address().restPort(), endless.getBytes(StandardCharsets.US_ASCII));
    String headers = "GET /health/live HTTP/1.1\r\n" + "A: b\r\n".repeat(20_000) + "\r\n";
    sendAndLookAt(node.address().restPort(), headers.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void garbage_in_well_formed_http_is_refused_with_a_code() throws Exception {
    URI transfers = site.leader().address().rest().resolve("/v1/transfers");
    Random random = new Random(honest.plan().seed());
    byte[] bytes = new byte[5_000];
    random.nextBytes(bytes);
    byte[] request =
        Request.ofTransfers(
                List.of(Transfer.payment(UInt128.of(1), UInt128.of(2), UInt128.of(3), 1, 1, 1)))
            .bytes()
            .clone();
    request[8] = 99; // claims more events than it carries
    String binary = "application/vnd.holdfast.batch";
    String json = "application/json";
    Map<String, byte[]> bodies =
        Map.of(
            "random",
            bytes,
            "nested",
            "[".repeat(200_000).getBytes(StandardCharsets.US_ASCII),
            "unfinished",
            "[{\"id\":".getBytes(StandardCharsets.US_ASCII),
            "number",
            ("[{\"id\":" + "9".repeat(90_000) + "}]").getBytes(StandardCharsets.US_ASCII),
            "count",
            request,
            "empty",
            new byte[0]);
    for (Map.Entry<String, byte[]> body : bodies.entrySet()) {
      for (String type : List.of(binary, json, "text/nonsense")) {
        int status = post(transfers, type, body.getValue());
        assertThat(status).as("%s as %s", body.getKey(), type).isBetween(400, 429);
      }
    }
  }

  @Test
  void a_flood_is_pushed_back_while_others_pay() {
    NodeProcess flooded = site.follower();
    byte[] body = Request.ofTransfers(manyThatAreRefused()).bytes();
    URI transfers = flooded.address().rest().resolve("/v1/transfers");
    Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    AtomicBoolean going = new AtomicBoolean(true);
    List<Thread> flood = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      flood.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (going.get()) {
                      int status = floodOnce(transfers, body);
                      statuses.computeIfAbsent(status, any -> new LongAdder()).increment();
                    }
                  }));
    }
    honest.awaitAcknowledged(300, RunningSite.SOON);
    Deadline.letPass(Duration.ofSeconds(2));
    going.set(false);
    flood.forEach(
        thread -> {
          try {
            thread.join();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Printed.line("a flood of requests of a mebibyte was answered with %s".formatted(statuses));
    assertThat(statuses.keySet()).isSubsetOf(200, 429, 503, 504);
  }

  @Test
  void clients_that_never_read_block_nobody() throws Exception {
    NodeProcess node = site.leader();
    String ask = "GET /v1/accounts?limit=8189&ledger=978 HTTP/1.1\r\nHost: a\r\n\r\n";
    byte[] many = ask.repeat(40).getBytes(StandardCharsets.US_ASCII);
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.address().restPort());
        socket.setReceiveBufferSize(2_048);
        open.add(socket);
        if (i % 2 == 0) {
          socket.getOutputStream().write(many);
        } else {
          socket
              .getOutputStream()
              .write(
                  "POST /v1/transfers HTTP/1.1\r\nHost: a\r\nCon"
                      .getBytes(StandardCharsets.US_ASCII));
        }
      }
      honest.awaitAcknowledged(300, RESUMED);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  private static List<Transfer> manyThatAreRefused() {
    Transfer toItself = Transfer.payment(UInt128.of(77), UInt128.of(1), UInt128.of(1), 1, 978, 1);
    return Collections.nCopies(8_000, toItself);
  }

  private int floodOnce(URI uri, byte[] body) {
    try {
      return post(uri, "application/vnd.holdfast.batch", body);
    } catch (IOException e) {
      return 503; // the connection was refused or dropped: pushed back as well
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private int post(URI uri, String type, byte[] body) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(uri)
                .header("Content-Type", type)
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private static void sendAndLookAt(int port, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(LOCAL_READ_MILLIS);
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      socket.getInputStream().readNBytes(16);
    } catch (IOException e) {
      return; // reset or no answer in time: both are fair
    }
  }
}

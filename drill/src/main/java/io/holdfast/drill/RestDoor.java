package io.holdfast.drill;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferRecord;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Pays as an application without our client would: JSON over REST, one gateway at a time, to the
 * next one when an answer takes too long or does not come, always with the same ids.
 */
public final class RestDoor implements PaymentDoor {
  /** An answer that takes longer is asked for elsewhere; doubled at each attempt. */
  private static final Duration FIRST_ATTEMPT = Duration.ofMillis(400);

  private static final Duration LONGEST_ATTEMPT = Duration.ofMillis(1_600);
  private static final long PAUSE_NANOS = 10_000_000;
  private static final int CLIENTS_MAX = 4_096;
  private static final String BINARY = "application/vnd.holdfast.batch";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(FIRST_ATTEMPT)
          .build();
  private final List<URI> gateways;
  private final AtomicIntegerArray preferred = new AtomicIntegerArray(CLIENTS_MAX);

  public RestDoor(List<URI> gateways) {
    this.gateways = List.copyOf(gateways);
    for (int client = 0; client < CLIENTS_MAX; client++) {
      preferred.set(client, client % gateways.size());
    }
  }

  @Override
  public Told pay(int client, List<Transfer> request, Duration deadline) {
    String body = PaymentJson.write(request);
    Deadline end = Deadline.in(deadline);
    Duration attempt = FIRST_ATTEMPT;
    boolean maybeTaken = false;
    String code = "unavailable";
    while (!end.passed()) {
      Duration patience = attempt.compareTo(end.left()) < 0 ? attempt : end.left();
      HttpRequest.Builder post =
          HttpRequest.newBuilder(gateway(client).resolve("/v1/transfers"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body));
      try {
        HttpResponse<byte[]> response = send(post, patience);
        if (response.statusCode() == 200) {
          return new Told.Answered(PaymentJson.readReply(response.body(), request.size()));
        }
        code = PaymentJson.problemCode(response.body());
        if (response.statusCode() < 429) {
          return maybeTaken ? new Told.Unknown(code) : new Told.NotTaken(code);
        }
        maybeTaken |= !code.equals("no-leader") && !code.equals("overloaded");
        LockSupport.parkNanos(PAUSE_NANOS);
      } catch (ConnectException | HttpConnectTimeoutException e) {
        code = "unavailable"; // nothing was sent
        LockSupport.parkNanos(PAUSE_NANOS);
      } catch (IOException e) {
        code = "outcome-unknown";
        maybeTaken = true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Told.Unknown("interrupted");
      }
      leave(client);
      Duration twice = attempt.multipliedBy(2);
      attempt = twice.compareTo(LONGEST_ATTEMPT) < 0 ? twice : LONGEST_ATTEMPT;
    }
    return maybeTaken ? new Told.Unknown(code) : new Told.NotTaken(code);
  }

  @Override
  public List<Transfer> lookUp(int client, List<UInt128> ids, Duration deadline) {
    ByteBuffer body = ByteBuffer.allocate(ids.size() * 16).order(ByteOrder.LITTLE_ENDIAN);
    for (UInt128 id : ids) {
      body.putLong(id.lo()).putLong(id.hi());
    }
    HttpRequest.Builder post =
        HttpRequest.newBuilder(gateway(client).resolve("/v1/transfers/lookup"))
            .header("Content-Type", BINARY)
            .POST(BodyPublishers.ofByteArray(body.array()));
    try {
      HttpResponse<byte[]> response = send(post, deadline);
      if (response.statusCode() != 200) {
        throw new HoldfastException(
            PaymentJson.problemCode(response.body()), "look-up was refused", "");
      }
      MemorySegment records = MemorySegment.ofArray(response.body());
      List<Transfer> transfers = new ArrayList<>();
      for (long at = 0; at < records.byteSize(); at += TransferRecord.BYTES) {
        transfers.add(TransferRecord.read(records, at));
      }
      return transfers;
    } catch (IOException e) {
      throw new HoldfastException("unavailable", "no answer to a look-up: " + e, "", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException("interrupted", "interrupted at a look-up", "", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request, Duration patience)
      throws IOException, InterruptedException {
    long millis = Math.max(1, patience.toMillis());
    return http.send(
        request
            .timeout(Duration.ofMillis(millis))
            .header("Holdfast-Timeout-Millis", Long.toString(millis))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private URI gateway(int client) {
    return gateways.get(preferred.get(client % CLIENTS_MAX));
  }

  /** The next payments of this client go to another gateway. */
  private void leave(int client) {
    preferred.updateAndGet(client % CLIENTS_MAX, at -> (at + 1) % gateways.size());
  }
}

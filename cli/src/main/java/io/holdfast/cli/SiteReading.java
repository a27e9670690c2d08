package io.holdfast.cli;

import io.holdfast.client.JsonReader;
import io.holdfast.client.SiteStatus;
import io.holdfast.kernel.HoldfastException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What all gateways said of their site at one moment.
 *
 * @param answers by gateway, in the order asked; null where none came
 * @param metrics of all gateways together
 * @param rpo by repository of backups, in seconds what would be lost with all nodes; -1 when no
 *     node knows
 * @param atNanos when, on the monotonic clock
 */
record SiteReading(
    Map<URI, @Nullable SiteStatus> answers,
    GatewayMetrics metrics,
    SortedMap<String, Double> rpo,
    long atNanos) {
  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  /** Asks all gateways at once. */
  static SiteReading take(HttpClient http, List<URI> gateways) {
    Map<URI, CompletableFuture<Optional<byte[]>>> statuses = new LinkedHashMap<>();
    List<CompletableFuture<Optional<byte[]>>> metrics = new ArrayList<>();
    for (URI gateway : gateways) {
      statuses.put(gateway, get(http, gateway.resolve("/v1/status")));
      metrics.add(get(http, gateway.resolve("/metrics")));
    }
    Map<URI, @Nullable SiteStatus> answers = new LinkedHashMap<>();
    statuses.forEach((gateway, body) -> answers.put(gateway, status(body.join())));
    GatewayMetrics sum = GatewayMetrics.NONE;
    SortedMap<String, Double> rpo = new TreeMap<>();
    for (CompletableFuture<Optional<byte[]>> body : metrics) {
      Optional<byte[]> bytes = body.join();
      if (bytes.isPresent()) {
        String text = new String(bytes.get(), StandardCharsets.UTF_8);
        sum = sum.plus(GatewayMetrics.parse(text));
        RpoFigures.parse(text).forEach((name, seconds) -> rpo.merge(name, seconds, Math::max));
      }
    }
    return new SiteReading(answers, sum, rpo, System.nanoTime());
  }

  /**
   * The answer to go by: of the node that leads if it answered, else of the one with the highest
   * term and op; empty if none answered.
   */
  Optional<SiteStatus> best() {
    return answers.values().stream()
        .filter(status -> status != null)
        .max(
            Comparator.comparingLong(SiteStatus::term)
                .thenComparing(status -> status.node().equals(status.leader()))
                .thenComparingLong(SiteStatus::op));
  }

  /** What the node itself said; null if it did not answer. */
  @Nullable SiteStatus of(String node) {
    for (SiteStatus status : answers.values()) {
      if (status != null && status.node().equals(node)) {
        return status;
      }
    }
    return null;
  }

  private static CompletableFuture<Optional<byte[]>> get(HttpClient http, URI uri) {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    return http.sendAsync(request, BodyHandlers.ofByteArray())
        .handle((response, failure) -> failure == null ? body(response) : Optional.empty());
  }

  private static Optional<byte[]> body(HttpResponse<byte[]> response) {
    return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
  }

  private static @Nullable SiteStatus status(Optional<byte[]> body) {
    try {
      return body.map(JsonReader::status).orElse(null);
    } catch (HoldfastException e) {
      return null; // something else answers there: as good as no answer
    }
  }
}

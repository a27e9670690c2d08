package io.holdfast.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node's admin API. Errors that the node tells come back with their code and hint. */
public final class AdminClient {
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final URI base;

  /**
   * @param base for example {@code http://127.0.0.1:7201}
   */
  public AdminClient(URI base) {
    this.base = base;
  }

  /** What a planned leader change gave. */
  public record HandOver(String leader, long tookMs) {}

  /** A scan of a node's whole state; two nodes at the same op must agree in all of it. */
  public record Digest(long op, String digest, long accounts, long transfers, boolean conserved) {}

  /**
   * Planned leader change.
   *
   * @param to the node that shall lead; null to let the site choose
   */
  public HandOver handOver(@Nullable String to, Duration within) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("to", to);
    return call(
        HttpRequest.newBuilder(base.resolve("/admin/v1/hand-over"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())),
        within,
        HandOver.class);
  }

  /** The members after one was removed, as the node that was asked knows them. */
  public record Removed(String node, List<String> members) {}

  /** Makes a node a member no more. */
  public Removed removeNode(String node, Duration within) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("node", node);
    return call(
        HttpRequest.newBuilder(base.resolve("/admin/v1/remove-node"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())),
        within,
        Removed.class);
  }

  /** Waits until {@code op} is applied on the node, then has it scan its state. */
  public Digest digest(long op, Duration within) {
    return call(
        HttpRequest.newBuilder(base.resolve("/admin/v1/digest?op=" + op)).GET(),
        within,
        Digest.class);
  }

  /** The keys that details of transfers are sealed under. */
  public JsonNode detailsKeys(Duration within) {
    return call(
        HttpRequest.newBuilder(base.resolve("/admin/v1/details-keys")).GET(),
        within,
        JsonNode.class);
  }

  /** Erases the details of a period for good. */
  public JsonNode destroyDetails(String period, Duration within) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("period", period);
    return call(
        HttpRequest.newBuilder(base.resolve("/admin/v1/details-keys/destroy"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())),
        within,
        JsonNode.class);
  }

  /** What the node says of itself and its site. */
  public JsonNode status(Duration within) {
    return call(
        HttpRequest.newBuilder(base.resolve("/admin/v1/status")).GET(), within, JsonNode.class);
  }

  /** Lets the node read again all that it has on disk; gives the number of the pass that does. */
  public long scrubNow(Duration within) {
    return call(
            HttpRequest.newBuilder(base.resolve("/admin/v1/scrub"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")),
            within,
            JsonNode.class)
        .path("pass")
        .asLong();
  }

  /** How far the node is with that, and what it found. */
  public JsonNode scrub(Duration within) {
    return call(
        HttpRequest.newBuilder(base.resolve("/admin/v1/scrub")).GET(), within, JsonNode.class);
  }

  /** How the site's backups are, as the node knows. */
  public JsonNode backup(Duration within) {
    return call(
        HttpRequest.newBuilder(base.resolve("/admin/v1/backup")).GET(), within, JsonNode.class);
  }

  /**
   * Lets the node take a backup; gives the number of the run that is it.
   *
   * @param repository its name; null for the only one
   */
  public long backupRun(@Nullable String repository, Duration within) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("repository", repository);
    return call(
            HttpRequest.newBuilder(base.resolve("/admin/v1/backup/run"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())),
            within,
            JsonNode.class)
        .path("run")
        .asLong();
  }

  private <T> T call(HttpRequest.Builder builder, Duration within, Class<T> type) {
    HttpRequest request =
        builder
            .timeout(within)
            .header("Holdfast-Timeout-Millis", Long.toString(within.toMillis()))
            .build();
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw refused(request.uri(), response);
      }
      return Json.MAPPER.readValue(response.body(), type);
    } catch (IOException e) {
      throw new HoldfastException(
          "unavailable",
          "no answer from " + request.uri() + ": " + e.getMessage(),
          "see whether the node runs: holdfast status",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException("interrupted", "interrupted at " + request.uri(), "", e);
    }
  }

  private static HoldfastException refused(URI uri, HttpResponse<byte[]> response) {
    try {
      JsonNode problem = Json.MAPPER.readTree(response.body());
      return new HoldfastException(
          problem.path("code").asText("refused"),
          uri + " answered " + response.statusCode() + ": " + problem.path("detail").asText(""),
          problem.path("hint").asText(""));
    } catch (IOException e) {
      return new HoldfastException(
          "refused", uri + " answered " + response.statusCode() + " without a reason", "", e);
    }
  }
}

package io.holdfast.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.journal.Act;
import io.holdfast.journal.SiteLogReader;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a running node for acts of its log, by the admin API. */
final class LogOfNode {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private LogOfNode() {}

  static List<Act> read(String address, @Nullable Path authority, SiteLogReader.Filter filter) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
    if (authority != null) {
      builder.sslContext(TrustedAuthority.context(authority));
    }
    HttpRequest request;
    try {
      request = HttpRequest.newBuilder(uri(address, filter)).timeout(PATIENCE).build();
    } catch (IllegalArgumentException e) {
      throw Arguments.wrong("--node", address, "http://HOST:PORT or https://HOST:PORT");
    }
    try (HttpClient http = builder.build()) {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      JsonNode body = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        throw new HoldfastException(
            body.path("code").asText("unavailable"),
            body.path("detail").asText("the node answered " + response.statusCode()),
            body.path("hint").asText());
      }
      return acts(body.path("acts"));
    } catch (IOException e) {
      throw new HoldfastException(
          "unavailable",
          "no answer of a node at " + address + ": " + e.getMessage(),
          "give the admin address of a running node, or its directory instead",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException("interrupted", "interrupted", "", e);
    }
  }

  private static URI uri(String address, SiteLogReader.Filter filter) {
    String kind = filter.kind();
    Instant since = Instant.ofEpochSecond(0, filter.sinceNanos());
    String base = address.contains("://") ? address : "http://" + address;
    return URI.create(
        base.replaceAll("/+$", "")
            + "/admin/v1/log?count="
            + filter.count()
            + "&since="
            + since
            + (kind == null ? "" : "&kind=" + URLEncoder.encode(kind, StandardCharsets.UTF_8)));
  }

  private static List<Act> acts(JsonNode rows) {
    List<Act> acts = new ArrayList<>();
    for (JsonNode row : rows) {
      Instant time = Instant.parse(row.path("time").asText());
      Map<String, String> fields = new LinkedHashMap<>();
      row.path("fields").properties().forEach(f -> fields.put(f.getKey(), f.getValue().asText()));
      acts.add(
          new Act(
              row.path("number").asLong(),
              time.getEpochSecond() * 1_000_000_000L + time.getNano(),
              row.path("node").asText(),
              row.path("kind").asText(),
              row.path("actor").asText(),
              fields));
    }
    return acts;
  }
}

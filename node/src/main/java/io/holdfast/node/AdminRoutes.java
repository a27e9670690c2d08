package io.holdfast.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.holdfast.cluster.Site;
import io.holdfast.cluster.SiteView;
import io.holdfast.cluster.StateDigest;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators can ask of a node and tell it: status, digest, planned leader change.
 *
 * <p>A page in a browser on the same machine could reach a listener on loopback. So whatever comes
 * with an Origin header is refused, and a POST must be JSON, which no plain form can send.
 */
final class AdminRoutes implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);
  private static final String TIMEOUT_HEADER = "Holdfast-Timeout-Millis";
  private static final int TIMEOUT_MILLIS_MAX = 600_000;
  private static final Duration HAND_OVER_TIMEOUT = Duration.ofSeconds(5);

  /** A full scan reads every account and transfer: seconds, not minutes. */
  private static final Duration DIGEST_TIMEOUT = Duration.ofSeconds(60);

  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final Site site;

  AdminRoutes(Site site) {
    this.site = site;
  }

  /** The pass that was asked for: done when so many passes have ended. */
  record AskedScrub(long pass) {}

  /** What a planned leader change gave. */
  record HandedOver(String leader, long tookMs) {}

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    try {
      byte[] body = JSON.writeValueAsBytes(answer(request));
      response.header(HeaderNames.CONTENT_TYPE, "application/json");
      response.send(body);
    } catch (HoldfastException e) {
      problem(e, response);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer made here can be written as JSON", e);
    }
  }

  private Object answer(ServerRequest request) {
    if (request.headers().contains(HeaderNames.ORIGIN)) {
      throw new HoldfastException(
          "browser-refused",
          "the request comes from a page in a browser",
          "use 'holdfast' or curl");
    }
    String route = request.prologue().method().text() + " " + request.path().rawPath();
    return switch (route) {
      case "GET /admin/v1/status" -> Statuses.of(site.view());
      case "GET /admin/v1/digest" -> digest(request);
      case "POST /admin/v1/hand-over" -> handOver(request);
      case "GET /admin/v1/scrub" -> site.scrub();
      case "POST /admin/v1/scrub" -> scrub(request);
      default ->
          throw new HoldfastException(
              "unknown-path",
              "there is no " + route,
              "GET /admin/v1/status, GET /admin/v1/digest?op=N, POST /admin/v1/hand-over,"
                  + " GET or POST /admin/v1/scrub");
    };
  }

  private StateDigest digest(ServerRequest request) {
    Duration timeout = timeout(request, DIGEST_TIMEOUT);
    String text = request.query().first("op").orElseGet(() -> Long.toString(site.view().op()));
    if (!text.matches("[0-9]{1,18}")) {
      throw new HoldfastException(
          "malformed-number", "op is '" + text + "'; allowed: a whole number", "");
    }
    return await(site.digest(Long.parseLong(text), timeout), timeout);
  }

  private HandedOver handOver(ServerRequest request) {
    Duration timeout = timeout(request, HAND_OVER_TIMEOUT);
    String to = target(request);
    SiteView view = site.view();
    List<String> members = view.peers().stream().map(SiteView.Peer::nodeId).toList();
    if (to != null && !members.contains(to)) {
      throw new HoldfastException(
          "unknown-node", "to is '" + to + "'; allowed: " + String.join(", ", members), "");
    }
    long began = System.nanoTime();
    String leader = await(site.handOver(to, timeout), timeout);
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    LOG.info("leadership handed over to {} in {} ms, as an operator asked", leader, tookMs);
    return new HandedOver(leader, tookMs);
  }

  private AskedScrub scrub(ServerRequest request) {
    checkJson(request);
    return new AskedScrub(site.scrubNow());
  }

  private static @Nullable String target(ServerRequest request) {
    checkJson(request);
    JsonNode body;
    try {
      body = JSON.readTree(request.content().as(byte[].class));
    } catch (IOException e) {
      throw malformed("it is no JSON");
    }
    return target(body);
  }

  private static void checkJson(ServerRequest request) {
    boolean json =
        request
            .headers()
            .contentType()
            .map(HttpMediaType::text)
            .orElse("")
            .startsWith("application/json");
    if (!json) {
      throw new HoldfastException(
          "unsupported-media-type", "the body must be application/json", "");
    }
  }

  private static @Nullable String target(JsonNode body) {
    Iterator<String> names = body.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!name.equals("to")) {
        throw malformed("it has the unknown field '" + name + "'");
      }
    }
    JsonNode to = body.path("to");
    if (!body.isObject() || !(to.isMissingNode() || to.isNull() || to.isTextual())) {
      throw malformed("'to' is not the name of a node or null");
    }
    return to.isTextual() ? to.asText() : null;
  }

  private static Duration timeout(ServerRequest request, Duration byDefault) {
    String text = request.headers().value(HeaderNames.create(TIMEOUT_HEADER)).orElse(null);
    if (text == null) {
      return byDefault;
    }
    if (!text.matches("[0-9]{1,6}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > TIMEOUT_MILLIS_MAX) {
      throw new HoldfastException(
          "malformed-number",
          TIMEOUT_HEADER + " is '" + text + "'; allowed: 1 to " + TIMEOUT_MILLIS_MAX,
          "");
    }
    return Duration.ofMillis(Integer.parseInt(text));
  }

  private static <T> T await(CompletableFuture<T> future, Duration timeout) {
    try {
      // The site keeps the deadline; the margin only covers a site that does not.
      return future.get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HoldfastException coded) {
        throw coded;
      }
      LOG.error("an operator's request failed", e.getCause());
      throw new HoldfastException("internal-error", "the node failed: " + e.getCause(), "", e);
    } catch (TimeoutException e) {
      throw new HoldfastException(
          "timed-out",
          "no result within " + timeout.toMillis() + " ms",
          "give it more time with " + TIMEOUT_HEADER,
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException("unavailable", "the node is stopping", "", e);
    }
  }

  private static HoldfastException malformed(String why) {
    return new HoldfastException(
        "malformed-json", "the body is wrong: " + why, "send {\"to\":\"n2\"} or {\"to\":null}");
  }

  private static void problem(HoldfastException e, ServerResponse response) {
    Map<String, Object> document = new LinkedHashMap<>();
    int status = status(e.code());
    document.put("type", "https://holdfast.io/errors/" + e.code());
    document.put("title", e.code().replace('-', ' '));
    document.put("status", status);
    document.put("detail", e.message());
    document.put("code", e.code());
    document.put("hint", e.hint());
    try {
      byte[] body = JSON.writeValueAsBytes(document);
      response.status(Status.create(status));
      response.header(HeaderNames.CONTENT_TYPE, "application/problem+json");
      response.send(body);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a problem can be written as JSON", impossible);
    }
  }

  private static int status(String code) {
    return switch (code) {
      case "malformed-json" -> 400;
      case "browser-refused" -> 403;
      case "unknown-path" -> 404;
      case "not-leader" -> 409;
      case "unsupported-media-type" -> 415;
      case "unknown-node", "malformed-number" -> 422;
      case "internal-error" -> 500;
      case "timed-out" -> 504;
      default -> 503;
    };
  }
}

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
import io.holdfast.cluster.ErasedDetails;
import io.holdfast.cluster.Site;
import io.holdfast.cluster.SiteView;
import io.holdfast.cluster.StateDigest;
import io.holdfast.journal.SiteLog;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.DetailsPeriod;
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
 * What operators can ask of a node and tell it: status, digest, planned leader change, keys of
 * details.
 *
 * <p>A page in a browser on the same machine could reach a listener on loopback. So whatever comes
 * with an Origin header is refused, and a POST must be JSON, which no plain form can send.
 */
final class AdminRoutes implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);
  private static final String TIMEOUT_HEADER = "Holdfast-Timeout-Millis";
  private static final int TIMEOUT_MILLIS_MAX = 600_000;
  private static final Duration HAND_OVER_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration DESTROY_TIMEOUT = Duration.ofSeconds(15);

  private static final Duration REMOVE_TIMEOUT = Duration.ofSeconds(30);

  /** A full scan reads every account and transfer: seconds, not minutes. */
  private static final Duration DIGEST_TIMEOUT = Duration.ofSeconds(60);

  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final Site site;
  private final VaultService vault;
  private final SiteLog log;

  AdminRoutes(Site site, VaultService vault, SiteLog log) {
    this.site = site;
    this.vault = vault;
    this.log = log;
  }

  /** A member's end, and who the members are as this node knows by then. */
  record Removed(String node, List<String> members) {}

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
      case "GET /admin/v1/log" -> LogAnswer.of(log, LogQuery.filter(request.query()));
      case "POST /admin/v1/hand-over" -> handOver(request);
      case "GET /admin/v1/details-keys" -> DetailsKeyRows.of(site.detailsKeys());
      case "POST /admin/v1/details-keys/destroy" -> destroyDetailsKeys(request);
      case "POST /admin/v1/remove-node" -> removeNode(request);
      case "GET /admin/v1/scrub" -> site.scrub();
      case "POST /admin/v1/scrub" -> scrub(request);
      case "GET /admin/v1/backup" -> vault.status();
      case "POST /admin/v1/backup/run" -> backUp(request);
      default ->
          throw new HoldfastException(
              "unknown-path",
              "there is no " + route,
              "GET /admin/v1/status, GET /admin/v1/digest?op=N, GET /admin/v1/log, POST"
                  + " /admin/v1/hand-over, GET /admin/v1/details-keys, POST"
                  + " /admin/v1/details-keys/destroy, POST /admin/v1/remove-node, GET or POST"
                  + " /admin/v1/scrub, GET /admin/v1/backup, POST /admin/v1/backup/run");
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
    OperatorAct act = OperatorAct.begin(log, Operators.of(request), "hand-over", "to", asked(to));
    long began = System.nanoTime();
    String leader = act.outcomeOf(() -> await(site.handOver(to, timeout), timeout), "leader");
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    LOG.info("leadership handed over to {} in {} ms, as an operator asked", leader, tookMs);
    return new HandedOver(leader, tookMs);
  }

  private ErasedDetails destroyDetailsKeys(ServerRequest request) {
    Duration timeout = timeout(request, DESTROY_TIMEOUT);
    String text = text(request, "period", "the name of a period", "{\"period\":\"2026-03\"}");
    DetailsPeriod period = DetailsPeriod.parse(text == null ? "" : text);
    OperatorAct act =
        OperatorAct.begin(
            log, Operators.of(request), "destroy-details-key", "period", period.label());
    ErasedDetails erased =
        act.outcomeOf(() -> await(site.eraseDetails(period, timeout), timeout), "erased");
    LOG.info(
        "the details of {} transfers of {} are erased by op {}, as an operator asked",
        erased.transfers(),
        erased.period(),
        erased.op());
    return erased;
  }

  private Removed removeNode(ServerRequest request) {
    Duration timeout = timeout(request, REMOVE_TIMEOUT);
    String node = text(request, "node", "the name of a node", "{\"node\":\"n2\"}");
    if (node == null) {
      throw malformed("it does not name a node", "{\"node\":\"n2\"}");
    }
    OperatorAct act = OperatorAct.begin(log, Operators.of(request), "remove-node", "node", node);
    String text = act.outcomeOf(() -> await(site.removeNode(node, timeout), timeout), "removed");
    LOG.info("{}, as an operator asked", text);
    return new Removed(node, site.view().peers().stream().map(SiteView.Peer::nodeId).toList());
  }

  private static String asked(@Nullable String to) {
    return to == null ? "any node" : to;
  }

  private static @Nullable String target(ServerRequest request) {
    return text(request, "to", "the name of a node or null", "{\"to\":\"n2\"} or {\"to\":null}");
  }

  private AskedScrub scrub(ServerRequest request) {
    checkJson(request);
    OperatorAct act = OperatorAct.begin(log, Operators.of(request), "scrub", "node", "this");
    return new AskedScrub(act.outcomeOf(site::scrubNow, "pass"));
  }

  private VaultService.Asked backUp(ServerRequest request) {
    String repository =
        text(request, "repository", "the name of a repository", "{\"repository\":\"main\"}");
    String actor = Operators.of(request);
    OperatorAct act =
        OperatorAct.begin(
            log, actor, "backup-run", "repository", repository == null ? "the only" : repository);
    return act.outcomeOf(() -> vault.ask(repository, actor), "run");
  }

  /** The one field of a body; null if it is null or not there. */
  private static @Nullable String text(
      ServerRequest request, String field, String allowed, String example) {
    checkJson(request);
    JsonNode body;
    try {
      body = JSON.readTree(request.content().as(byte[].class));
    } catch (IOException e) {
      throw malformed("it is no JSON", example);
    }
    return text(body, field, allowed, example);
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

  private static @Nullable String text(
      JsonNode body, String field, String allowed, String example) {
    Iterator<String> names = body.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!name.equals(field)) {
        throw malformed("it has the unknown field '" + name + "'", example);
      }
    }
    JsonNode value = body.path(field);
    if (!body.isObject() || !(value.isMissingNode() || value.isNull() || value.isTextual())) {
      throw malformed("'" + field + "' is not " + allowed, example);
    }
    return value.isTextual() ? value.asText() : null;
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

  private static HoldfastException malformed(String why, String example) {
    return new HoldfastException("malformed-json", "the body is wrong: " + why, "send " + example);
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
      case "unknown-path", "unknown-period", "no-such-repository" -> 404;
      case "not-leader", "last-node", "no-majority-left" -> 409;
      case "unsupported-media-type" -> 415;
      case "unknown-node", "malformed-number", "malformed-period", "malformed-time" -> 422;
      case "internal-error" -> 500;
      case "timed-out" -> 504;
      default -> 503;
    };
  }
}

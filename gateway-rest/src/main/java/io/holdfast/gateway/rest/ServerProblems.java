package io.holdfast.gateway.rest;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP server refuses before any route sees it, as problem documents like all the others.
 */
final class ServerProblems implements DirectHandler {
  private final RestMetrics metrics;

  private ServerProblems(RestMetrics metrics) {
    this.metrics = metrics;
  }

  static DirectHandlers handlers(RestMetrics metrics) {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, new ServerProblems(metrics));
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      @Nullable String message) {
    boolean brokeOff = type == EventType.INTERNAL_ERROR && request.path().isEmpty();
    Problem problem =
        brokeOff
            ? Problem.of(
                ErrorCode.MALFORMED_HTTP, "the request broke off before its headers ended", "")
            : problem(type, status, message == null ? "" : message);
    metrics.problem(problem.error());
    return TransportResponse.builder()
        .status(Status.create(problem.error().status()))
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .keepAlive(false)
        .entity(problem.toBytes())
        .build();
  }

  private static Problem problem(EventType type, Status status, String message) {
    if (type == EventType.HTTP_VERSION_NOT_SUPPORTED) {
      return Problem.of(
          ErrorCode.HTTP_VERSION_NOT_SUPPORTED,
          "the request is not HTTP/1.1; allowed: HTTP/1.1",
          "use a client of this century");
    }
    return switch (status.code()) {
      case 413 ->
          Problem.of(
              ErrorCode.REQUEST_TOO_LARGE, "the request is larger than this server takes", "");
      case 414 ->
          Problem.of(ErrorCode.ADDRESS_TOO_LONG, "the first line has more than 4096 bytes", "");
      case 500 ->
          Problem.of(
              ErrorCode.INTERNAL_ERROR,
              "the server failed to answer; its log says why",
              "if it concerned payments, repeat with the same ids");
      default ->
          Problem.of(
              ErrorCode.MALFORMED_HTTP,
              message.isEmpty() ? "this is no request in HTTP/1.1" : message,
              "");
    };
  }
}

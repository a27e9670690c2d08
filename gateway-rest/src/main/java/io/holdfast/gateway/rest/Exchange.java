package io.holdfast.gateway.rest;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.time.Duration;
import java.util.Locale;

/**
 * One request as a route sees it: what it asks, its body already read.
 *
 * @param segment what stands in the place of {@code {id}} in the path; empty where there is none
 */
record Exchange(ServerRequest request, String segment, Body body) {
  private static final String TIMEOUT_NAME = "Holdfast-Timeout-Millis";
  private static final HeaderName TIMEOUT = HeaderNames.create(TIMEOUT_NAME);

  /** How a body is written. */
  enum Media {
    JSON,
    BATCH
  }

  /** The body's media type, or {@code unsupported-media-type}. */
  Media media() {
    String type = request.headers().value(HeaderNames.CONTENT_TYPE).orElse("");
    if (type.equals("application/json")) {
      return Media.JSON;
    }
    if (type.equals(Answer.BATCH_MEDIA_TYPE)) {
      return Media.BATCH;
    }
    String plain = type.replace(" ", "").replace("\"", "").toLowerCase(Locale.ROOT);
    return switch (plain) {
      case "application/json", "application/json;charset=utf-8" -> Media.JSON;
      case Answer.BATCH_MEDIA_TYPE -> Media.BATCH;
      default ->
          throw Refusal.parameter(
              "Content-Type",
              ErrorCode.UNSUPPORTED_MEDIA_TYPE,
              (type.isEmpty() ? "Content-Type is missing" : "Content-Type is " + Shown.value(type))
                  + "; allowed: application/json, "
                  + Answer.BATCH_MEDIA_TYPE,
              "with curl: -H 'Content-Type: application/json'");
    };
  }

  /** How long the caller waits for the answer. */
  Duration timeout() {
    String text = request.headers().value(TIMEOUT).orElse(null);
    if (text == null) {
      return Duration.ofMillis(RestConfig.TIMEOUT_MILLIS_DEFAULT);
    }
    int millis;
    try {
      millis = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw timeoutRefused(ErrorCode.MALFORMED_NUMBER, text);
    }
    if (millis < 1 || millis > RestConfig.TIMEOUT_MILLIS_MAX) {
      throw timeoutRefused(ErrorCode.OUT_OF_RANGE, text);
    }
    return Duration.ofMillis(millis);
  }

  /** The id in the path. */
  UInt128 id() {
    try {
      return UInt128.parseId(segment);
    } catch (HoldfastException e) {
      throw Refusal.parameter(
          "id",
          ErrorCode.MALFORMED_ID,
          "the id in the path is "
              + Shown.value(segment)
              + "; allowed: decimal digits below 2^128, or 32 hex digits",
          segment.length() == 36 ? "write a UUID without its hyphens" : "");
    }
  }

  private static Refusal timeoutRefused(ErrorCode code, String text) {
    return Refusal.parameter(
        TIMEOUT_NAME,
        code,
        TIMEOUT_NAME
            + " is "
            + Shown.value(text)
            + "; allowed: 1 to "
            + RestConfig.TIMEOUT_MILLIS_MAX,
        "");
  }
}

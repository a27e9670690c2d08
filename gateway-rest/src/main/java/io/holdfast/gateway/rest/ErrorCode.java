package io.holdfast.gateway.rest;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every code that an answer of this gateway can carry, with its HTTP status and title. Codes are
 * stable; docs/reference/errors.md says of each what it means and what to do.
 */
enum ErrorCode {
  MALFORMED_HTTP(400, "The request is no valid HTTP/1.1"),
  MALFORMED_JSON(400, "The body is no valid JSON"),
  MALFORMED_REQUEST(400, "The body is no valid binary request"),
  PREVIEW_READ_ONLY(403, "This is a preview of a past moment; it takes no writes"),
  NOT_FOUND(404, "There is no such record"),
  UNKNOWN_PATH(404, "There is no such path"),
  METHOD_NOT_ALLOWED(405, "The path does not take this method"),
  REQUEST_TOO_LARGE(413, "The request is too large"),
  ADDRESS_TOO_LONG(414, "The address is too long"),
  UNSUPPORTED_MEDIA_TYPE(415, "The body's media type is not supported"),
  MALFORMED_AMOUNT(422, "An amount is malformed"),
  MALFORMED_ID(422, "An id is malformed"),
  MALFORMED_NUMBER(422, "A number is malformed"),
  MALFORMED_DETAILS(422, "Details are no base64"),
  OUT_OF_RANGE(422, "A number is out of range"),
  WRONG_TYPE(422, "A value has the wrong JSON type"),
  UNKNOWN_FIELD(422, "There is no such field"),
  DUPLICATE_FIELD(422, "A field is given twice"),
  MISSING_FIELD(422, "A field is missing"),
  UNKNOWN_FLAG(422, "There is no such flag"),
  DUPLICATE_FLAG(422, "A flag is given twice"),
  DETAILS_TOO_LONG(422, "Details are too long"),
  NO_EVENTS(422, "The request holds no events"),
  TOO_MANY_EVENTS(422, "The request holds too many events"),
  NO_IDS(422, "The look-up names no ids"),
  TOO_MANY_IDS(422, "The look-up names too many ids"),
  WRONG_KIND(422, "The body's events are of another kind than the path"),
  UNKNOWN_PARAMETER(422, "There is no such query parameter"),
  DUPLICATE_PARAMETER(422, "A query parameter is given twice"),
  TIME_TO_COME(422, "The time asked for is to come"),
  UNKNOWN_VALUE(422, "A query parameter has an unknown value"),
  OVERLOADED(429, "Too many requests at once"),
  INTERNAL_ERROR(500, "Something went wrong inside the gateway"),
  NO_LEADER(503, "No node leads at the moment"),
  UNAVAILABLE(503, "The ledger can't be reached at the moment"),
  NOT_READY(503, "This node is not ready"),
  NOT_LEADER(503, "This node does not lead"),
  OUTCOME_UNKNOWN(504, "The outcome is not known"),
  HTTP_VERSION_NOT_SUPPORTED(505, "The HTTP version is not supported");

  private static final Map<String, ErrorCode> BY_CODE =
      Stream.of(values())
          .collect(Collectors.toUnmodifiableMap(ErrorCode::code, Function.identity()));

  private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');
  private final int status;
  private final String title;

  ErrorCode(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The code in the answer, in kebab case. */
  String code() {
    return code;
  }

  /** The HTTP status that goes with it. */
  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /** What to do next where that does not depend on the request; else empty. */
  String hint() {
    return switch (this) {
      case OVERLOADED -> "nothing was taken: send again after the time in Retry-After";
      case NO_LEADER -> "nothing was taken: send again after the time in Retry-After";
      case UNAVAILABLE -> "try again, or another node's gateway";
      case OUTCOME_UNKNOWN -> "repeat with the same ids: what is there is answered 'exists'";
      default -> "";
    };
  }

  /** Whether the answer says when to try again: nothing was taken, and it will pass. */
  boolean passes() {
    return switch (this) {
      case OVERLOADED, NO_LEADER, UNAVAILABLE, NOT_READY, NOT_LEADER -> true;
      default -> false;
    };
  }

  /**
   * Whether the rest of what was sent can't be told from a next request, or is too much to read.
   */
  boolean endsConnection() {
    return this == MALFORMED_HTTP || this == REQUEST_TOO_LARGE;
  }

  /** The code with this name; null if this gateway never answers so by itself. */
  static @Nullable ErrorCode of(String code) {
    return BY_CODE.get(code);
  }
}

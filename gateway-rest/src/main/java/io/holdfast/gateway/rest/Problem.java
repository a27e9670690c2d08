package io.holdfast.gateway.rest;

import io.holdfast.kernel.HoldfastException;
import org.jspecify.annotations.Nullable;

/**
 * An error as the caller sees it: a problem document (RFC 9457) with a stable code and a hint.
 *
 * @param detail what is wrong, in words that name field, value and what is allowed
 * @param hint what to do next; empty when there is nothing to add
 * @param path JSON pointer to the value in the body
 * @param parameter name of the query parameter or header
 * @param allow the value of the Allow header
 */
record Problem(
    ErrorCode error,
    String detail,
    String hint,
    @Nullable String path,
    @Nullable String parameter,
    @Nullable String allow) {
  static final String MEDIA_TYPE = "application/problem+json";
  private static final String TYPE_PREFIX = "https://holdfast.io/errors/";

  static Problem of(ErrorCode error, String detail, String hint) {
    return new Problem(error, detail, hint, null, null, null);
  }

  /** The problem that an error with a code this gateway knows is; null if it does not know it. */
  static @Nullable Problem of(HoldfastException error) {
    if (error instanceof Refusal refusal) {
      return new Problem(
          refusal.error(),
          refusal.message(),
          refusal.hint(),
          refusal.path(),
          refusal.parameter(),
          refusal.allow());
    }
    ErrorCode code = ErrorCode.of(error.code());
    if (code == null) {
      return null;
    }
    return of(code, error.message(), error.hint().isEmpty() ? code.hint() : error.hint());
  }

  byte[] toBytes() {
    JsonWriter json = new JsonWriter(512).beginObject();
    json.name("type").label(TYPE_PREFIX + error.code());
    json.name("title").text(error.title());
    json.name("status").number(error.status());
    json.name("detail").text(detail);
    json.name("code").label(error.code());
    json.name("hint").text(hint);
    if (path != null) {
      json.name("path").text(path);
    }
    if (parameter != null) {
      json.name("parameter").text(parameter);
    }
    return json.endObject().toBytes();
  }
}

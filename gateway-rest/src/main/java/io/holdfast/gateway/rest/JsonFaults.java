package io.holdfast.gateway.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.regex.Pattern;

/** Puts what the JSON parser found wrong into words for a caller who does not know the parser. */
final class JsonFaults {
  private static final String HINT = "check the body with a JSON validator";

  /** What means something only to who calls the parser: its options, numbers of characters. */
  private static final Pattern INSIDE =
      Pattern.compile(" \\(code \\d+\\)|: enable `.*|, from `[^`]*`");

  private JsonFaults() {}

  /** {@code malformed-json} with line and column. */
  static Refusal malformed(IOException fault) {
    String what = fault instanceof JacksonException e ? e.getOriginalMessage() : "it can't be read";
    if (fault instanceof JsonEOFException || what.startsWith("Unexpected end-of-input")) {
      what = "it ends too early";
    }
    what = INSIDE.matcher(what.lines().findFirst().orElse("")).replaceAll("");
    if (fault instanceof JacksonException e && e.getLocation() != null) {
      return malformed(e.getLocation().getLineNr(), e.getLocation().getColumnNr(), what);
    }
    return malformed(what);
  }

  static Refusal malformed(int line, int column, String what) {
    return Refusal.of(
        ErrorCode.MALFORMED_JSON,
        "the body is no valid JSON at line " + line + ", column " + column + ": " + what,
        HINT);
  }

  static Refusal malformed(String what) {
    return Refusal.of(ErrorCode.MALFORMED_JSON, "the body is no valid JSON: " + what, HINT);
  }
}

package io.holdfast.gateway.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A body read token by token, with every fault turned into a {@link Refusal}: {@code
 * malformed-json} with line and column where it is no JSON at all. For one thread.
 */
final class StrictJson implements AutoCloseable {
  // Names come from callers: they must not fill the JVM's table of interned strings.
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();
  private static final String HINT = "check the body with a JSON validator";

  private final JsonParser parser;

  private StrictJson(JsonParser parser) {
    this.parser = parser;
  }

  static StrictJson of(byte[] body, int length) {
    try {
      return new StrictJson(FACTORY.createParser(body, 0, length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next token; null at the end of the body. */
  @Nullable JsonToken next() {
    try {
      return parser.nextToken();
    } catch (StreamReadException e) {
      throw malformed(
          "at line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": "
              + firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw malformed(": " + firstLine(String.valueOf(e.getMessage())));
    }
  }

  /** The first token, which has to be this one. */
  void begin(JsonToken expected, String allowed) {
    JsonToken token = next();
    if (token == null) {
      throw malformed(": it is empty");
    }
    if (token != expected) {
      throw wrongType("", "the body", allowed, "");
    }
  }

  /** Nothing may follow. */
  void end() {
    if (next() != null) {
      throw malformed("at line " + line() + ": more follows after the end of the value");
    }
  }

  /** The name of the field that was just read. */
  String name() {
    try {
      return parser.currentName();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of the string or number that was just read. */
  String text() {
    try {
      return parser.getText();
    } catch (IOException e) {
      throw tooLong(e);
    }
  }

  /** As {@link #text()} without making a String; valid until the next token. */
  char[] characters() {
    try {
      return parser.getTextCharacters();
    } catch (IOException e) {
      throw tooLong(e);
    }
  }

  int offset() {
    try {
      return parser.getTextOffset();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int length() {
    try {
      return parser.getTextLength();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Refuses the value that was just read because of its type. */
  Refusal wrongType(String path, String what, String allowed, String hint) {
    return Refusal.at(
        path, ErrorCode.WRONG_TYPE, what + " is " + described() + "; allowed: " + allowed, hint);
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String described() {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return "missing";
    }
    return switch (token) {
      case START_OBJECT, END_OBJECT -> "an object";
      case START_ARRAY, END_ARRAY -> "an array";
      case VALUE_STRING -> "the string " + Shown.value(text());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + Shown.value(text());
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case VALUE_NULL -> "null";
      case FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> token.name();
    };
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private static Refusal malformed(String where) {
    String gap = where.startsWith(":") ? "" : " ";
    return Refusal.of(ErrorCode.MALFORMED_JSON, "the body is no valid JSON" + gap + where, HINT);
  }

  /** Numbers and strings beyond the parser's own limits: a thousand digits, 20 million letters. */
  private static RuntimeException tooLong(IOException e) {
    if (e instanceof StreamConstraintsException) {
      return malformed(": " + firstLine(String.valueOf(e.getMessage())));
    }
    return e instanceof StreamReadException
        ? malformed(": " + firstLine(String.valueOf(e.getMessage())))
        : new UncheckedIOException(e);
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}

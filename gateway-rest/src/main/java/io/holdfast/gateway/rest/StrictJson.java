package io.holdfast.gateway.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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
    } catch (IOException e) {
      throw JsonFaults.malformed(e);
    }
  }

  /** The first token, which has to be this one. */
  void begin(JsonToken expected, String allowed) {
    JsonToken token = next();
    if (token == null) {
      throw JsonFaults.malformed("it is empty");
    }
    if (token != expected) {
      throw wrongType("", "the body", allowed, "");
    }
  }

  /** Nothing may follow. */
  void end() {
    if (next() != null) {
      JsonLocation where = parser.currentTokenLocation();
      throw JsonFaults.malformed(
          where.getLineNr(), where.getColumnNr(), "more follows after the end of the value");
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
      throw JsonFaults.malformed(e);
    }
  }

  /** As {@link #text()} without making a String; valid until the next token. */
  char[] characters() {
    try {
      return parser.getTextCharacters();
    } catch (IOException e) {
      throw JsonFaults.malformed(e);
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
}

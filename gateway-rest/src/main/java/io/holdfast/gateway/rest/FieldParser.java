package io.holdfast.gateway.rest;

import com.fasterxml.jackson.core.JsonToken;
import io.holdfast.gateway.rest.Decimals.Outcome;
import io.holdfast.kernel.Limits;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads the value of one field of an event into its record, or says what is wrong with it. */
final class FieldParser {
  private static final byte[] NOTHING = new byte[0];

  private final EventShape shape;
  private final StrictJson json;

  FieldParser(EventShape shape, StrictJson json) {
    this.shape = shape;
    this.json = json;
  }

  /** Reads the value whose first token is {@code token} into the record at {@code at}. */
  void parse(EventField field, @Nullable JsonToken token, int event, byte[] to, int at) {
    switch (field.type()) {
      case ID, AMOUNT, NUMBER_128, NUMBER_64 ->
          string(field, token, event, to, at + field.offset());
      case NUMBER_32 -> number(field, token, event, to, at + field.offset(), 4);
      case NUMBER_16 -> number(field, token, event, to, at + field.offset(), 2);
      case FLAGS -> flags(field, token, event, to, at + field.offset());
      case DETAILS -> throw new IllegalArgumentException("details are not in the record");
    }
  }

  /** The details of an event. */
  byte[] details(int event, @Nullable JsonToken token) {
    EventField field = java.util.Objects.requireNonNull(shape.field("details"));
    if (token != JsonToken.VALUE_STRING) {
      throw wrongType(field, event);
    }
    if (json.length() == 0) {
      return NOTHING;
    }
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(json.text());
    } catch (IllegalArgumentException e) {
      throw Refusal.at(
          path(field, event),
          ErrorCode.MALFORMED_DETAILS,
          named(field, event)
              + " is no base64: "
              + e.getMessage()
              + "; allowed: "
              + field.type().allowed(),
          "use the standard alphabet of RFC 4648, A-Z a-z 0-9 + /");
    }
    if (decoded.length > Limits.DETAILS_BYTES_MAX) {
      throw Refusal.at(
          path(field, event),
          ErrorCode.DETAILS_TOO_LONG,
          named(field, event)
              + " holds "
              + decoded.length
              + " bytes; allowed: at most "
              + Limits.DETAILS_BYTES_MAX,
          "keep the document elsewhere and its reference here");
    }
    return decoded;
  }

  private void string(
      EventField field, @Nullable JsonToken token, int event, byte[] to, int offset) {
    if (token != JsonToken.VALUE_STRING) {
      throw notAString(field, token, event);
    }
    char[] text = json.characters();
    int from = json.offset();
    int length = json.length();
    Outcome outcome =
        switch (field.type()) {
          case ID -> Decimals.parseId(text, from, length, to, offset);
          case NUMBER_64 -> Decimals.parse64(text, from, length, to, offset);
          default -> Decimals.parse128(text, from, length, to, offset);
        };
    switch (outcome) {
      case DONE -> {}
      case MALFORMED -> throw malformed(field, event, new String(text, from, length));
      case TOO_LARGE -> throw outOfRange(field, event, "");
    }
  }

  private Refusal notAString(EventField field, @Nullable JsonToken token, int event) {
    boolean number = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
    if (token == JsonToken.VALUE_NUMBER_FLOAT && field.type() == FieldType.AMOUNT) {
      return malformed(field, event, json.text());
    }
    String hint = "";
    if (number) {
      hint = "write it in quotes: JSON numbers lose digits beyond 2^53 in many programs";
    }
    return json.wrongType(path(field, event), named(field, event), field.type().allowed(), hint);
  }

  private void number(
      EventField field, @Nullable JsonToken token, int event, byte[] to, int offset, int width) {
    if (token != JsonToken.VALUE_NUMBER_INT) {
      String hint = token == JsonToken.VALUE_STRING ? "write it without quotes" : "";
      throw json.wrongType(path(field, event), named(field, event), field.type().allowed(), hint);
    }
    char[] text = json.characters();
    int from = json.offset();
    int length = json.length();
    if (text[from] == '-') {
      throw outOfRange(field, event, "");
    }
    long value = 0;
    for (int i = from; i < from + length; i++) {
      value = value * 10 + (text[i] - '0');
      if (value >>> (8 * width) != 0) {
        throw outOfRange(field, event, "");
      }
    }
    for (int i = 0; i < width; i++) {
      to[offset + i] = (byte) (value >>> (8 * i));
    }
  }

  private void flags(
      EventField field, @Nullable JsonToken token, int event, byte[] to, int offset) {
    if (token != JsonToken.START_ARRAY) {
      throw wrongType(field, event);
    }
    int bits = 0;
    int position = 0;
    JsonToken next;
    while ((next = json.next()) != JsonToken.END_ARRAY) {
      String path = path(field, event) + "/" + position;
      String named = "flag " + position + " of event " + event;
      if (next != JsonToken.VALUE_STRING) {
        throw json.wrongType(path, named, String.join(", ", shape.flags().all()), "");
      }
      String name = json.text();
      int bit = shape.flags().bit(name);
      if (bit == 0) {
        throw Refusal.at(
            path,
            ErrorCode.UNKNOWN_FLAG,
            named
                + " is "
                + Shown.value(name)
                + "; allowed: "
                + String.join(", ", shape.flags().all()),
            Shown.suggestion(name, shape.flags().all(), "remove it"));
      }
      if ((bits & bit) != 0) {
        throw Refusal.at(
            path,
            ErrorCode.DUPLICATE_FLAG,
            named + " is '" + name + "' for the second time; allowed: once",
            "remove one of them");
      }
      bits |= bit;
      position++;
    }
    to[offset] = (byte) bits;
    to[offset + 1] = (byte) (bits >>> 8);
  }

  private Refusal wrongType(EventField field, int event) {
    return json.wrongType(path(field, event), named(field, event), field.type().allowed(), "");
  }

  private Refusal malformed(EventField field, int event, String text) {
    ErrorCode code =
        switch (field.type()) {
          case ID -> ErrorCode.MALFORMED_ID;
          case AMOUNT -> ErrorCode.MALFORMED_AMOUNT;
          default -> ErrorCode.MALFORMED_NUMBER;
        };
    String hint =
        switch (field.type()) {
          case ID -> text.length() == 36 ? "write a UUID without its hyphens" : "";
          case AMOUNT ->
              text.startsWith("-")
                  ? "to move money the other way, exchange debit and credit account"
                  : "write 12.50 with two decimals as \"1250\"";
          default -> "";
        };
    return Refusal.at(
        path(field, event),
        code,
        named(field, event) + " is " + Shown.value(text) + "; allowed: " + field.type().allowed(),
        hint);
  }

  private Refusal outOfRange(EventField field, int event, String hint) {
    return Refusal.at(
        path(field, event),
        ErrorCode.OUT_OF_RANGE,
        named(field, event)
            + " is "
            + Shown.value(json.text())
            + "; allowed: "
            + field.type().allowed(),
        hint);
  }

  private static String named(EventField field, int event) {
    return field.name() + " of event " + event;
  }

  private static String path(EventField field, int event) {
    return "/" + event + "/" + field.name();
  }
}

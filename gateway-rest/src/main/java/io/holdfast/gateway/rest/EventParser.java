package io.holdfast.gateway.rest;

import com.fasterxml.jackson.core.JsonToken;
import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Request;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a JSON array of events into a {@link Request}, each value going straight to its place in
 * the record; whatever is not exactly as documented is refused by name. For one body.
 */
final class EventParser {
  private static final int FIRST_EVENTS = 1;
  private static final int MORE_EVENTS = 64;

  private final EventShape shape;
  private final StrictJson json;
  private final FieldParser fields;
  private byte[] bytes = new byte[Request.HEADER_BYTES + FIRST_EVENTS * Request.EVENT_BYTES];
  private int count;
  private @Nullable List<byte[]> details;

  private EventParser(EventShape shape, StrictJson json) {
    this.shape = shape;
    this.json = json;
    this.fields = new FieldParser(shape, json);
  }

  /**
   * @param body UTF-8, {@code length} bytes of it
   * @throws Refusal naming what is wrong and where
   */
  static Request parse(EventShape shape, byte[] body, int length) {
    try (StrictJson json = StrictJson.of(body, length)) {
      return new EventParser(shape, json).request();
    }
  }

  private Request request() {
    json.begin(JsonToken.START_ARRAY, "an array of " + shape.word() + "s");
    JsonToken token;
    while ((token = json.next()) != JsonToken.END_ARRAY) {
      if (count == Limits.REQUEST_EVENTS_MAX) {
        throw Refusal.at(
            "/" + count,
            ErrorCode.TOO_MANY_EVENTS,
            "the request holds more than " + count + " events; allowed: 1 to " + count,
            "send the rest in another request");
      }
      if (token != JsonToken.START_OBJECT) {
        throw json.wrongType("/" + count, "event " + count, "an object", "");
      }
      event(room());
      count++;
    }
    json.end();
    if (count == 0) {
      throw Refusal.at(
          "",
          ErrorCode.NO_EVENTS,
          "the array is empty; allowed: 1 to " + Limits.REQUEST_EVENTS_MAX + " events",
          "");
    }
    return finished();
  }

  private void event(int at) {
    int seen = 0;
    while (json.next() != JsonToken.END_OBJECT) {
      String name = json.name();
      EventField field = shape.field(name);
      if (field == null) {
        throw unknownField(name);
      }
      int bit = 1 << field.index();
      if ((seen & bit) != 0) {
        throw Refusal.at(
            path(name),
            ErrorCode.DUPLICATE_FIELD,
            "event " + count + " has the field '" + name + "' twice; allowed: once",
            "remove one of them");
      }
      seen |= bit;
      JsonToken value = json.next();
      if (field.type() == FieldType.DETAILS) {
        addDetails(fields.details(count, value));
      } else {
        fields.parse(field, value, count, bytes, at);
      }
    }
  }

  private int room() {
    int at = Request.HEADER_BYTES + count * Request.EVENT_BYTES;
    if (at == bytes.length) {
      int events = Math.min(Math.max(MORE_EVENTS, count * 4), Limits.REQUEST_EVENTS_MAX);
      bytes = Arrays.copyOf(bytes, Request.HEADER_BYTES + events * Request.EVENT_BYTES);
    }
    return at;
  }

  private void addDetails(byte[] value) {
    if (value.length == 0) {
      return;
    }
    if (details == null) {
      details = new ArrayList<>();
    }
    while (details.size() < count) {
      details.add(new byte[0]);
    }
    details.add(value);
  }

  private Request finished() {
    int eventsEnd = Request.HEADER_BYTES + count * Request.EVENT_BYTES;
    int detailsBytes = details == null ? 0 : details.stream().mapToInt(d -> d.length).sum();
    int size = eventsEnd + (details == null ? 0 : 2 * count + detailsBytes);
    byte[] encoded = bytes.length == size ? bytes : Arrays.copyOf(bytes, size);
    MemorySegment segment = MemorySegment.ofArray(encoded);
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, 0, Request.MAGIC);
    encoded[4] = Request.VERSION;
    encoded[5] = (byte) shape.kind().code();
    encoded[6] = (byte) (details == null ? 0 : Request.FLAG_DETAILS);
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, 8, count);
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, 12, detailsBytes);
    if (eventsEnd < size) {
      Arrays.fill(encoded, eventsEnd, size, (byte) 0);
    }
    if (details != null) {
      int at = eventsEnd + 2 * count;
      for (int i = 0; i < details.size(); i++) {
        byte[] one = details.get(i);
        segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, eventsEnd + 2L * i, (short) one.length);
        System.arraycopy(one, 0, encoded, at, one.length);
        at += one.length;
      }
    }
    return Request.parse(encoded);
  }

  private Refusal unknownField(String name) {
    return Refusal.at(
        path(name),
        ErrorCode.UNKNOWN_FIELD,
        "event "
            + count
            + " has the unknown field "
            + Shown.value(name)
            + "; allowed: "
            + String.join(", ", shape.fieldNames()),
        Shown.suggestion(name, shape.fieldNames(), "remove it"));
  }

  private String path(String name) {
    String shown = name.length() <= 64 ? name : name.substring(0, 64) + "…";
    return "/" + count + "/" + shown.replace("~", "~0").replace("/", "~1");
  }
}

package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * What the ledger said to one event that it has taken.
 *
 * @param kind account or transfer
 * @param status {@code created}, or {@code exists} if it stood there already, equal
 */
record EventAnswer(String kind, String id, String status, long timestamp, long op) {
  String words() {
    return status.equals("created")
        ? "%s %s created at %s".formatted(kind, id, Shown.time(timestamp))
        : "%s %s exists already, equal, since %s".formatted(kind, id, Shown.time(timestamp));
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("op", op);
    json.writeStringField("id", id);
    json.writeStringField("status", status);
    json.writeStringField("timestamp", Long.toUnsignedString(timestamp));
    json.writeEndObject();
  }
}

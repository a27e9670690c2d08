package io.holdfast.gateway.rest;

import com.fasterxml.jackson.core.JsonToken;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import java.util.ArrayList;
import java.util.List;

/** Reads the ids that a look-up asks for, from JSON or from 16 bytes each. */
final class IdsParser {
  private static final int ID_BYTES = 16;

  private IdsParser() {}

  /** Reads {@code {"ids": ["…", …]}}. */
  static List<UInt128> parseJson(byte[] body, int length) {
    try (StrictJson json = StrictJson.of(body, length)) {
      json.begin(JsonToken.START_OBJECT, "an object with the field 'ids'");
      List<UInt128> ids = null;
      while (json.next() != JsonToken.END_OBJECT) {
        String name = json.name();
        if (!name.equals("ids")) {
          throw Refusal.at(
              "",
              ErrorCode.UNKNOWN_FIELD,
              "the look-up has the unknown field " + Shown.value(name) + "; allowed: ids",
              "");
        }
        if (ids != null) {
          throw Refusal.at(
              "/ids", ErrorCode.DUPLICATE_FIELD, "'ids' is given twice; allowed: once", "");
        }
        ids = array(json);
      }
      json.end();
      if (ids == null) {
        throw Refusal.at(
            "",
            ErrorCode.MISSING_FIELD,
            "the look-up has no field 'ids'; allowed: {\"ids\": [\"…\"]}",
            "");
      }
      return counted(ids);
    }
  }

  /** Reads 16 bytes per id, little-endian. */
  static List<UInt128> parseBinary(byte[] body, int length) {
    if (length % ID_BYTES != 0) {
      throw Refusal.of(
          ErrorCode.MALFORMED_REQUEST,
          "the body has " + length + " bytes; allowed: 16 for each id",
          "see docs/formats/request.md");
    }
    int count = length / ID_BYTES;
    if (count > Limits.LOOKUP_IDS_MAX) {
      throw tooMany();
    }
    List<UInt128> ids = new ArrayList<>(count);
    for (int at = 0; at < length; at += ID_BYTES) {
      ids.add(new UInt128(Decimals.get(body, at + 8), Decimals.get(body, at)));
    }
    return counted(ids);
  }

  private static List<UInt128> array(StrictJson json) {
    if (json.next() != JsonToken.START_ARRAY) {
      throw json.wrongType("/ids", "'ids'", "an array of ids", "");
    }
    List<UInt128> ids = new ArrayList<>();
    JsonToken token;
    while ((token = json.next()) != JsonToken.END_ARRAY) {
      String path = "/ids/" + ids.size();
      if (ids.size() == Limits.LOOKUP_IDS_MAX) {
        throw tooMany();
      }
      if (token != JsonToken.VALUE_STRING) {
        throw json.wrongType(
            path, "id " + ids.size(), FieldType.ID.allowed(), "write it in quotes");
      }
      try {
        ids.add(UInt128.parseId(json.text()));
      } catch (HoldfastException e) {
        throw Refusal.at(
            path,
            ErrorCode.MALFORMED_ID,
            "id "
                + ids.size()
                + " is "
                + Shown.value(json.text())
                + "; allowed: "
                + FieldType.ID.allowed(),
            "");
      }
    }
    return ids;
  }

  private static List<UInt128> counted(List<UInt128> ids) {
    if (ids.isEmpty()) {
      throw Refusal.of(
          ErrorCode.NO_IDS, "the look-up names no ids; allowed: 1 to " + Limits.LOOKUP_IDS_MAX, "");
    }
    return ids;
  }

  private static Refusal tooMany() {
    return Refusal.of(
        ErrorCode.TOO_MANY_IDS,
        "the look-up names more than "
            + Limits.LOOKUP_IDS_MAX
            + " ids; allowed: 1 to "
            + Limits.LOOKUP_IDS_MAX,
        "ask for the rest in another request");
  }
}

package io.holdfast.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.DetailsForm;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferWithDetails;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one object of an answer; the parser stands at its opening brace. */
final class JsonRows {
  private static final byte[] NO_DETAILS = {};

  private JsonRows() {}

  /** Steps to the next field's name; false at the end of the object. */
  static boolean nextField(JsonParser parser) throws IOException {
    return parser.nextToken() == JsonToken.FIELD_NAME;
  }

  static Account account(JsonParser parser) throws IOException {
    Fields fields = new Fields(FlagNames.ACCOUNT);
    while (nextField(parser)) {
      fields.read(parser);
    }
    return new Account(
        fields.id,
        fields.debitsPending,
        fields.debitsPosted,
        fields.creditsPending,
        fields.creditsPosted,
        fields.userData128,
        fields.userData64,
        fields.userData32,
        0,
        fields.ledger,
        fields.code,
        fields.flags,
        fields.timestamp);
  }

  static TransferWithDetails transfer(JsonParser parser) throws IOException {
    Fields fields = new Fields(FlagNames.TRANSFER);
    while (nextField(parser)) {
      fields.read(parser);
    }
    return new TransferWithDetails(
        new Transfer(
            fields.id,
            fields.debitAccountId,
            fields.creditAccountId,
            fields.amount,
            fields.pendingId,
            fields.userData128,
            fields.userData64,
            fields.userData32,
            fields.timeout,
            fields.ledger,
            fields.code,
            fields.flags,
            fields.timestamp),
        fields.details,
        fields.detailsErased ? DetailsForm.ERASED : DetailsForm.PLAIN);
  }

  static Balance balance(JsonParser parser) throws IOException {
    Fields fields = new Fields(FlagNames.TRANSFER);
    while (nextField(parser)) {
      fields.read(parser);
    }
    return new Balance(
        fields.timestamp,
        fields.transferId,
        fields.expiry,
        fields.debitsPending,
        fields.debitsPosted,
        fields.creditsPending,
        fields.creditsPosted);
  }

  static Problem problem(JsonParser parser) throws IOException {
    String code = "";
    String detail = "";
    String hint = "";
    while (nextField(parser)) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "code" -> code = text(parser);
        case "detail" -> detail = text(parser);
        case "hint" -> hint = text(parser);
        default -> parser.skipChildren();
      }
    }
    return new Problem(code, detail, hint);
  }

  static SiteStatus status(JsonParser parser) throws IOException {
    String ledgerId = "";
    String site = "";
    String node = "";
    String version = "";
    @Nullable String leader = null;
    long term = 0;
    long op = 0;
    long transfers = 0;
    long accounts = 0;
    List<SiteStatus.Member> nodes = new ArrayList<>();
    List<String> incidents = new ArrayList<>();
    while (nextField(parser)) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "ledger_id" -> ledgerId = text(parser);
        case "site" -> site = text(parser);
        case "node" -> node = text(parser);
        case "version" -> version = text(parser);
        case "leader" ->
            leader = parser.currentToken() == JsonToken.VALUE_NULL ? null : text(parser);
        case "term" -> term = integer64(parser);
        case "op" -> op = integer64(parser);
        case "transfers" -> transfers = integer64(parser);
        case "accounts" -> accounts = integer64(parser);
        case "nodes" -> each(parser, JsonToken.START_OBJECT, () -> nodes.add(member(parser)));
        case "incidents" ->
            each(parser, JsonToken.VALUE_STRING, () -> incidents.add(parser.getText()));
        default -> parser.skipChildren();
      }
    }
    return new SiteStatus(
        ledgerId, site, node, version, leader, term, op, transfers, accounts, nodes, incidents);
  }

  private static SiteStatus.Member member(JsonParser parser) throws IOException {
    String node = "";
    String address = "";
    String role = "";
    long op = -1;
    long lagOps = -1;
    long clockOffsetMillis = 0;
    long lastHeardMillis = 0;
    while (nextField(parser)) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "node" -> node = text(parser);
        case "address" -> address = text(parser);
        case "role" -> role = text(parser);
        case "op" -> op = integer64(parser);
        case "lag_ops" -> lagOps = integer64(parser);
        case "clock_offset_millis" -> clockOffsetMillis = integer64(parser);
        case "last_heard_millis" -> lastHeardMillis = integer64(parser);
        default -> parser.skipChildren();
      }
    }
    return new SiteStatus.Member(
        node, address, role, op, lagOps, clockOffsetMillis, lastHeardMillis);
  }

  /** Reads an array whose elements all begin with one token. */
  static void each(JsonParser parser, JsonToken element, ElementReader reader) throws IOException {
    boolean array = parser.currentToken() == JsonToken.START_ARRAY;
    String field = parser.currentName();
    while (array && parser.nextToken() == element) {
      reader.read();
    }
    if (!array || parser.currentToken() != JsonToken.END_ARRAY) {
      throw JsonReader.malformed(field + " is no array of what is expected", null);
    }
  }

  /** Reads the element that the parser stands at. */
  interface ElementReader {
    void read() throws IOException;
  }

  static String text(JsonParser parser) throws IOException {
    String text = parser.getValueAsString();
    if (text == null) {
      throw JsonReader.malformed(parser.currentName() + " is no text", null);
    }
    return text;
  }

  /** A signed or unsigned 64-bit integer, as a number or as decimal digits. */
  static long integer64(JsonParser parser) throws IOException {
    String text = text(parser);
    try {
      return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw JsonReader.malformed(parser.currentName() + " is no 64-bit integer", e);
    }
  }

  static int integer32(JsonParser parser) throws IOException {
    long value = integer64(parser);
    if (value < 0 || value > 0xFFFF_FFFFL) {
      throw JsonReader.malformed(parser.currentName() + " is no 32-bit integer", null);
    }
    return (int) value;
  }

  /** The fields of all records under their names; those that a record lacks stay zero. */
  private static final class Fields {
    private final FlagNames flagNames;
    private UInt128 id = UInt128.ZERO;
    private UInt128 debitsPending = UInt128.ZERO;
    private UInt128 debitsPosted = UInt128.ZERO;
    private UInt128 creditsPending = UInt128.ZERO;
    private UInt128 creditsPosted = UInt128.ZERO;
    private UInt128 debitAccountId = UInt128.ZERO;
    private UInt128 creditAccountId = UInt128.ZERO;
    private UInt128 amount = UInt128.ZERO;
    private UInt128 pendingId = UInt128.ZERO;
    private UInt128 transferId = UInt128.ZERO;
    private UInt128 userData128 = UInt128.ZERO;
    private long userData64;
    private int userData32;
    private int timeout;
    private int ledger;
    private int code;
    private int flags;
    private long timestamp;
    private boolean expiry;
    private byte[] details = NO_DETAILS;
    private boolean detailsErased;

    Fields(FlagNames flagNames) {
      this.flagNames = flagNames;
    }

    void read(JsonParser parser) throws IOException {
      String field = parser.currentName();
      parser.nextToken();
      try {
        set(field, parser);
      } catch (IllegalArgumentException | HoldfastException e) {
        throw JsonReader.malformed(field + " has a value that it cannot hold", e);
      }
    }

    private void set(String field, JsonParser parser) throws IOException {
      switch (field) {
        case "id" -> id = UInt128.parseId(text(parser));
        case "debit_account_id" -> debitAccountId = UInt128.parseId(text(parser));
        case "credit_account_id" -> creditAccountId = UInt128.parseId(text(parser));
        case "pending_id" -> pendingId = UInt128.parseId(text(parser));
        case "transfer_id" -> transferId = UInt128.parseId(text(parser));
        case "debits_pending" -> debitsPending = UInt128.parseDecimal(text(parser));
        case "debits_posted" -> debitsPosted = UInt128.parseDecimal(text(parser));
        case "credits_pending" -> creditsPending = UInt128.parseDecimal(text(parser));
        case "credits_posted" -> creditsPosted = UInt128.parseDecimal(text(parser));
        case "amount" -> amount = UInt128.parseDecimal(text(parser));
        case "user_data_128" -> userData128 = UInt128.parseDecimal(text(parser));
        case "user_data_64" -> userData64 = Long.parseUnsignedLong(text(parser));
        case "user_data_32" -> userData32 = integer32(parser);
        case "timeout" -> timeout = integer32(parser);
        case "ledger" -> ledger = integer32(parser);
        case "code" -> code = integer32(parser);
        case "timestamp" -> timestamp = Long.parseUnsignedLong(text(parser));
        case "expiry" -> expiry = parser.getBooleanValue();
        case "details" -> details = Base64.getDecoder().decode(text(parser));
        case "details_erased" -> detailsErased = parser.getBooleanValue();
        case "flags" -> flags = flags(parser);
        default -> parser.skipChildren();
      }
    }

    private int flags(JsonParser parser) throws IOException {
      int[] bits = {0};
      each(parser, JsonToken.VALUE_STRING, () -> bits[0] |= flagNames.bit(parser.getText()));
      return bits[0];
    }
  }
}

package io.holdfast.client;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferStatus;
import io.holdfast.ledger.TransferWithDetails;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Writes whole answers of the public API as JSON in UTF-8; {@link JsonReader} reads them back.
 *
 * <p>An answer to a read is an object with {@code op}, {@code lag_ops}, {@code lag_ms}, the rows
 * under {@code accounts}, {@code transfers} or {@code balances}, and for pages {@code next}: the
 * continuation as a string, null when nothing is left. Of one account there is {@code balance}, or
 * {@code account} with its open reservations under {@code holds}.
 */
public final class JsonAnswers {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] NO_DETAILS = {};

  private JsonAnswers() {}

  /** The answer to a request that created accounts or transfers: op and a result per event. */
  public static byte[] results(Request request, Reply reply) {
    MemorySegment events = MemorySegment.ofArray(request.bytes());
    boolean ofTransfers = request.kind() == RequestKind.CREATE_TRANSFERS;
    return bytes(
        json -> {
          json.writeStartObject();
          json.writeNumberField("op", reply.op());
          json.writeArrayFieldStart("results");
          for (int i = 0; i < reply.count(); i++) {
            long at = Request.HEADER_BYTES + (long) i * Request.EVENT_BYTES;
            UInt128 id =
                new UInt128(
                    events.get(JAVA_LONG_UNALIGNED, at + 8), events.get(JAVA_LONG_UNALIGNED, at));
            json.writeStartObject();
            json.writeStringField("id", id.toId());
            json.writeStringField("status", label(ofTransfers, reply.statusCode(i)));
            json.writeStringField("timestamp", Long.toUnsignedString(reply.timestamp(i)));
            if (reply.reserved(i) != 0) {
              json.writeStringField("original_status", label(ofTransfers, reply.reserved(i)));
            }
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  public static byte[] accounts(Answer<List<Account>> answer) {
    return envelope(answer, "accounts", answer.value(), JsonRecords::writeAccount, -1);
  }

  public static byte[] transfers(Answer<List<TransferWithDetails>> answer) {
    return envelope(answer, "transfers", answer.value(), JsonRecords::writeTransfer, -1);
  }

  public static byte[] accountsPage(Answer<Page<Account>> answer) {
    Page<Account> page = answer.value();
    return envelope(answer, "accounts", page.rows(), JsonRecords::writeAccount, page.next());
  }

  public static byte[] transfersPage(Answer<Page<Transfer>> answer) {
    Page<Transfer> page = answer.value();
    return envelope(
        answer,
        "transfers",
        page.rows(),
        (json, row) -> JsonRecords.writeTransfer(json, row, NO_DETAILS),
        page.next());
  }

  public static byte[] balancesPage(Answer<Page<Balance>> answer) {
    Page<Balance> page = answer.value();
    return envelope(answer, "balances", page.rows(), JsonRecords::writeBalance, page.next());
  }

  /** The balances of one account at one time. */
  public static byte[] balance(Answer<Balance> answer) {
    return bytes(
        json -> {
          json.writeStartObject();
          freshness(json, answer);
          json.writeFieldName("balance");
          JsonRecords.writeBalance(json, answer.value());
          json.writeEndObject();
        });
  }

  /** An account and a page of the open reservations on it. */
  public static byte[] holds(Answer<Holds> answer) {
    Page<Transfer> page = answer.value().reservations();
    return bytes(
        json -> {
          json.writeStartObject();
          freshness(json, answer);
          json.writeFieldName("account");
          JsonRecords.writeAccount(json, answer.value().account());
          rows(
              json,
              "holds",
              page.rows(),
              (to, row) -> JsonRecords.writeTransfer(to, row, NO_DETAILS));
          next(json, page.next());
          json.writeEndObject();
        });
  }

  /** One account, as it is in the rows of an answer. */
  public static byte[] account(Account account) {
    return bytes(json -> JsonRecords.writeAccount(json, account));
  }

  /** One transfer, as it is in the rows of an answer. */
  public static byte[] transfer(TransferWithDetails row) {
    return bytes(json -> JsonRecords.writeTransfer(json, row));
  }

  public static byte[] status(SiteStatus status) {
    return bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("ledger_id", status.ledgerId());
          json.writeStringField("site", status.site());
          json.writeStringField("node", status.node());
          json.writeStringField("version", status.version());
          json.writeStringField("leader", status.leader());
          json.writeNumberField("term", status.term());
          json.writeNumberField("op", status.op());
          json.writeNumberField("transfers", status.transfers());
          json.writeNumberField("accounts", status.accounts());
          json.writeArrayFieldStart("nodes");
          for (SiteStatus.Member member : status.nodes()) {
            writeMember(json, member);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("incidents");
          for (String incident : status.incidents()) {
            json.writeString(incident);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void writeMember(JsonGenerator json, SiteStatus.Member member) throws IOException {
    json.writeStartObject();
    json.writeStringField("node", member.node());
    json.writeStringField("address", member.address());
    json.writeStringField("role", member.role());
    json.writeNumberField("op", member.op());
    json.writeNumberField("lag_ops", member.lagOps());
    json.writeNumberField("clock_offset_millis", member.clockOffsetMillis());
    json.writeNumberField("last_heard_millis", member.lastHeardMillis());
    json.writeEndObject();
  }

  private static String label(boolean ofTransfers, int code) {
    return ofTransfers ? TransferStatus.ofCode(code).label() : AccountStatus.ofCode(code).label();
  }

  /**
   * @param next the continuation; 0 for the last page, -1 for an answer that has no pages
   */
  private static <R> byte[] envelope(
      Answer<?> answer, String name, List<R> rows, RowWriter<R> writer, long next) {
    return bytes(
        json -> {
          json.writeStartObject();
          freshness(json, answer);
          rows(json, name, rows, writer);
          if (next >= 0) {
            next(json, next);
          }
          json.writeEndObject();
        });
  }

  private static void freshness(JsonGenerator json, Answer<?> answer) throws IOException {
    json.writeNumberField("op", answer.op());
    json.writeNumberField("lag_ops", answer.lagOps());
    json.writeNumberField("lag_ms", answer.lagMillis());
  }

  private static <R> void rows(JsonGenerator json, String name, List<R> rows, RowWriter<R> writer)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (R row : rows) {
      writer.write(json, row);
    }
    json.writeEndArray();
  }

  private static void next(JsonGenerator json, long next) throws IOException {
    if (next == 0) {
      json.writeNullField("next");
    } else {
      json.writeStringField("next", Long.toString(next));
    }
  }

  private static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      writing.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private interface Writing {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private interface RowWriter<R> {
    void write(JsonGenerator json, R row) throws IOException;
  }
}

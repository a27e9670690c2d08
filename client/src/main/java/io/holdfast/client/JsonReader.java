package io.holdfast.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferWithDetails;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers of the public API. Unknown fields are passed over, so that an older client
 * understands a newer gateway; what is not JSON, is cut short, or has a value that its field cannot
 * hold is refused with code {@code malformed-answer}.
 */
public final class JsonReader {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonReader() {}

  public static Answer<List<Account>> accounts(byte[] json) {
    Envelope<Account> envelope = envelope(json, "accounts", JsonRows::account);
    return envelope.answer(envelope.rows());
  }

  public static Answer<List<TransferWithDetails>> transfers(byte[] json) {
    Envelope<TransferWithDetails> envelope = envelope(json, "transfers", JsonRows::transfer);
    return envelope.answer(envelope.rows());
  }

  /** Reads one transfer, whose object the parser stands at the beginning of. */
  public static Transfer transfer(JsonParser parser) throws IOException {
    return object(parser, JsonRows::transfer).transfer();
  }

  public static Answer<Page<Account>> accountsPage(byte[] json) {
    Envelope<Account> envelope = envelope(json, "accounts", JsonRows::account);
    return envelope.answer(new Page<>(envelope.rows(), envelope.next));
  }

  public static Answer<Page<Transfer>> transfersPage(byte[] json) {
    Envelope<Transfer> envelope =
        envelope(json, "transfers", parser -> JsonRows.transfer(parser).transfer());
    return envelope.answer(new Page<>(envelope.rows(), envelope.next));
  }

  public static Answer<Page<Balance>> balancesPage(byte[] json) {
    Envelope<Balance> envelope = envelope(json, "balances", JsonRows::balance);
    return envelope.answer(new Page<>(envelope.rows(), envelope.next));
  }

  public static Answer<Balance> balance(byte[] json) {
    return read(
        json,
        parser -> {
          Envelope<Balance> envelope = new Envelope<>("balance");
          while (JsonRows.nextField(parser)) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("balance")) {
              envelope.rows = List.of(object(parser, JsonRows::balance));
            } else {
              envelope.set(field, parser);
            }
          }
          return envelope.answer(envelope.rows().getFirst());
        });
  }

  public static Answer<Holds> holds(byte[] json) {
    return read(
        json,
        parser -> {
          Envelope<Transfer> envelope = new Envelope<>("holds");
          Account account = null;
          while (JsonRows.nextField(parser)) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
              case "account" -> account = object(parser, JsonRows::account);
              case "holds" ->
                  envelope.rows = rows(parser, row -> JsonRows.transfer(row).transfer());
              default -> envelope.set(field, parser);
            }
          }
          if (account == null) {
            throw malformed("it has no field 'account'", null);
          }
          return envelope.answer(new Holds(account, new Page<>(envelope.rows(), envelope.next)));
        });
  }

  private static <R> R object(JsonParser parser, RowReader<R> reader) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw malformed(parser.currentName() + " is no object", null);
    }
    return reader.read(parser);
  }

  public static SiteStatus status(byte[] json) {
    return read(json, JsonRows::status);
  }

  /** The problem document in an answer; null when it is none, such as a proxy's page. */
  static @Nullable Problem problem(byte[] json) {
    try {
      Problem problem = read(json, JsonRows::problem);
      return problem.code().isEmpty() ? null : problem;
    } catch (HoldfastException e) {
      return null;
    }
  }

  private static <R> Envelope<R> envelope(byte[] json, String name, RowReader<R> reader) {
    return read(
        json,
        parser -> {
          Envelope<R> envelope = new Envelope<>(name);
          while (JsonRows.nextField(parser)) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals(name)) {
              envelope.rows = rows(parser, reader);
            } else {
              envelope.set(field, parser);
            }
          }
          return envelope;
        });
  }

  private static <R> List<R> rows(JsonParser parser, RowReader<R> reader) throws IOException {
    List<R> rows = new ArrayList<>();
    JsonRows.each(parser, JsonToken.START_OBJECT, () -> rows.add(reader.read(parser)));
    return rows;
  }

  private static <T> T read(byte[] json, RowReader<T> reader) {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("it is no JSON object", null);
      }
      T value = reader.read(parser);
      if (parser.nextToken() != null) {
        throw malformed("something follows the JSON object", null);
      }
      return value;
    } catch (IOException e) {
      throw malformed(String.valueOf(e.getMessage()), e);
    }
  }

  static HoldfastException malformed(String why, @Nullable Throwable cause) {
    String message = "the gateway's answer cannot be read: " + why;
    String hint = "check that the address is a Holdfast gateway's and its version";
    return cause == null
        ? new HoldfastException("malformed-answer", message, hint)
        : new HoldfastException("malformed-answer", message, hint, cause);
  }

  /** Reads the object that the parser stands at the beginning of. */
  interface RowReader<R> {
    R read(JsonParser parser) throws IOException;
  }

  private static final class Envelope<R> {
    private final String name;
    private @Nullable List<R> rows;
    private long op;
    private long lagOps;
    private long lagMillis;
    private long next;

    Envelope(String name) {
      this.name = name;
    }

    List<R> rows() {
      if (rows == null) {
        throw malformed("it has no field '" + name + "'", null);
      }
      return rows;
    }

    void set(String field, JsonParser parser) throws IOException {
      switch (field) {
        case "op" -> op = JsonRows.integer64(parser);
        case "lag_ops" -> lagOps = JsonRows.integer64(parser);
        case "lag_ms" -> lagMillis = JsonRows.integer64(parser);
        case "next" ->
            next = parser.currentToken() == JsonToken.VALUE_NULL ? 0 : JsonRows.integer64(parser);
        default -> parser.skipChildren();
      }
    }

    <T> Answer<T> answer(T value) {
      return new Answer<>(value, op, lagOps, lagMillis);
    }
  }
}

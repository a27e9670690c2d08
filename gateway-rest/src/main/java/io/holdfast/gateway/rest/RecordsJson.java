package io.holdfast.gateway.rest;

import io.holdfast.client.LedgerAccess;
import io.holdfast.client.LedgerAccess.TransferWithDetails;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.Transfer;
import java.util.List;
import java.util.function.BiConsumer;

/** Writes what was read from the ledger as JSON: every field, in the order of the record. */
final class RecordsJson {
  /** A generous guess of one record in JSON, so that the buffer rarely grows. */
  private static final int RECORD_BYTES = 480;

  private RecordsJson() {}

  static void account(JsonWriter json, Account account) {
    json.beginObject();
    json.name("id").id(account.id());
    json.name("debits_pending").decimal(account.debitsPending());
    json.name("debits_posted").decimal(account.debitsPosted());
    json.name("credits_pending").decimal(account.creditsPending());
    json.name("credits_posted").decimal(account.creditsPosted());
    json.name("user_data_128").decimal(account.userData128());
    json.name("user_data_64").decimal(account.userData64());
    json.name("user_data_32").number(Integer.toUnsignedLong(account.userData32()));
    json.name("ledger").number(Integer.toUnsignedLong(account.ledger()));
    json.name("code").number(account.code());
    flags(json, EventShape.ACCOUNT, account.flags());
    json.name("timestamp").decimal(account.timestamp());
    json.endObject();
  }

  static void transfer(JsonWriter json, TransferWithDetails transfer) {
    transfer(json, transfer.transfer(), transfer.details());
  }

  static void transfer(JsonWriter json, Transfer transfer) {
    transfer(json, transfer, new byte[0]);
  }

  private static void transfer(JsonWriter json, Transfer transfer, byte[] details) {
    json.beginObject();
    json.name("id").id(transfer.id());
    json.name("debit_account_id").id(transfer.debitAccountId());
    json.name("credit_account_id").id(transfer.creditAccountId());
    json.name("amount").decimal(transfer.amount());
    json.name("pending_id").id(transfer.pendingId());
    json.name("user_data_128").decimal(transfer.userData128());
    json.name("user_data_64").decimal(transfer.userData64());
    json.name("user_data_32").number(Integer.toUnsignedLong(transfer.userData32()));
    json.name("timeout").number(Integer.toUnsignedLong(transfer.timeout()));
    json.name("ledger").number(Integer.toUnsignedLong(transfer.ledger()));
    json.name("code").number(transfer.code());
    flags(json, EventShape.TRANSFER, transfer.flags());
    json.name("timestamp").decimal(transfer.timestamp());
    if (details.length > 0) {
      json.name("details").base64(details);
    }
    json.endObject();
  }

  static void balance(JsonWriter json, Balance balance) {
    json.beginObject();
    json.name("timestamp").decimal(balance.timestamp());
    json.name("transfer_id").id(balance.transferId());
    json.name("expiry").bool(balance.expiry());
    json.name("debits_pending").decimal(balance.debitsPending());
    json.name("debits_posted").decimal(balance.debitsPosted());
    json.name("credits_pending").decimal(balance.creditsPending());
    json.name("credits_posted").decimal(balance.creditsPosted());
    json.endObject();
  }

  /** A page: how fresh it is, its rows, and where the next one begins. */
  static <T> byte[] page(
      LedgerAccess.Answer<?> read,
      String name,
      List<T> rows,
      BiConsumer<JsonWriter, T> row,
      long next) {
    JsonWriter json = begin(read, rows.size());
    rows(json, name, rows, row).name("next");
    if (next == 0) {
      json.nothing();
    } else {
      json.decimal(next);
    }
    return json.endObject().toBytes();
  }

  /** The answer to a look-up. */
  static <T> byte[] found(
      LedgerAccess.Answer<?> read, String name, List<T> rows, BiConsumer<JsonWriter, T> row) {
    return rows(begin(read, rows.size()), name, rows, row).endObject().toBytes();
  }

  /** One record by itself. */
  static <T> byte[] one(T record, BiConsumer<JsonWriter, T> row) {
    JsonWriter json = new JsonWriter(RECORD_BYTES);
    row.accept(json, record);
    return json.toBytes();
  }

  private static JsonWriter begin(LedgerAccess.Answer<?> read, int rows) {
    JsonWriter json = new JsonWriter(128 + rows * RECORD_BYTES).beginObject();
    json.name("op").number(read.op());
    json.name("lag_ops").number(read.lagOps());
    return json.name("lag_ms").number(read.lagMillis());
  }

  private static <T> JsonWriter rows(
      JsonWriter json, String name, List<T> rows, BiConsumer<JsonWriter, T> row) {
    json.name(name).beginArray();
    for (T one : rows) {
      row.accept(json, one);
    }
    return json.endArray();
  }

  private static void flags(JsonWriter json, EventShape shape, int flags) {
    json.name("flags").beginArray();
    List<String> names = shape.flagNames();
    for (int bit = 0; bit < names.size(); bit++) {
      if ((flags >>> bit & 1) != 0) {
        json.label(names.get(bit));
      }
    }
    json.endArray();
  }
}

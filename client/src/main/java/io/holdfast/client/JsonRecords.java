package io.holdfast.client;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferWithDetails;
import java.io.IOException;
import java.util.Base64;

/**
 * Writes one account, transfer or balance as a JSON object of the public API: the record's field
 * names in snake case, all of them, in the record's order.
 *
 * <p>128-bit and 64-bit integers are decimal strings, so that no reader rounds them; ids from 2^64
 * on are 32 hex digits. Integers of 32 bits and less are numbers, flags an array of names, details
 * base64 and left out when there are none.
 */
public final class JsonRecords {
  private JsonRecords() {}

  public static void writeAccount(JsonGenerator json, Account account) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", account.id().toId());
    amount(json, "debits_pending", account.debitsPending());
    amount(json, "debits_posted", account.debitsPosted());
    amount(json, "credits_pending", account.creditsPending());
    amount(json, "credits_posted", account.creditsPosted());
    userData(json, account.userData128(), account.userData64(), account.userData32());
    json.writeNumberField("ledger", Integer.toUnsignedLong(account.ledger()));
    json.writeNumberField("code", account.code());
    flags(json, FlagNames.ACCOUNT, account.flags());
    nanos(json, account.timestamp());
    json.writeEndObject();
  }

  /**
   * @param details empty when the transfer has none or they were not asked for
   */
  public static void writeTransfer(JsonGenerator json, Transfer transfer, byte[] details)
      throws IOException {
    writeTransfer(json, new TransferWithDetails(transfer, details));
  }

  /** A transfer; {@code details_erased} is there only if it is true. */
  public static void writeTransfer(JsonGenerator json, TransferWithDetails row) throws IOException {
    Transfer transfer = row.transfer();
    json.writeStartObject();
    json.writeStringField("id", transfer.id().toId());
    json.writeStringField("debit_account_id", transfer.debitAccountId().toId());
    json.writeStringField("credit_account_id", transfer.creditAccountId().toId());
    amount(json, "amount", transfer.amount());
    json.writeStringField("pending_id", transfer.pendingId().toId());
    userData(json, transfer.userData128(), transfer.userData64(), transfer.userData32());
    json.writeNumberField("timeout", Integer.toUnsignedLong(transfer.timeout()));
    json.writeNumberField("ledger", Integer.toUnsignedLong(transfer.ledger()));
    json.writeNumberField("code", transfer.code());
    flags(json, FlagNames.TRANSFER, transfer.flags());
    nanos(json, transfer.timestamp());
    if (row.details().length > 0) {
      json.writeStringField("details", Base64.getEncoder().encodeToString(row.details()));
    }
    if (row.detailsErased()) {
      json.writeBooleanField("details_erased", true);
    }
    json.writeEndObject();
  }

  public static void writeBalance(JsonGenerator json, Balance balance) throws IOException {
    json.writeStartObject();
    nanos(json, balance.timestamp());
    json.writeStringField("transfer_id", balance.transferId().toId());
    json.writeBooleanField("expiry", balance.expiry());
    amount(json, "debits_pending", balance.debitsPending());
    amount(json, "debits_posted", balance.debitsPosted());
    amount(json, "credits_pending", balance.creditsPending());
    amount(json, "credits_posted", balance.creditsPosted());
    json.writeEndObject();
  }

  private static void userData(JsonGenerator json, UInt128 of128, long of64, int of32)
      throws IOException {
    amount(json, "user_data_128", of128);
    json.writeStringField("user_data_64", Long.toUnsignedString(of64));
    json.writeNumberField("user_data_32", Integer.toUnsignedLong(of32));
  }

  private static void amount(JsonGenerator json, String field, UInt128 value) throws IOException {
    json.writeStringField(field, value.toString());
  }

  private static void flags(JsonGenerator json, FlagNames names, int bits) throws IOException {
    json.writeArrayFieldStart("flags");
    for (String name : names.of(bits)) {
      json.writeString(name);
    }
    json.writeEndArray();
  }

  private static void nanos(JsonGenerator json, long timestamp) throws IOException {
    json.writeStringField("timestamp", Long.toUnsignedString(timestamp));
  }
}

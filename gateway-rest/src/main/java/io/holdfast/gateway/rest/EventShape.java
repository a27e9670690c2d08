package io.holdfast.gateway.rest;

import io.holdfast.ledger.AccountFlags;
import io.holdfast.ledger.AccountRecord;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields and flags that an event of one kind has in JSON, and where its record holds them. What
 * is read, what is written and what the OpenAPI document lists all come from here.
 */
final class EventShape {
  static final EventShape ACCOUNT =
      new EventShape(RequestKind.CREATE_ACCOUNTS, "account")
          .field("id", FieldType.ID, AccountRecord.ID)
          .field("user_data_128", FieldType.NUMBER_128, AccountRecord.USER_DATA_128)
          .field("user_data_64", FieldType.NUMBER_64, AccountRecord.USER_DATA_64)
          .field("user_data_32", FieldType.NUMBER_32, AccountRecord.USER_DATA_32)
          .field("ledger", FieldType.NUMBER_32, AccountRecord.LEDGER)
          .field("code", FieldType.NUMBER_16, AccountRecord.CODE)
          .field("flags", FieldType.FLAGS, AccountRecord.FLAGS)
          .field("timestamp", FieldType.NUMBER_64, AccountRecord.TIMESTAMP)
          .flag("linked", AccountFlags.LINKED)
          .flag("debits_must_not_exceed_credits", AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS)
          .flag("credits_must_not_exceed_debits", AccountFlags.CREDITS_MUST_NOT_EXCEED_DEBITS)
          .flag("history", AccountFlags.HISTORY)
          .flag("imported", AccountFlags.IMPORTED)
          .flag("closed", AccountFlags.CLOSED);

  static final EventShape TRANSFER =
      new EventShape(RequestKind.CREATE_TRANSFERS, "transfer")
          .field("id", FieldType.ID, TransferRecord.ID)
          .field("debit_account_id", FieldType.ID, TransferRecord.DEBIT_ACCOUNT_ID)
          .field("credit_account_id", FieldType.ID, TransferRecord.CREDIT_ACCOUNT_ID)
          .field("amount", FieldType.AMOUNT, TransferRecord.AMOUNT)
          .field("pending_id", FieldType.ID, TransferRecord.PENDING_ID)
          .field("user_data_128", FieldType.NUMBER_128, TransferRecord.USER_DATA_128)
          .field("user_data_64", FieldType.NUMBER_64, TransferRecord.USER_DATA_64)
          .field("user_data_32", FieldType.NUMBER_32, TransferRecord.USER_DATA_32)
          .field("timeout", FieldType.NUMBER_32, TransferRecord.TIMEOUT)
          .field("ledger", FieldType.NUMBER_32, TransferRecord.LEDGER)
          .field("code", FieldType.NUMBER_16, TransferRecord.CODE)
          .field("flags", FieldType.FLAGS, TransferRecord.FLAGS)
          .field("timestamp", FieldType.NUMBER_64, TransferRecord.TIMESTAMP)
          .field("details", FieldType.DETAILS, -1)
          .flag("linked", TransferFlags.LINKED)
          .flag("pending", TransferFlags.PENDING)
          .flag("post_pending_transfer", TransferFlags.POST_PENDING_TRANSFER)
          .flag("void_pending_transfer", TransferFlags.VOID_PENDING_TRANSFER)
          .flag("balancing_debit", TransferFlags.BALANCING_DEBIT)
          .flag("balancing_credit", TransferFlags.BALANCING_CREDIT)
          .flag("closing_debit", TransferFlags.CLOSING_DEBIT)
          .flag("closing_credit", TransferFlags.CLOSING_CREDIT)
          .flag("imported", TransferFlags.IMPORTED);

  private final RequestKind kind;
  private final String word;
  private final Map<String, EventField> fields = new LinkedHashMap<>();
  private final Map<String, Integer> flags = new LinkedHashMap<>();
  private final List<String> flagNames = new ArrayList<>();

  private EventShape(RequestKind kind, String word) {
    this.kind = kind;
    this.word = word;
  }

  private EventShape field(String name, FieldType type, int offset) {
    fields.put(name, new EventField(name, type, fields.size(), offset));
    return this;
  }

  private EventShape flag(String name, int bit) {
    flags.put(name, bit);
    flagNames.add(name);
    return this;
  }

  RequestKind kind() {
    return kind;
  }

  /** What one event is called in messages. */
  String word() {
    return word;
  }

  @Nullable EventField field(String name) {
    return fields.get(name);
  }

  Collection<String> fieldNames() {
    return fields.keySet();
  }

  /** The bit of a flag; null if there is none of this name. */
  @Nullable Integer flag(String name) {
    return flags.get(name);
  }

  /** The names of the flags in the order of their bits, the lowest first. */
  List<String> flagNames() {
    return flagNames;
  }
}

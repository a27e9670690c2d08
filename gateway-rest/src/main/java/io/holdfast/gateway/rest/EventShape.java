package io.holdfast.gateway.rest;

import io.holdfast.client.FlagNames;
import io.holdfast.ledger.AccountRecord;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.TransferRecord;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields and flags that an event of one kind has in JSON, and where its record holds them. What
 * is read comes from here, and what the OpenAPI document lists is checked against it.
 */
final class EventShape {
  static final EventShape ACCOUNT =
      new EventShape(RequestKind.CREATE_ACCOUNTS, "account", FlagNames.ACCOUNT)
          .field("id", FieldType.ID, AccountRecord.ID)
          .field("user_data_128", FieldType.NUMBER_128, AccountRecord.USER_DATA_128)
          .field("user_data_64", FieldType.NUMBER_64, AccountRecord.USER_DATA_64)
          .field("user_data_32", FieldType.NUMBER_32, AccountRecord.USER_DATA_32)
          .field("ledger", FieldType.NUMBER_32, AccountRecord.LEDGER)
          .field("code", FieldType.NUMBER_16, AccountRecord.CODE)
          .field("flags", FieldType.FLAGS, AccountRecord.FLAGS)
          .field("timestamp", FieldType.NUMBER_64, AccountRecord.TIMESTAMP);

  static final EventShape TRANSFER =
      new EventShape(RequestKind.CREATE_TRANSFERS, "transfer", FlagNames.TRANSFER)
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
          .field("details", FieldType.DETAILS, -1);

  private final RequestKind kind;
  private final String word;
  private final Map<String, EventField> fields = new LinkedHashMap<>();
  private final FlagNames flags;

  private EventShape(RequestKind kind, String word, FlagNames flags) {
    this.kind = kind;
    this.word = word;
    this.flags = flags;
  }

  private EventShape field(String name, FieldType type, int offset) {
    fields.put(name, new EventField(name, type, fields.size(), offset));
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

  FlagNames flags() {
    return flags;
  }
}

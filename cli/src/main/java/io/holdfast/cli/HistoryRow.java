package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.JsonRecords;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A movement of an account: the balances right after it, and the transfer that it was. */
record HistoryRow(UInt128 accountId, Balance balance, Transfer transfer) {
  private static final byte[] NO_DETAILS = {};

  /** The rows with these balances; the transfers, which never change, are looked up. */
  static List<HistoryRow> of(
      HoldfastClient client, UInt128 accountId, List<Balance> balances, Consistency consistency) {
    Set<UInt128> ids = new LinkedHashSet<>();
    balances.forEach(balance -> ids.add(balance.transferId()));
    Map<UInt128, Transfer> transfers = new HashMap<>();
    lookUp(client, ids, consistency, transfers);
    ids.removeAll(transfers.keySet());
    // Another node may have answered, and be further behind.
    lookUp(client, ids, Consistency.LINEARIZABLE, transfers);
    List<HistoryRow> rows = new ArrayList<>(balances.size());
    for (Balance balance : balances) {
      Transfer transfer = transfers.get(balance.transferId());
      if (transfer == null) {
        throw new HoldfastException(
            "malformed-answer",
            "the ledger has no transfer " + balance.transferId().toId() + " that moved the account",
            "check that all gateways are of the same ledger");
      }
      rows.add(new HistoryRow(accountId, balance, transfer));
    }
    return rows;
  }

  private static void lookUp(
      HoldfastClient client,
      Set<UInt128> ids,
      Consistency consistency,
      Map<UInt128, Transfer> found) {
    if (!ids.isEmpty()) {
      Waiting.on(client.transferRecords(List.copyOf(ids), consistency))
          .value()
          .forEach(transfer -> found.put(transfer.id(), transfer));
    }
  }

  boolean debit() {
    return transfer.debitAccountId().equals(accountId);
  }

  String side() {
    return debit() ? "debit" : "credit";
  }

  UInt128 otherAccountId() {
    return debit() ? transfer.creditAccountId() : transfer.debitAccountId();
  }

  /** What the movement was, in one word. */
  String kind() {
    if (balance.expiry()) {
      return "expiry";
    }
    if ((transfer.flags() & TransferFlags.PENDING) != 0) {
      return "pending";
    }
    if ((transfer.flags() & TransferFlags.POST_PENDING_TRANSFER) != 0) {
      return "post";
    }
    return (transfer.flags() & TransferFlags.VOID_PENDING_TRANSFER) != 0 ? "void" : "payment";
  }

  void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("kind", kind());
    out.writeStringField("side", side());
    out.writeStringField("other_account_id", otherAccountId().toId());
    out.writeFieldName("balance");
    JsonRecords.writeBalance(out, balance);
    out.writeFieldName("transfer");
    JsonRecords.writeTransfer(out, transfer, NO_DETAILS);
    out.writeEndObject();
  }
}

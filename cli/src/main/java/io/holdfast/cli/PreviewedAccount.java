package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Transfer;
import io.holdfast.vault.Moment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One account as it was at a moment, with what had moved it. */
final class PreviewedAccount {
  private static final int ROWS = 100;

  private PreviewedAccount() {}

  static void printHistory(Console console, Moment then, UInt128 id, int scale, boolean json) {
    Queries queries = then.queries();
    if (queries.accounts(List.of(id)).isEmpty()) {
      throw new HoldfastException(
          "not-found", "account " + id.toId() + " was not open after op " + then.op(), "");
    }
    List<HistoryRow> rows = new ArrayList<>();
    long after = 0;
    do {
      Page<Balance> page = queries.balancesOf(id, filter(ROWS - rows.size(), after));
      rows.addAll(rows(queries, id, page.rows()));
      after = page.next();
    } while (after != 0 && rows.size() < ROWS);
    long next = after;
    if (json) {
      JsonBody body =
          out -> {
            out.writeStartObject();
            out.writeNumberField("op", then.op());
            out.writeStringField("account_id", id.toId());
            out.writeArrayFieldStart("history");
            for (HistoryRow row : rows) {
              row.write(out);
            }
            out.writeEndArray();
            out.writeBooleanField("more", next != 0);
            out.writeEndObject();
          };
      body.printTo(console);
      return;
    }
    Table table = AccountHistoryCommand.table();
    AccountHistoryCommand.fill(table, rows, scale);
    console.out().println(table);
    if (next != 0) {
      console
          .err()
          .println("there are more; see all with --serve, and account history --all --gateway");
    }
  }

  private static HistoryFilter filter(int rows, long after) {
    return new HistoryFilter(0, Long.MAX_VALUE, null, null, null, null, null, true, rows, after);
  }

  private static List<HistoryRow> rows(Queries queries, UInt128 id, List<Balance> balances) {
    Set<UInt128> ids = new LinkedHashSet<>();
    balances.forEach(balance -> ids.add(balance.transferId()));
    Map<UInt128, Transfer> transfers = new HashMap<>();
    queries.transfers(List.copyOf(ids)).forEach(transfer -> transfers.put(transfer.id(), transfer));
    return balances.stream()
        .map(
            balance ->
                new HistoryRow(
                    id, balance, Objects.requireNonNull(transfers.get(balance.transferId()))))
        .toList();
  }
}

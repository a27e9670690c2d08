package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.vault.AccountDifference;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what accounts differ by: those with the greatest changes, or all as they come, which
 * takes no memory.
 */
final class DifferenceReport {
  private static final int ROWS_AT_ONCE = 500;

  private static final Comparator<AccountDifference> LEAST_FIRST =
      Comparator.<AccountDifference, BigInteger>comparing(row -> row.change().abs())
          .thenComparing(DifferenceReport::held)
          .thenComparingInt(AccountDifference::transfers)
          .thenComparing(row -> row.now().timestamp(), Comparator.reverseOrder());

  private final Sink sink;
  private final int top;
  private final boolean unchanged;
  private final PriorityQueue<AccountDifference> greatest = new PriorityQueue<>(LEAST_FIRST);
  private long accounts;
  private long changed;

  /** Where rows go. */
  interface Sink {
    void row(AccountDifference row);
  }

  /**
   * @param top rows at most, those with the greatest change first; 0 for all in the order in which
   *     they come
   * @param unchanged whether those that did not change count
   */
  DifferenceReport(Sink sink, int top, boolean unchanged) {
    this.sink = sink;
    this.top = top;
    this.unchanged = unchanged;
  }

  void add(AccountDifference row) {
    accounts++;
    changed += row.isChanged() ? 1 : 0;
    if (!row.isChanged() && !unchanged) {
      return;
    }
    if (top == 0) {
      sink.row(row);
    } else {
      greatest.add(row);
      if (greatest.size() > top) {
        greatest.remove();
      }
    }
  }

  /** Hands over what was gathered. */
  void end() {
    List<AccountDifference> rows = new ArrayList<>(greatest);
    rows.sort(LEAST_FIRST.reversed());
    rows.forEach(sink::row);
  }

  long accounts() {
    return accounts;
  }

  long changed() {
    return changed;
  }

  private static BigInteger held(AccountDifference row) {
    return row.debits().pending().abs().max(row.credits().pending().abs());
  }

  /** Prints rows as a table. */
  static final class Printing implements Sink {
    private final Console console;
    private final int scale;
    private final Table table =
        new Table(
            "account",
            "ledger>",
            "transfers>",
            "debits posted>",
            "credits posted>",
            "debits pending>",
            "credits pending>",
            "balance then>",
            "balance now>",
            "difference>");
    private int waiting;

    Printing(Console console, int scale) {
      this.console = console;
      this.scale = scale;
    }

    @Override
    public void row(AccountDifference row) {
      Account then = row.then();
      table.row(
          row.now().id().toId(),
          Shown.unsigned(row.now().ledger()),
          Shown.count(row.transfers()),
          cell(row, Account::debitsPosted),
          cell(row, Account::creditsPosted),
          cell(row, Account::debitsPending),
          cell(row, Account::creditsPending),
          then == null ? "-" : Shown.amount(Shown.balance(then), scale),
          Shown.amount(Shown.balance(row.now()), scale),
          signed(row.change()));
      if (++waiting == ROWS_AT_ONCE) {
        flush();
      }
    }

    void flush() {
      table.drain().forEach(console.out()::println);
      waiting = 0;
    }

    /** One value where nothing changed, else the earlier and the later one. */
    private String cell(AccountDifference row, Function<Account, UInt128> field) {
      @Nullable Account then = row.then();
      UInt128 was = then == null ? UInt128.ZERO : field.apply(then);
      UInt128 is = field.apply(row.now());
      return was.equals(is)
          ? Shown.amount(is, scale)
          : Shown.amount(was, scale) + " > " + Shown.amount(is, scale);
    }

    private String signed(BigInteger change) {
      return (change.signum() > 0 ? "+" : "") + Shown.amount(change, scale);
    }
  }

  /** Writes a row as an object. */
  static void write(JsonGenerator out, AccountDifference row) throws IOException {
    Account then = row.then();
    out.writeStartObject();
    out.writeStringField("account_id", row.now().id().toId());
    out.writeNumberField("ledger", Integer.toUnsignedLong(row.now().ledger()));
    out.writeNumberField("transfers", row.transfers());
    if (then == null) {
      out.writeNullField("then");
    } else {
      writeBalances(out, "then", then);
    }
    writeBalances(out, "now", row.now());
    out.writeStringField("difference", row.change().toString());
    out.writeEndObject();
  }

  private static void writeBalances(JsonGenerator out, String name, Account account)
      throws IOException {
    out.writeObjectFieldStart(name);
    out.writeStringField("debits_pending", account.debitsPending().toString());
    out.writeStringField("debits_posted", account.debitsPosted().toString());
    out.writeStringField("credits_pending", account.creditsPending().toString());
    out.writeStringField("credits_posted", account.creditsPosted().toString());
    out.writeStringField("balance", Shown.balance(account).toString());
    out.writeEndObject();
  }
}

package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.JsonRecords;
import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.client.TimeToCome;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Transfer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows an account's balances, now with the reservations on it, or as they were at a time. */
@Command(
    name = "balance",
    description = "Show an account's balances, now or as they were at any time.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast account balance 42 --scale 2",
      "  holdfast account balance 42 --at 2026-10-31",
      "  holdfast account balance 42 --at 2026-11-23T15:26:15Z --json",
      "  holdfast account balance 42 --holds",
    })
final class AccountBalanceCommand extends LedgerCommand {
  private static final byte[] NO_DETAILS = {};
  private static final long NOW = Long.MAX_VALUE;
  private static final long SECOND = 1_000_000_000L;

  @Parameters(paramLabel = "ID", description = "Decimal or 32 hex digits.")
  private String id = "";

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "As they were at this instant, end of day (UTC) or nanosecond; none to come.")
  private @Nullable String at;

  @Option(
      names = "--holds",
      description = "With the open reservations, the newest first, from the same moment.")
  private boolean withHolds;

  @Mixin private final PageOptions pages = new PageOptions();

  @Mixin private final FreshnessOptions freshness = new FreshnessOptions();

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "0",
      description = "Show amounts with so many decimals (default: whole minor units).")
  private int scale;

  AccountBalanceCommand(Console console) {
    super(console);
  }

  @Override
  void check() {
    Arguments.checkScale(scale);
    pages.check();
    var _ = Arguments.id("ID", id);
    var _ = atNanos();
    if (withHolds && at != null) {
      throw new HoldfastException(
          "usage",
          "--holds and --at exclude each other: reservations are known as they are now",
          "see those of the past with: " + console().command() + " account history " + id);
    }
    if (pages.isGiven() && !withHolds) {
      throw new HoldfastException("usage", "--limit and --all are for reservations", "add --holds");
    }
  }

  private long atNanos() {
    return at == null ? NOW : Math.min(Times.upTo("--at", at), NOW - 1);
  }

  @Override
  int run(HoldfastClient client) {
    UInt128 accountId = Arguments.id("ID", id);
    return withHolds ? holds(client, accountId) : balance(client, accountId);
  }

  private int balance(HoldfastClient client, UInt128 accountId) {
    Answer<Optional<Balance>> answer = ask(client, accountId);
    if (answer.value().isEmpty()) {
      Accounts.checkExists(console(), client, accountId, freshness.consistency());
      throw new HoldfastException(
          "not-found",
          "account " + accountId.toId() + " was not open at " + Shown.time(atNanos()),
          "see when it was opened with: "
              + console().command()
              + " account show "
              + accountId.toId());
    }
    Balance balance = answer.value().get();
    if (json()) {
      print(
          out -> {
            out.writeStartObject();
            Pages.writeFreshness(out, answer);
            out.writeStringField("account_id", accountId.toId());
            if (at == null) {
              out.writeNullField("at");
            } else {
              out.writeStringField("at", Long.toString(atNanos()));
            }
            out.writeFieldName("balance");
            JsonRecords.writeBalance(out, balance);
            out.writeEndObject();
          });
      return ExitCodes.OK;
    }
    Table table = new Table("", "").row("account", accountId.toId());
    if (at != null) {
      table.row("at", Shown.time(atNanos()));
    }
    print(Shown.balances(table, balance, scale).toString());
    freshness.tell(console(), answer);
    return ExitCodes.OK;
  }

  private Answer<Optional<Balance>> ask(HoldfastClient client, UInt128 accountId) {
    try {
      return Waiting.on(client.balanceAt(accountId, atNanos(), freshness.consistency()));
    } catch (HoldfastException e) {
      throw e.code().equals(TimeToCome.CODE)
          ? new HoldfastException(
              TimeToCome.CODE, "--" + e.message(), "leave --at out for the balances now", e)
          : e;
    }
  }

  private int holds(HoldfastClient client, UInt128 accountId) {
    Answer<Holds> first = ask(client, accountId, pages.next(0), 0);
    Pages<Transfer> reservations =
        new Pages<>(
            pages,
            (rows, after) ->
                reservations(after == 0 ? first : ask(client, accountId, rows, after)));
    Account account = first.value().account();
    if (json()) {
      print(
          out -> {
            out.writeStartObject();
            Pages.writeFreshness(out, first);
            out.writeFieldName("account");
            JsonRecords.writeAccount(out, account);
            reservations.writeRows(
                out, "holds", (to, row) -> JsonRecords.writeTransfer(to, row, NO_DETAILS));
            out.writeEndObject();
          });
      return ExitCodes.OK;
    }
    print(
        Shown.balances(new Table("", "").row("account", accountId.toId()), account, scale)
            .toString());
    print("");
    if (first.value().reservations().rows().isEmpty()) {
      print("no open reservations");
    } else {
      reservations.print(
          console(),
          new Table("created", "transfer", "side", "other account", "amount>", "code>", "expires"),
          (table, rows) -> fill(table, rows, accountId));
    }
    freshness.tell(console(), first);
    return ExitCodes.OK;
  }

  private Answer<Holds> ask(HoldfastClient client, UInt128 accountId, int rows, long after) {
    Answer<Optional<Holds>> answer =
        Waiting.on(client.holdsOf(accountId, rows, after, freshness.consistency()));
    Holds holds = answer.value().orElseThrow(() -> Accounts.missing(console(), accountId));
    return new Answer<>(holds, answer.op(), answer.lagOps(), answer.lagMillis());
  }

  private static Answer<Page<Transfer>> reservations(Answer<Holds> answer) {
    return new Answer<>(
        answer.value().reservations(), answer.op(), answer.lagOps(), answer.lagMillis());
  }

  private void fill(Table table, List<Transfer> rows, UInt128 accountId) {
    for (Transfer row : rows) {
      boolean debit = row.debitAccountId().equals(accountId);
      table.row(
          Shown.time(row.timestamp()),
          row.id().toId(),
          debit ? "debit" : "credit",
          (debit ? row.creditAccountId() : row.debitAccountId()).toId(),
          Shown.amount(row.amount(), scale),
          row.code(),
          row.timeout() == 0
              ? "-"
              : Shown.time(row.timestamp() + Integer.toUnsignedLong(row.timeout()) * SECOND));
    }
  }
}

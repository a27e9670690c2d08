package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.JsonRecords;
import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Transfer;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows an account, and its newest transfers if asked. */
@Command(
    name = "show",
    description = "Show an account with its balances.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast account show 42",
      "  holdfast account show 42 --scale 2 --transfers 20",
    })
final class AccountShowCommand extends LedgerCommand {
  @Parameters(paramLabel = "ID", description = "Decimal or 32 hex digits.")
  private String id = "";

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "0",
      description = "Show amounts with so many decimals (default: whole minor units).")
  private int scale;

  @Option(
      names = "--transfers",
      paramLabel = "N",
      defaultValue = "0",
      description = "Show the newest N transfers as well.")
  private int transfers;

  @Mixin private final FreshnessOptions freshness = new FreshnessOptions();

  AccountShowCommand(Console console) {
    super(console);
  }

  @Override
  void check() {
    Arguments.checkScale(scale);
    if (transfers < 0 || transfers > Limits.PAGE_ROWS_MAX) {
      throw Arguments.wrong(
          "--transfers", Integer.toString(transfers), "0 to " + Limits.PAGE_ROWS_MAX);
    }
  }

  @Override
  int run(HoldfastClient client) {
    UInt128 accountId = Arguments.id("ID", id);
    Answer<List<Account>> found =
        Waiting.on(client.accounts(List.of(accountId), freshness.consistency()));
    if (found.value().isEmpty()) {
      throw Accounts.missing(console(), accountId);
    }
    Account account = found.value().getFirst();
    List<Transfer> newest = transfers == 0 ? List.of() : newest(client, accountId);
    if (json()) {
      print(
          out -> {
            out.writeStartObject();
            Pages.writeFreshness(out, found);
            out.writeFieldName("account");
            JsonRecords.writeAccount(out, account);
            if (transfers > 0) {
              out.writeArrayFieldStart("transfers");
              for (Transfer transfer : newest) {
                JsonRecords.writeTransfer(out, transfer, new byte[0]);
              }
              out.writeEndArray();
            }
            out.writeEndObject();
          });
      return ExitCodes.OK;
    }
    print(Shown.account(account, scale).toString());
    if (transfers > 0) {
      print("");
      print(table(newest, accountId).toString());
    }
    freshness.tell(console(), found);
    return ExitCodes.OK;
  }

  private List<Transfer> newest(HoldfastClient client, UInt128 accountId) {
    Page<Transfer> page =
        Waiting.on(
                client.transfersOf(
                    accountId, HistoryFilter.newest(transfers), freshness.consistency()))
            .value();
    return page.rows();
  }

  private Table table(List<Transfer> rows, UInt128 accountId) {
    Table table = new Table("created", "transfer", "side", "other account", "amount>", "code>");
    for (Transfer row : rows) {
      boolean debit = row.debitAccountId().equals(accountId);
      table.row(
          Shown.time(row.timestamp()),
          row.id().toId(),
          debit ? "debit" : "credit",
          (debit ? row.creditAccountId() : row.debitAccountId()).toId(),
          Shown.amount(row.amount(), scale),
          row.code());
    }
    return table;
  }
}

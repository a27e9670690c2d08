package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what moved an account, and its balance after each movement. */
@Command(
    name = "history",
    description = {
      "Show what moved an account and its balance after each movement, newest first.",
      "The balance is credits minus debits, posted; --json has all four.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast account history 42 --scale 2",
      "  holdfast account history 42 --from 2026-11-01 --to 2026-11-30 --oldest-first --all",
      "  holdfast account history 42 --side credit --code 10 --limit 20 --json",
    })
final class AccountHistoryCommand extends LedgerCommand {
  @Parameters(paramLabel = "ID", description = "Decimal or 32 hex digits.")
  private String id = "";

  @Option(
      names = "--side",
      paramLabel = "SIDE",
      description = "Only movements on this side of the account: debit or credit.")
  private @Nullable String side;

  @Option(names = "--code", paramLabel = "N", description = "Only those of this code.")
  private @Nullable String code;

  @Mixin private final UserDataOptions userData = new UserDataOptions();

  @Mixin private final TimeRangeOptions times = new TimeRangeOptions();

  @Mixin private final OrderOptions order = new OrderOptions();

  @Mixin private final PageOptions pages = new PageOptions();

  @Mixin private final FreshnessOptions freshness = new FreshnessOptions();

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "0",
      description = "Show amounts with so many decimals (default: whole minor units).")
  private int scale;

  AccountHistoryCommand(Console console) {
    super(console);
  }

  @Override
  void check() {
    Arguments.checkScale(scale);
    times.check();
    order.check();
    pages.check();
    var _ = Arguments.id("ID", id);
    var _ = filter(1, 0);
  }

  @Override
  int run(HoldfastClient client) {
    UInt128 accountId = Arguments.id("ID", id);
    Pages<HistoryRow> rows =
        new Pages<>(
            pages,
            (limit, after) ->
                Pages.mapped(
                    Waiting.on(
                        client.balancesOf(
                            accountId, filter(limit, after), freshness.consistency())),
                    (List<Balance> balances) ->
                        HistoryRow.of(client, accountId, balances, freshness.consistency())));
    if (rows.isEmpty()) {
      Accounts.checkExists(console(), client, accountId, freshness.consistency());
    }
    if (json()) {
      print(
          out -> {
            out.writeStartObject();
            out.writeStringField("account_id", accountId.toId());
            rows.writeFields(out, "history", (to, row) -> row.write(to));
            out.writeEndObject();
          });
      return ExitCodes.OK;
    }
    rows.print(console(), table(), (table, some) -> fill(table, some, scale));
    freshness.tell(console(), rows.first());
    return ExitCodes.OK;
  }

  static Table table() {
    return new Table("time", "transfer", "side", "other account", "amount>", "kind", "balance>");
  }

  static void fill(Table table, List<HistoryRow> rows, int scale) {
    for (HistoryRow row : rows) {
      table.row(
          Shown.time(row.balance().timestamp()),
          row.transfer().id().toId(),
          row.side(),
          row.otherAccountId().toId(),
          Shown.amount(row.transfer().amount(), scale),
          row.kind(),
          Shown.amount(Shown.balance(row.balance()), scale));
    }
  }

  private HistoryFilter filter(int rows, long after) {
    return new HistoryFilter(
        times.fromNanos(),
        times.toNanos(),
        side(),
        Arguments.filter16("--code", code),
        userData.filter128(),
        userData.filter64(),
        userData.filter32(),
        order.newestFirst(true),
        rows,
        after);
  }

  private HistoryFilter.@Nullable Side side() {
    if (side == null) {
      return null;
    }
    return switch (side) {
      case "debit" -> HistoryFilter.Side.DEBIT;
      case "credit" -> HistoryFilter.Side.CREDIT;
      default -> throw Arguments.wrong("--side", side, "debit, credit");
    };
  }
}

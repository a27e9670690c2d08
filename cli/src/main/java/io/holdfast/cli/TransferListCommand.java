package io.holdfast.cli;

import io.holdfast.client.FlagNames;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.JsonRecords;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists transfers of all accounts by filter. */
@Command(
    name = "list",
    description = {
      "List transfers of all accounts, newest first.",
      "All transfers within --from and --to are looked through; what is rare takes time to find.",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast transfer list --scale 2",
      "  holdfast transfer list --ledger 978 --code 10 --from 2026-11-23 --to 2026-11-23",
      "  holdfast transfer list --user-data-64 4711 --oldest-first --all --json",
    })
final class TransferListCommand extends LedgerCommand {
  private static final byte[] NO_DETAILS = {};

  @Option(names = "--ledger", paramLabel = "N", description = "Only those of this ledger.")
  private @Nullable String ledger;

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

  TransferListCommand(Console console) {
    super(console);
  }

  @Override
  void check() {
    Arguments.checkScale(scale);
    times.check();
    order.check();
    pages.check();
    var _ = filter(1, 0);
  }

  @Override
  int run(HoldfastClient client) {
    Pages<Transfer> transfers =
        new Pages<>(
            pages,
            (rows, after) ->
                Waiting.on(client.transfers(filter(rows, after), freshness.consistency())));
    if (json()) {
      print(
          out -> {
            out.writeStartObject();
            transfers.writeFields(
                out, "transfers", (to, row) -> JsonRecords.writeTransfer(to, row, NO_DETAILS));
            out.writeEndObject();
          });
      return ExitCodes.OK;
    }
    transfers.print(
        console(),
        new Table(
            "created", "transfer", "debit account", "credit account", "amount>", "code>", "flags"),
        this::fill);
    freshness.tell(console(), transfers.first());
    return ExitCodes.OK;
  }

  private void fill(Table table, List<Transfer> transfers) {
    for (Transfer transfer : transfers) {
      table.row(
          Shown.time(transfer.timestamp()),
          transfer.id().toId(),
          transfer.debitAccountId().toId(),
          transfer.creditAccountId().toId(),
          Shown.amount(transfer.amount(), scale),
          transfer.code(),
          Shown.flags(FlagNames.TRANSFER, transfer.flags()));
    }
  }

  private TransferFilter filter(int rows, long after) {
    return new TransferFilter(
        times.fromNanos(),
        times.toNanos(),
        Arguments.filter32("--ledger", ledger),
        Arguments.filter16("--code", code),
        userData.filter128(),
        userData.filter64(),
        userData.filter32(),
        order.newestFirst(true),
        rows,
        after);
  }
}

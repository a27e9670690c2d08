package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.JsonRecords;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists accounts by filter. */
@Command(
    name = "list",
    description = "List accounts, oldest first; --from and --to are of when they were opened.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast account list --ledger 840 --scale 2",
      "  holdfast account list --from 2026-11-01 --to 2026-11-30 --newest-first",
      "  holdfast account list --all --json",
    })
final class AccountListCommand extends LedgerCommand {
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

  AccountListCommand(Console console) {
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
    Pages<Account> accounts =
        new Pages<>(
            pages,
            (rows, after) ->
                Waiting.on(client.accounts(filter(rows, after), freshness.consistency())));
    if (json()) {
      print(
          out -> {
            out.writeStartObject();
            accounts.writeFields(out, "accounts", JsonRecords::writeAccount);
            out.writeEndObject();
          });
      return ExitCodes.OK;
    }
    accounts.print(
        console(),
        new Table("account", "ledger>", "code>", "balance>", "debits posted>", "credits posted>"),
        this::fill);
    freshness.tell(console(), accounts.first());
    return ExitCodes.OK;
  }

  private void fill(Table table, List<Account> accounts) {
    for (Account account : accounts) {
      table.row(
          account.id().toId(),
          Shown.unsigned(account.ledger()),
          account.code(),
          Shown.amount(Shown.balance(account), scale),
          Shown.amount(account.debitsPosted(), scale),
          Shown.amount(account.creditsPosted(), scale));
    }
  }

  private AccountFilter filter(int rows, long after) {
    return new AccountFilter(
        times.fromNanos(),
        times.toNanos(),
        Arguments.filter32("--ledger", ledger),
        Arguments.filter16("--code", code),
        userData.filter128(),
        userData.filter64(),
        userData.filter32(),
        order.newestFirst(false),
        rows,
        after);
  }
}

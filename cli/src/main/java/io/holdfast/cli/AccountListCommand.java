package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.JsonRecords;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Page;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists accounts, oldest first. */
@Command(
    name = "list",
    description = "List accounts, oldest first.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast account list --ledger 840 --scale 2",
      "  holdfast account list --limit 1000 --json",
    })
final class AccountListCommand extends LedgerCommand {
  private static final int LIMIT_MAX = 1_000_000;

  @Option(names = "--ledger", paramLabel = "N", description = "Only those of this ledger.")
  private @Nullable String ledger;

  @Option(names = "--code", paramLabel = "N", description = "Only those of this code.")
  private @Nullable String code;

  @Mixin private final UserDataOptions userData = new UserDataOptions();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many (default ${DEFAULT-VALUE}).")
  private int limit;

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
    if (limit < 1 || limit > LIMIT_MAX) {
      throw Arguments.wrong("--limit", Integer.toString(limit), "1 to " + LIMIT_MAX);
    }
  }

  @Override
  int run(HoldfastClient client) {
    List<Account> accounts = new ArrayList<>();
    long after = 0;
    do {
      int rows = Math.min(limit - accounts.size(), Limits.PAGE_ROWS_MAX);
      Page<Account> page =
          Waiting.on(client.accounts(filter(rows, after), Consistency.LINEARIZABLE)).value();
      accounts.addAll(page.rows());
      after = page.next();
    } while (after != 0 && accounts.size() < limit);
    if (json()) {
      print(
          out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("accounts");
            for (Account account : accounts) {
              JsonRecords.writeAccount(out, account);
            }
            out.writeEndArray();
            out.writeEndObject();
          });
      return ExitCodes.OK;
    }
    Table table =
        new Table("account", "ledger>", "code>", "balance>", "debits posted>", "credits posted>");
    for (Account account : accounts) {
      table.row(
          account.id().toId(),
          Shown.unsigned(account.ledger()),
          account.code(),
          Shown.amount(Shown.balance(account), scale),
          Shown.amount(account.debitsPosted(), scale),
          Shown.amount(account.creditsPosted(), scale));
    }
    print(table.toString());
    if (after != 0) {
      console().err().println("there are more; raise --limit");
    }
    return ExitCodes.OK;
  }

  private AccountFilter filter(int rows, long after) {
    return new AccountFilter(
        ledger == null ? null : Arguments.number("--ledger", ledger, 32).intValue(),
        code == null ? null : Arguments.number("--code", code, 16).intValue(),
        userData.filter128(),
        userData.filter64(),
        userData.filter32(),
        rows,
        after);
  }
}

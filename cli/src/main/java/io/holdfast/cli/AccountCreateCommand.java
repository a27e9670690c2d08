package io.holdfast.cli;

import io.holdfast.client.FlagNames;
import io.holdfast.client.HoldfastClient;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.TimeOrderedIds;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Opens one account. */
@Command(
    name = "create",
    description = "Open an account.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast account create --ledger 840 --code 1000",
      "  holdfast account create --id 42 --ledger 840 --code 1000 \\",
      "      --flags debits_must_not_exceed_credits",
    })
final class AccountCreateCommand extends LedgerCommand {
  private static final List<String> FLAGS =
      List.of("debits_must_not_exceed_credits", "credits_must_not_exceed_debits", "history");

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Decimal or 32 hex digits; made for you if you leave it away.")
  private @Nullable String id;

  @Option(
      names = "--ledger",
      required = true,
      paramLabel = "N",
      description = "Which ledger: one per currency, such as 840. Money stays within it.")
  private String ledger = "";

  @Option(
      names = "--code",
      required = true,
      paramLabel = "N",
      description = "What kind of account: a number of yours, 1 to 65535.")
  private String code = "";

  @Option(
      names = "--flags",
      split = ",",
      paramLabel = "FLAG",
      description = {
        "debits_must_not_exceed_credits (a customer cannot overdraw), or",
        "credits_must_not_exceed_debits."
      })
  private List<String> flags = new ArrayList<>();

  @Mixin private final UserDataOptions userData = new UserDataOptions();

  AccountCreateCommand(Console console) {
    super(console);
  }

  @Override
  int run(HoldfastClient client) {
    UInt128 accountId =
        id == null ? new TimeOrderedIds(new SystemClock()).next() : Arguments.id("--id", id);
    UInt128 zero = UInt128.ZERO;
    Account account =
        new Account(
            accountId,
            zero,
            zero,
            zero,
            zero,
            userData.data128(),
            userData.data64(),
            userData.data32(),
            0,
            Arguments.number("--ledger", ledger, 32).intValue(),
            Arguments.number("--code", code, 16).intValue(),
            Arguments.flags(FlagNames.ACCOUNT, flags, FLAGS),
            0);
    Reply reply;
    try {
      reply =
          Waiting.on(client.submit(Request.ofAccounts(List.of(account)), gateways().deadline()));
    } catch (HoldfastException e) {
      throw repeatable(e, accountId.toId());
    }
    AccountStatus status = reply.accountStatus(0);
    if (!status.isSuccess()) {
      throw new HoldfastException(
          "event-refused",
          "account " + accountId.toId() + " was refused: " + StatusWords.of(status),
          StatusWords.hint(status));
    }
    EventAnswer answer =
        new EventAnswer(
            "account", accountId.toId(), status.label(), reply.timestamp(0), reply.op());
    if (json()) {
      print(answer::write);
    } else {
      print(answer.words());
    }
    return ExitCodes.OK;
  }
}

package io.holdfast.cli;

import io.holdfast.client.FlagNames;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Moves money, or reserves it. */
@Command(
    name = "create",
    description = "Move an amount from the debit to the credit account, now or pending.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast transfer create --debit 1 --credit 2 --amount 12.50 --scale 2 \\",
      "      --ledger 840 --code 10",
      "  holdfast transfer create --debit 1 --credit 2 --amount 1250 --ledger 840 --code 10 \\",
      "      --pending --timeout 3600",
    })
final class TransferCreateCommand extends TransferSubmission {
  private static final List<String> FLAGS =
      List.of("pending", "balancing_debit", "balancing_credit", "closing_debit", "closing_credit");

  @Option(
      names = "--debit",
      required = true,
      paramLabel = "ID",
      description = "The account that is debited.")
  private String debit = "";

  @Option(
      names = "--credit",
      required = true,
      paramLabel = "ID",
      description = "The account that is credited.")
  private String credit = "";

  @Option(
      names = "--amount",
      required = true,
      paramLabel = "N",
      description = "Whole minor units, or with --scale an amount with decimals.")
  private String amount = "";

  @Option(
      names = "--ledger",
      required = true,
      paramLabel = "N",
      description = "The ledger of both accounts.")
  private String ledger = "";

  @Option(
      names = "--code",
      required = true,
      paramLabel = "N",
      description = "What kind of transfer: a number of yours, 1 to 65535.")
  private String code = "";

  @Option(
      names = "--pending",
      description = "Only reserve the amount; then 'transfer post' or 'transfer void' resolves it.")
  private boolean pending;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Release a pending amount by itself after so long (default: never).")
  private @Nullable String timeout;

  @Option(
      names = "--flags",
      split = ",",
      paramLabel = "FLAG",
      description = "pending, balancing_debit, balancing_credit, closing_debit, closing_credit.")
  private List<String> flags = new ArrayList<>();

  TransferCreateCommand(Console console) {
    super(console);
  }

  @Override
  Transfer transfer(UInt128 transferId) {
    int bits =
        Arguments.flags(FlagNames.TRANSFER, flags, FLAGS) | (pending ? TransferFlags.PENDING : 0);
    if (timeout != null && (bits & TransferFlags.PENDING) == 0) {
      throw new HoldfastException(
          "usage",
          "--timeout is " + timeout + ", but only a pending transfer has a timeout",
          "add --pending, or leave --timeout away");
    }
    return new Transfer(
        transferId,
        Arguments.id("--debit", debit),
        Arguments.id("--credit", credit),
        Arguments.amount("--amount", amount, scale()),
        UInt128.ZERO,
        userData().data128(),
        userData().data64(),
        userData().data32(),
        timeout == null ? 0 : Arguments.number("--timeout", timeout, 32).intValue(),
        Arguments.number("--ledger", ledger, 32).intValue(),
        Arguments.number("--code", code, 16).intValue(),
        bits,
        0);
  }
}

package io.holdfast.cli;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves what a pending transfer has reserved. */
@Command(
    name = "post",
    description = "Post a pending transfer: move all of its amount, or part of it.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast transfer post 1001",
      "  holdfast transfer post 1001 --amount 10.00 --scale 2",
    })
final class TransferPostCommand extends TransferSubmission {
  @Parameters(paramLabel = "PENDING-ID", description = "The pending transfer.")
  private String pendingId = "";

  @Option(
      names = "--amount",
      paramLabel = "N",
      description = "Move only so much and release the rest (default: all of it).")
  private @Nullable String amount;

  TransferPostCommand(Console console) {
    super(console);
  }

  @Override
  Transfer transfer(UInt128 transferId) {
    return new Transfer(
        transferId,
        UInt128.ZERO,
        UInt128.ZERO,
        amount == null ? UInt128.MAX : Arguments.amount("--amount", amount, scale()),
        Arguments.id("PENDING-ID", pendingId),
        userData().data128(),
        userData().data64(),
        userData().data32(),
        0,
        0,
        0,
        TransferFlags.POST_PENDING_TRANSFER,
        0);
  }
}

package io.holdfast.cli;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Releases what a pending transfer has reserved. */
@Command(
    name = "void",
    description = "Void a pending transfer: release its amount.",
    footerHeading = "%nExample:%n",
    footer = "  holdfast transfer void 1001")
final class TransferVoidCommand extends TransferSubmission {
  @Parameters(paramLabel = "PENDING-ID", description = "The pending transfer.")
  private String pendingId = "";

  TransferVoidCommand(Console console) {
    super(console);
  }

  @Override
  Transfer transfer(UInt128 transferId) {
    return new Transfer(
        transferId,
        UInt128.ZERO,
        UInt128.ZERO,
        UInt128.ZERO,
        Arguments.id("PENDING-ID", pendingId),
        userData().data128(),
        userData().data64(),
        userData().data32(),
        0,
        0,
        0,
        TransferFlags.VOID_PENDING_TRANSFER,
        0);
  }
}

package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.JsonRecords;
import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.TransferWithDetails;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a transfer with its details. */
@Command(
    name = "show",
    description = "Show a transfer.",
    footerHeading = "%nExample:%n",
    footer = "  holdfast transfer show 1001 --scale 2")
final class TransferShowCommand extends LedgerCommand {
  @Parameters(paramLabel = "ID", description = "Decimal or 32 hex digits.")
  private String id = "";

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "0",
      description = "Show the amount with so many decimals (default: whole minor units).")
  private int scale;

  @Mixin private final FreshnessOptions freshness = new FreshnessOptions();

  TransferShowCommand(Console console) {
    super(console);
  }

  @Override
  void check() {
    Arguments.checkScale(scale);
  }

  @Override
  int run(HoldfastClient client) {
    UInt128 transferId = Arguments.id("ID", id);
    Answer<List<TransferWithDetails>> found =
        Waiting.on(client.transfers(List.of(transferId), freshness.consistency()));
    freshness.tell(console(), found);
    if (found.value().isEmpty()) {
      throw new HoldfastException(
          "not-found",
          "there is no transfer " + transferId.toId(),
          "one that was refused is not kept; see an account's with: "
              + console().command()
              + " account show ID --transfers 20");
    }
    TransferWithDetails transfer = found.value().getFirst();
    if (json()) {
      print(out -> JsonRecords.writeTransfer(out, transfer));
      return ExitCodes.OK;
    }
    Table table = Shown.transfer(transfer.transfer(), scale);
    if (transfer.detailsErased()) {
      table.row("details", "erased");
    } else if (transfer.details().length > 0) {
      table.row("details", text(transfer.details()));
    }
    print(table.toString());
    return ExitCodes.OK;
  }

  /** The details as text if they are text without control characters, else as hex. */
  private static String text(byte[] details) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(details)).toString();
      if (text.chars().noneMatch(Character::isISOControl)) {
        return text;
      }
    } catch (CharacterCodingException e) {
      return HexFormat.of().formatHex(details);
    }
    return HexFormat.of().formatHex(details);
  }
}

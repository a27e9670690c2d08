package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.TimeOrderedIds;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands that make a transfer have in common. */
abstract class TransferSubmission extends LedgerCommand {
  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Decimal or 32 hex digits; made for you if you leave it away.")
  private @Nullable String id;

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "0",
      description = "Decimals of the currency: with 2, --amount 12.50 is 1250 minor units.")
  private int scale;

  @Option(
      names = "--details",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Up to 4096 bytes kept with the transfer, such as a remittance text.")
  private String details = "";

  @Mixin private final UserDataOptions userData = new UserDataOptions();

  TransferSubmission(Console console) {
    super(console);
  }

  /** The transfer to submit, under this id. */
  abstract Transfer transfer(UInt128 transferId);

  final int scale() {
    return scale;
  }

  final UserDataOptions userData() {
    return userData;
  }

  @Override
  final int run(HoldfastClient client) {
    UInt128 transferId =
        id == null ? new TimeOrderedIds(new SystemClock()).next() : Arguments.id("--id", id);
    Request request =
        Request.ofTransfers(
            List.of(transfer(transferId)), List.of(details.getBytes(StandardCharsets.UTF_8)));
    Reply reply;
    try {
      reply = Waiting.on(client.submit(request, gateways().deadline()));
    } catch (HoldfastException e) {
      throw repeatable(e, transferId.toId());
    }
    TransferStatus status = reply.transferStatus(0);
    if (!status.isSuccess()) {
      throw refused(transferId, status, reply);
    }
    EventAnswer answer =
        new EventAnswer(
            "transfer", transferId.toId(), status.label(), reply.timestamp(0), reply.op());
    if (json()) {
      print(answer::write);
    } else {
      print(answer.words());
    }
    return ExitCodes.OK;
  }

  private static HoldfastException refused(UInt128 transferId, TransferStatus status, Reply reply) {
    String first =
        status == TransferStatus.ID_ALREADY_FAILED && reply.reserved(0) != 0
            ? "; it failed first with: " + StatusWords.of(TransferStatus.ofCode(reply.reserved(0)))
            : "";
    return new HoldfastException(
        "event-refused",
        "transfer " + transferId.toId() + " was refused: " + StatusWords.of(status) + first,
        StatusWords.hint(status));
  }
}

package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.TransferStatus;
import java.util.ArrayList;
import java.util.List;

/** Makes outcomes of what came back. */
final class Outcomes {
  private Outcomes() {}

  static Outcome ofTransfer(Reply reply, int i) {
    TransferStatus status = reply.transferStatus(i);
    if (status.isSuccess()) {
      return new Outcome.Answered(status == TransferStatus.EXISTS, reply.timestamp(i), reply.op());
    }
    String original =
        status == TransferStatus.ID_ALREADY_FAILED && reply.reserved(i) != 0
            ? TransferStatus.ofCode(reply.reserved(i)).label()
            : null;
    return new Outcome.Refused(status.label(), original, reply.op(), "", "");
  }

  static Outcome ofAccount(Reply reply, int i) {
    AccountStatus status = reply.accountStatus(i);
    return status.isSuccess()
        ? new Outcome.Answered(status == AccountStatus.EXISTS, reply.timestamp(i), reply.op())
        : new Outcome.Refused(status.label(), null, reply.op(), "", "");
  }

  /** An outcome per event of a request. */
  static List<Outcome> of(RequestKind kind, Reply reply) {
    List<Outcome> outcomes = new ArrayList<>(reply.count());
    for (int i = 0; i < reply.count(); i++) {
      outcomes.add(
          kind == RequestKind.CREATE_TRANSFERS ? ofTransfer(reply, i) : ofAccount(reply, i));
    }
    return outcomes;
  }

  /** The outcome of an event whose request ended without results. */
  static Outcome of(HoldfastException end) {
    return end.code().equals("outcome-unknown")
        ? new Outcome.Unknown(end.message())
        : Outcome.Refused.of(end);
  }
}

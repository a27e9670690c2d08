package io.holdfast.client;

import io.holdfast.client.Verdict.Reading;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.TransferStatus;

/** Reads the reply to a request, and refuses one that cannot be an answer to it. */
final class Replies {
  private Replies() {}

  static Reading<Reply> to(Request request) {
    return (headers, body) -> {
      Reply reply = Reply.parse(body);
      if (reply.count() != request.eventCount()) {
        throw new HoldfastException(
            "malformed-reply",
            "the reply has " + reply.count() + " results, expected " + request.eventCount(),
            "");
      }
      boolean ofTransfers = request.kind() == RequestKind.CREATE_TRANSFERS;
      for (int i = 0; i < reply.count(); i++) {
        check(ofTransfers, reply.statusCode(i));
        if (reply.reserved(i) != 0) {
          check(ofTransfers, reply.reserved(i));
        }
      }
      return reply;
    };
  }

  /** Throws IllegalArgumentException for a number that is no status. */
  private static void check(boolean ofTransfers, int code) {
    if (ofTransfers) {
      var _ = TransferStatus.ofCode(code);
    } else {
      var _ = AccountStatus.ofCode(code);
    }
  }

  static String path(RequestKind kind) {
    return switch (kind) {
      case CREATE_ACCOUNTS -> "/v1/accounts";
      case CREATE_TRANSFERS -> "/v1/transfers";
      case PULSE, DESTROY_DETAILS ->
          throw new HoldfastException(
              "malformed-request",
              "the request's kind is " + kind + "; allowed: accounts or transfers to be created",
              "no client sends such a request");
    };
  }
}

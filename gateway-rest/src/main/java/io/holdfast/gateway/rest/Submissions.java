package io.holdfast.gateway.rest;

import io.holdfast.client.LedgerAccess;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.TransferStatus;
import java.time.Duration;

/** Creates accounts or transfers: a request in, a status for each event out, in order. */
final class Submissions implements Route.Handler {
  private static final int RESULT_BYTES = 112;

  private final LedgerAccess ledger;
  private final EventShape shape;
  private final RestMetrics metrics;

  Submissions(LedgerAccess ledger, EventShape shape, RestMetrics metrics) {
    this.ledger = ledger;
    this.shape = shape;
    this.metrics = metrics;
  }

  @Override
  public Answer answer(Exchange exchange) {
    Exchange.Media media = exchange.media();
    Duration timeout = exchange.timeout();
    Request request =
        switch (media) {
          case JSON -> EventParser.parse(shape, exchange.body().bytes(), exchange.body().length());
          case BATCH -> ofThisKind(Request.parse(exchange.body().exactly()));
        };
    metrics.eventsIn(request);
    Reply reply = Waiting.forOutcome(ledger.submit(request, timeout), timeout);
    metrics.answered(request, reply);
    return switch (media) {
      case JSON -> Answer.json(json(request, reply));
      case BATCH -> Answer.batch(reply.encode());
    };
  }

  private Request ofThisKind(Request request) {
    if (request.kind() != shape.kind()) {
      throw Refusal.of(
          ErrorCode.WRONG_KIND,
          "the body's kind is "
              + request.kind().code()
              + "; allowed on this path: "
              + shape.kind().code()
              + ", "
              + shape.word()
              + "s",
          request.kind() == RequestKind.CREATE_ACCOUNTS
              ? "send it to /v1/accounts"
              : "send it to /v1/transfers");
    }
    return request;
  }

  private byte[] json(Request request, Reply reply) {
    int count = reply.count();
    JsonWriter json = new JsonWriter(32 + count * RESULT_BYTES).beginObject();
    json.name("op").number(reply.op()).name("results").beginArray();
    byte[] events = request.bytes();
    for (int i = 0; i < count; i++) {
      int at = Request.HEADER_BYTES + i * Request.EVENT_BYTES;
      json.beginObject().name("id").id(Decimals.get(events, at + 8), Decimals.get(events, at));
      json.name("status").label(status(reply.statusCode(i)));
      json.name("timestamp").decimal(reply.timestamp(i));
      if (reply.reserved(i) != 0) {
        json.name("original_status").label(status(reply.reserved(i)));
      }
      json.endObject();
    }
    return json.endArray().endObject().toBytes();
  }

  private String status(int code) {
    return shape.kind() == RequestKind.CREATE_ACCOUNTS
        ? AccountStatus.ofCode(code).label()
        : TransferStatus.ofCode(code).label();
  }
}

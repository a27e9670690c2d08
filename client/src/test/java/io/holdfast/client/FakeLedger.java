package io.holdfast.client;

import io.holdfast.client.FakeGateway.Reaction;
import io.holdfast.client.FakeGateway.Received;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Records128;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.TransferStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What several gateways stand before: it remembers ids, and a known id exists. */
final class FakeLedger {
  private final Map<UInt128, Long> created = new HashMap<>();
  private final List<Integer> requestSizes = new ArrayList<>();
  private long op;

  /** Judges a binary request, as a gateway does. */
  Reaction judge(Received received) {
    Request request = Request.parse(received.body());
    return new Reaction.Answer(
        200, Map.of("Content-Type", Transport.BATCH), judge(request).encode());
  }

  synchronized Reply judge(Request request) {
    op++;
    requestSizes.add(request.eventCount());
    byte[] results = new byte[request.eventCount() * Reply.RESULT_BYTES];
    MemorySegment to = MemorySegment.ofArray(results);
    MemorySegment events = MemorySegment.ofArray(request.bytes());
    for (int i = 0; i < request.eventCount(); i++) {
      UInt128 id = Records128.read(events, Request.HEADER_BYTES + (long) i * Request.EVENT_BYTES);
      boolean existed = created.putIfAbsent(id, (long) created.size() + 1) != null;
      long at = (long) i * Reply.RESULT_BYTES;
      to.set(ValueLayout.JAVA_LONG_UNALIGNED, at, created.get(id));
      to.set(
          ValueLayout.JAVA_INT_UNALIGNED,
          at + Reply.STATUS,
          (existed ? TransferStatus.EXISTS : TransferStatus.CREATED).code());
    }
    return new Reply(op, results);
  }

  synchronized boolean has(UInt128 id) {
    return created.containsKey(id);
  }

  synchronized int count() {
    return created.size();
  }

  synchronized List<Integer> requestSizes() {
    return List.copyOf(requestSizes);
  }
}

package io.holdfast.client;

import io.holdfast.client.FakeGateway.Reaction;
import io.holdfast.client.FakeGateway.Received;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Records128;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.TransferStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What several gateways stand before: it remembers ids, and a known id exists. */
final class FakeLedger {
  private final Map<UInt128, Long> accounts = new HashMap<>();
  private final Map<UInt128, Long> created = new HashMap<>();
  private final List<Integer> requestSizes = new ArrayList<>();
  private long op;

  /** Judges a binary request, as a gateway does. */
  Reaction judge(Received received) {
    Request request = Request.parse(received.body());
    return FakeGateway.binary(judge(request).encode(), Map.of());
  }

  synchronized Reply judge(Request request) {
    op++;
    requestSizes.add(request.eventCount());
    Map<UInt128, Long> ids = request.kind() == RequestKind.CREATE_TRANSFERS ? created : accounts;
    byte[] results = new byte[request.eventCount() * Reply.RESULT_BYTES];
    MemorySegment to = MemorySegment.ofArray(results);
    MemorySegment events = MemorySegment.ofArray(request.bytes());
    for (int i = 0; i < request.eventCount(); i++) {
      UInt128 id = Records128.read(events, Request.HEADER_BYTES + (long) i * Request.EVENT_BYTES);
      boolean existed = ids.putIfAbsent(id, (long) ids.size() + 1) != null;
      long at = (long) i * Reply.RESULT_BYTES;
      to.set(ValueLayout.JAVA_LONG_UNALIGNED, at, ids.get(id));
      to.set(
          ValueLayout.JAVA_INT_UNALIGNED,
          at + Reply.STATUS,
          request.kind() == RequestKind.CREATE_TRANSFERS
              ? (existed ? TransferStatus.EXISTS : TransferStatus.CREATED).code()
              : (existed ? AccountStatus.EXISTS : AccountStatus.CREATED).code());
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

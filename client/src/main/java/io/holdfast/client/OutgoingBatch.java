package io.holdfast.client;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.SealedDetails;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A request collected from whatever was waiting. Filled by one thread, then sent and not changed.
 *
 * <p>Its callers may have begun to wait at different times. The exchange goes on until the last of
 * them stops waiting; the others are told at their own deadlines that the outcome is unknown, which
 * is all that is certain while the request is on its way.
 */
final class OutgoingBatch implements Outgoing {
  /** Deadlines this close together are treated as one. */
  private static final long GRAIN_NANOS = 5_000_000;

  private final RequestKind kind;
  private final boolean imported;
  private final List<Waiting> all = new ArrayList<>();
  private int events;
  private int detailsBytes;
  private long deadline;

  private boolean ended;
  private int overdue; // how many of all have been told that their deadline passed
  private @Nullable Future<?> alarm;

  OutgoingBatch(RequestKind kind, Waiting first) {
    this.kind = kind;
    this.imported = first.imported();
    this.deadline = first.deadline();
    add(first);
  }

  int events() {
    return events;
  }

  /** Adds it unless the request would be too large or would mix imported events with others. */
  boolean addIfItFits(Waiting next) {
    int count = events + next.eventCount();
    if (next.imported() != imported
        || count > Limits.REQUEST_EVENTS_MAX
        || sealedBytes(count, detailsBytes + next.detailsBytes()) > Limits.REQUEST_BYTES_MAX) {
      return false;
    }
    add(next);
    return true;
  }

  private void add(Waiting next) {
    all.add(next);
    events += next.eventCount();
    detailsBytes += next.detailsBytes();
    if (next.deadline() - deadline > 0) {
      deadline = next.deadline();
    }
  }

  /** At most so many bytes once a node has sealed the details, which counts for the limit. */
  private static int sealedBytes(int events, int detailsBytes) {
    int heads = detailsBytes == 0 ? 0 : events * SealedDetails.HEAD_BYTES;
    return sizeBytes(events, detailsBytes) + heads;
  }

  private static int sizeBytes(int events, int detailsBytes) {
    int fixed = Request.HEADER_BYTES + events * Request.EVENT_BYTES;
    return detailsBytes == 0 ? fixed : fixed + 2 * events + detailsBytes;
  }

  @Override
  public Request request() {
    byte[] bytes = new byte[sizeBytes(events, detailsBytes)];
    MemorySegment to = MemorySegment.ofArray(bytes);
    to.set(JAVA_INT_UNALIGNED, 0, Request.MAGIC);
    bytes[4] = Request.VERSION;
    bytes[5] = (byte) kind.code();
    bytes[6] = (byte) (detailsBytes == 0 ? 0 : Request.FLAG_DETAILS);
    to.set(JAVA_INT_UNALIGNED, 8, events);
    to.set(JAVA_INT_UNALIGNED, 12, detailsBytes);
    long at = Request.HEADER_BYTES;
    for (Waiting waiting : all) {
      waiting.writeEvents(to, at);
      at += (long) waiting.eventCount() * Request.EVENT_BYTES;
    }
    if (detailsBytes > 0) {
      writeDetails(to, at);
    }
    return Request.parse(bytes);
  }

  private void writeDetails(MemorySegment to, long lengthsAt) {
    long lengthAt = lengthsAt;
    long at = lengthsAt + 2L * events;
    for (Waiting waiting : all) {
      for (int i = 0; i < waiting.eventCount(); i++) {
        byte[] details = waiting.details(i);
        to.set(JAVA_SHORT_UNALIGNED, lengthAt, (short) details.length);
        MemorySegment.copy(MemorySegment.ofArray(details), 0, to, at, details.length);
        lengthAt += 2;
        at += details.length;
      }
    }
  }

  @Override
  public long deadline() {
    return deadline;
  }

  /** Sees to it that callers whose deadline is earlier than the last one's are told in time. */
  synchronized void watch(Transport transport) {
    if (!ended && overdue < all.size()) {
      long next = all.get(overdue).deadline();
      if (deadline - next > GRAIN_NANOS) {
        alarm = transport.at(next + GRAIN_NANOS, () -> transport.run(() -> expire(transport)));
      }
    }
  }

  private void expire(Transport transport) {
    List<Waiting> late = new ArrayList<>();
    synchronized (this) {
      long now = System.nanoTime();
      while (!ended && overdue < all.size() && now - all.get(overdue).deadline() >= 0) {
        late.add(all.get(overdue++));
      }
    }
    HoldfastException unknown =
        new HoldfastException(
            "outcome-unknown", "no answer until the deadline", "repeat with the same ids");
    late.forEach(waiting -> waiting.fail(unknown));
    watch(transport);
  }

  private synchronized void end() {
    ended = true;
    if (alarm != null) {
      alarm.cancel(false);
    }
  }

  @Override
  public void answered(Reply reply) {
    end();
    int first = 0;
    for (Waiting waiting : all) {
      waiting.answer(reply, first);
      first += waiting.eventCount();
    }
  }

  @Override
  public void failed(HoldfastException failure) {
    end();
    all.forEach(waiting -> waiting.fail(failure));
  }
}

package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.holdfast.kernel.UInt128;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about the ids in one batch that the ledger no longer has in memory. Mostly
 * nothing: only repetitions and late resolutions have old ids.
 *
 * <p>A fact about an id, in memory beside the ledger's own records:
 *
 * <pre>
 * 0 record of the transfer as it is stored (128)   128 mark of its details (32)
 * 160 details: 0 none, 1 plain, 2 sealed (4)       164 unused (4)
 * </pre>
 */
public final class OldFacts {
  private static final int BYTES = 168;
  private static final int MARK = 128;
  private static final int DETAILS = 160;
  private static final int CHUNK_SHIFT = 6;

  private final RecordStore transfers;
  private final Map<UInt128, Long> found = new HashMap<>();
  private final Map<UInt128, MovementKind> resolved = new HashMap<>();
  private final Set<Long> times = new HashSet<>();

  OldFacts(Arena arena) {
    this.transfers = new RecordStore(arena, BYTES, CHUNK_SHIFT);
  }

  void clear() {
    if (transfers.size() > 0 || !found.isEmpty() || !resolved.isEmpty() || !times.isEmpty()) {
      transfers.truncate(0);
      found.clear();
      resolved.clear();
      times.clear();
    }
  }

  /**
   * The transfer exists.
   *
   * @param record as it is stored, at {@code at}
   * @param details null when it has none
   */
  public void transfer(MemorySegment record, long at, @Nullable DetailsMark details) {
    long slot = transfers.append();
    MemorySegment.copy(record, at, RecordStore.MEMORY, transfers.at(slot), TransferRecord.BYTES);
    RecordStore.MEMORY.set(
        JAVA_INT_UNALIGNED,
        transfers.at(slot) + DETAILS,
        details == null ? DetailsStore.NONE : DetailsStore.form(details.sealed()));
    if (details != null) {
      MemorySegment.copy(
          details.bytes(),
          0,
          RecordStore.MEMORY,
          JAVA_BYTE,
          transfers.at(slot) + MARK,
          DetailsMark.BYTES);
    }
    found.put(Records128.read(record, at), slot | TransferStore.OLD);
  }

  /** Keeps a transfer that is stored at {@code from}, unless it is known already. */
  void keep(long from) {
    if (!found.containsKey(Records128.read(RecordStore.MEMORY, from))) {
      transfer(RecordStore.MEMORY, from, null);
    }
  }

  /** The id failed with this status. */
  public void failed(long hi, long lo, int status) {
    found.put(new UInt128(hi, lo), status | TransferStore.FAILED);
  }

  /** The pending transfer with this id was posted, voided or released. */
  public void resolved(long hi, long lo, MovementKind by) {
    resolved.put(new UInt128(hi, lo), by);
  }

  void movementAt(long timestamp) {
    times.add(timestamp);
  }

  /** As {@link TransferStore#find}. */
  long find(long hi, long lo) {
    return found.isEmpty()
        ? TransferStore.NOT_FOUND
        : found.getOrDefault(new UInt128(hi, lo), TransferStore.NOT_FOUND);
  }

  @Nullable MovementKind resolution(long hi, long lo) {
    return resolved.get(new UInt128(hi, lo));
  }

  boolean hasMovementAt(long timestamp) {
    return times.contains(timestamp);
  }

  /** Where the record of what {@link #find} gave begins. */
  long at(long transfer) {
    return transfers.at(transfer ^ TransferStore.OLD);
  }

  /** The form of the details of what {@link #find} gave. */
  int detailsForm(long transfer) {
    return RecordStore.MEMORY.get(JAVA_INT_UNALIGNED, at(transfer) + DETAILS);
  }

  void copyDetailsMark(long transfer, byte[] to) {
    MemorySegment.copy(
        RecordStore.MEMORY, JAVA_BYTE, at(transfer) + MARK, to, 0, DetailsMark.BYTES);
  }
}

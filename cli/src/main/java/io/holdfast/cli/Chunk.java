package io.holdfast.cli;

import io.holdfast.kernel.Limits;
import io.holdfast.ledger.SealedDetails;
import io.holdfast.ledger.TransferRecord;
import java.util.ArrayList;
import java.util.List;

/** Rows that are sent together: at most one request of transfers, and what was refused between. */
final class Chunk {
  /** Refused rows that may gather while no good one comes; so memory stays bounded. */
  private static final int REFUSED_MAX = 10_000;

  private static final int LENGTH_BYTES = 2;

  private final int transfersMax;
  private final List<Movement> movements = new ArrayList<>();
  private final List<Refused> refused = new ArrayList<>();
  private int bytes;

  /** A row that is no movement. */
  record Refused(long line, String raw, RowRefused why) {}

  Chunk(int transfersMax) {
    this.transfersMax = transfersMax;
  }

  void add(Movement movement) {
    movements.add(movement);
    bytes += bytes(movement);
  }

  void add(Refused row) {
    refused.add(row);
  }

  List<Movement> movements() {
    return movements;
  }

  List<Refused> refused() {
    return refused;
  }

  boolean isEmpty() {
    return movements.isEmpty() && refused.isEmpty();
  }

  /** Whether another row might not fit into the request. */
  boolean full() {
    return movements.size() >= transfersMax
        || refused.size() >= REFUSED_MAX
        || bytes > Limits.REQUEST_BYTES_MAX - TransferRecord.BYTES * 2 - Limits.DETAILS_BYTES_MAX;
  }

  private static int bytes(Movement movement) {
    int details = movement.details().length;
    int sealed = details == 0 ? 0 : SealedDetails.HEAD_BYTES + details;
    return TransferRecord.BYTES + LENGTH_BYTES + sealed;
  }
}

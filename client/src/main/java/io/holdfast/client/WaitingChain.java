package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Linked transfers, which succeed or fail together and go in one request. */
final class WaitingChain implements Waiting {
  private static final byte[] NO_DETAILS = {};

  private final List<Transfer> transfers;
  private final long deadline;
  private final CompletableFuture<List<Outcome>> outcomes = new CompletableFuture<>();

  WaitingChain(List<Transfer> transfers, long deadline) {
    this.transfers = transfers;
    this.deadline = deadline;
  }

  CompletableFuture<List<Outcome>> outcomes() {
    return outcomes;
  }

  @Override
  public int eventCount() {
    return transfers.size();
  }

  @Override
  public int detailsBytes() {
    return 0;
  }

  @Override
  public boolean imported() {
    return (transfers.getFirst().flags() & TransferFlags.IMPORTED) != 0;
  }

  @Override
  public long deadline() {
    return deadline;
  }

  @Override
  public void writeEvents(MemorySegment to, long at) {
    for (int i = 0; i < transfers.size(); i++) {
      TransferRecord.write(transfers.get(i), to, at + (long) i * TransferRecord.BYTES);
    }
  }

  @Override
  public byte[] details(int event) {
    return NO_DETAILS;
  }

  @Override
  public void answer(Reply reply, int first) {
    List<Outcome> all = new ArrayList<>(transfers.size());
    for (int i = 0; i < transfers.size(); i++) {
      all.add(Outcomes.ofTransfer(reply, first + i));
    }
    outcomes.complete(List.copyOf(all));
  }

  @Override
  public void fail(HoldfastException end) {
    outcomes.complete(Collections.nCopies(transfers.size(), Outcomes.of(end)));
  }
}

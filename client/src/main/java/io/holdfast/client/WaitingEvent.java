package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFlags;
import io.holdfast.ledger.AccountRecord;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/** A single event, which is its caller's future at the same time: one object for each. */
abstract sealed class WaitingEvent extends CompletableFuture<Outcome> implements Waiting {
  private static final byte[] NO_DETAILS = {};

  private final long deadline;

  private WaitingEvent(long deadline) {
    this.deadline = deadline;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }

  @Override
  public int eventCount() {
    return 1;
  }

  @Override
  public int detailsBytes() {
    return 0;
  }

  @Override
  public byte[] details(int event) {
    return NO_DETAILS;
  }

  @Override
  public long deadline() {
    return deadline;
  }

  @Override
  public void fail(HoldfastException end) {
    complete(Outcomes.of(end));
  }

  /** An account to be created. */
  static final class OfAccount extends WaitingEvent {
    private final Account account;

    OfAccount(Account account, long deadline) {
      super(deadline);
      this.account = account;
    }

    @Override
    public boolean imported() {
      return (account.flags() & AccountFlags.IMPORTED) != 0;
    }

    @Override
    public void writeEvents(MemorySegment to, long at) {
      AccountRecord.write(account, to, at);
    }

    @Override
    public void answer(Reply reply, int first) {
      complete(Outcomes.ofAccount(reply, first));
    }
  }

  /** A transfer to be created. */
  static final class OfTransfer extends WaitingEvent {
    private final Transfer transfer;
    private final byte[] details;

    OfTransfer(Transfer transfer, byte[] details, long deadline) {
      super(deadline);
      this.transfer = transfer;
      this.details = details;
    }

    @Override
    public boolean imported() {
      return (transfer.flags() & TransferFlags.IMPORTED) != 0;
    }

    @Override
    public int detailsBytes() {
      return details.length;
    }

    @Override
    public byte[] details(int event) {
      return details;
    }

    @Override
    public void writeEvents(MemorySegment to, long at) {
      TransferRecord.write(transfer, to, at);
    }

    @Override
    public void answer(Reply reply, int first) {
      complete(Outcomes.ofTransfer(reply, first));
    }
  }
}

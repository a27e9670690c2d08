package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.UInt128;

/** A walk over the movements of one account in memory, from the newest to the oldest. */
final class Movements {
  private final TransferStore transfers;
  private final int account;
  private final long firstInMemory;
  private Generation generation;
  private long movement;
  private long here; // counted from the generation's first
  private long next; // number + 1
  private boolean debit;

  /** Begins before the newest movement. */
  Movements(AccountStore accounts, TransferStore transfers, int account) {
    this.transfers = transfers;
    this.account = account;
    this.firstInMemory = transfers.firstInMemory();
    this.generation = transfers.newest();
    this.next = accounts.lastMovement(account);
  }

  /** Steps to the next older movement; false when none is in memory. */
  boolean step() {
    if (next <= firstInMemory) {
      return false;
    }
    movement = next - 1;
    generation = transfers.generation(movement);
    here = movement - generation.firstMovement();
    debit = generation.debit(here) == account;
    long distance = generation.distance(here, debit);
    next = distance == 0 ? 0 : next - distance;
    return true;
  }

  /** Where its record begins. */
  long at() {
    return generation.at(here);
  }

  long timestamp() {
    return generation.timestamp(here);
  }

  /** Whether the movement is on the debit side of the account. */
  boolean debit() {
    return debit;
  }

  boolean expiry() {
    return kind() == MovementKind.EXPIRE;
  }

  /** The balances, which are those after this movement, as a row. */
  Balance row(RunningBalance balance) {
    UInt128 id = Records128.read(RecordStore.MEMORY, at() + TransferRecord.ID);
    return balance.after(timestamp(), id, expiry());
  }

  /** Takes this movement off the balances. */
  void undo(RunningBalance balance) {
    long amountLo = half(TransferRecord.AMOUNT);
    long amountHi = half(TransferRecord.AMOUNT + 8);
    boolean post = kind() == MovementKind.POST;
    balance.undo(
        kind(),
        debit,
        amountHi,
        amountLo,
        post ? generation.released(here, true) : amountHi,
        post ? generation.released(here, false) : amountLo);
  }

  private MovementKind kind() {
    return MovementKind.of(generation.flags(here));
  }

  private long half(int field) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, at() + field);
  }
}

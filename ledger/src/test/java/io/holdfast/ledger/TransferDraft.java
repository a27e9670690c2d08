package io.holdfast.ledger;

import io.holdfast.kernel.UInt128;

/** A transfer to be created; a test changes what it is about. Ledger 1, code 20 to begin with. */
final class TransferDraft {
  UInt128 id;
  UInt128 debit = UInt128.ZERO;
  UInt128 credit = UInt128.ZERO;
  UInt128 amount = UInt128.ZERO;
  UInt128 pendingId = UInt128.ZERO;
  UInt128 userData128 = UInt128.ZERO;
  long userData64;
  int userData32;
  int timeout;
  int ledger = 1;
  int code = 20;
  int flags;
  long timestamp;
  byte[] details = new byte[0];

  private TransferDraft(long id) {
    this.id = UInt128.of(id);
  }

  /** A payment. */
  static TransferDraft pay(long id, long debit, long credit, long amount) {
    TransferDraft draft = new TransferDraft(id);
    draft.debit = UInt128.of(debit);
    draft.credit = UInt128.of(credit);
    draft.amount = UInt128.of(amount);
    return draft;
  }

  /** A reservation without a timeout. */
  static TransferDraft reserve(long id, long debit, long credit, long amount) {
    return pay(id, debit, credit, amount).with(TransferFlags.PENDING);
  }

  /** A post of all that is pending, with all fields left out that may be. */
  static TransferDraft post(long id, long pendingId) {
    TransferDraft draft = new TransferDraft(id).pendingId(pendingId).amount(UInt128.MAX);
    return draft.ledger(0).code(0).with(TransferFlags.POST_PENDING_TRANSFER);
  }

  /** A void, with all fields left out that may be. */
  static TransferDraft cancel(long id, long pendingId) {
    TransferDraft draft = new TransferDraft(id).pendingId(pendingId);
    return draft.ledger(0).code(0).with(TransferFlags.VOID_PENDING_TRANSFER);
  }

  TransferDraft id(UInt128 value) {
    id = value;
    return this;
  }

  TransferDraft with(int moreFlags) {
    flags |= moreFlags;
    return this;
  }

  TransferDraft linked() {
    return with(TransferFlags.LINKED);
  }

  TransferDraft debit(UInt128 value) {
    debit = value;
    return this;
  }

  TransferDraft debit(long value) {
    return debit(UInt128.of(value));
  }

  TransferDraft credit(UInt128 value) {
    credit = value;
    return this;
  }

  TransferDraft credit(long value) {
    return credit(UInt128.of(value));
  }

  TransferDraft amount(UInt128 value) {
    amount = value;
    return this;
  }

  TransferDraft amount(long value) {
    return amount(UInt128.of(value));
  }

  TransferDraft pendingId(UInt128 value) {
    pendingId = value;
    return this;
  }

  TransferDraft pendingId(long value) {
    return pendingId(UInt128.of(value));
  }

  TransferDraft userData(long data128, long data64, int data32) {
    userData128 = UInt128.of(data128);
    userData64 = data64;
    userData32 = data32;
    return this;
  }

  TransferDraft timeout(int seconds) {
    timeout = seconds;
    return this;
  }

  TransferDraft ledger(int value) {
    ledger = value;
    return this;
  }

  TransferDraft code(int value) {
    code = value;
    return this;
  }

  TransferDraft timestamp(long value) {
    timestamp = value;
    return this;
  }

  TransferDraft importedAt(long value) {
    return with(TransferFlags.IMPORTED).timestamp(value);
  }

  TransferDraft details(byte... bytes) {
    details = bytes;
    return this;
  }

  Transfer build() {
    return new Transfer(
        id,
        debit,
        credit,
        amount,
        pendingId,
        userData128,
        userData64,
        userData32,
        timeout,
        ledger,
        code,
        flags,
        timestamp);
  }
}

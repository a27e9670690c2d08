package io.holdfast.ledger;

import io.holdfast.kernel.UInt128;

/** An account to be opened; a test changes what it is about. Ledger 1, code 10 to begin with. */
final class AccountDraft {
  UInt128 id;
  UInt128 debitsPending = UInt128.ZERO;
  UInt128 debitsPosted = UInt128.ZERO;
  UInt128 creditsPending = UInt128.ZERO;
  UInt128 creditsPosted = UInt128.ZERO;
  UInt128 userData128 = UInt128.ZERO;
  long userData64;
  int userData32;
  int reserved;
  int ledger = 1;
  int code = 10;
  int flags;
  long timestamp;

  private AccountDraft(UInt128 id) {
    this.id = id;
  }

  static AccountDraft account(long id) {
    return new AccountDraft(UInt128.of(id));
  }

  static AccountDraft account(UInt128 id) {
    return new AccountDraft(id);
  }

  AccountDraft flags(int value) {
    flags = value;
    return this;
  }

  AccountDraft linked() {
    flags |= AccountFlags.LINKED;
    return this;
  }

  AccountDraft ledger(int value) {
    ledger = value;
    return this;
  }

  AccountDraft code(int value) {
    code = value;
    return this;
  }

  AccountDraft reserved(int value) {
    reserved = value;
    return this;
  }

  AccountDraft debitsPending(long value) {
    debitsPending = UInt128.of(value);
    return this;
  }

  AccountDraft debitsPosted(long value) {
    debitsPosted = UInt128.of(value);
    return this;
  }

  AccountDraft creditsPending(long value) {
    creditsPending = UInt128.of(value);
    return this;
  }

  AccountDraft creditsPosted(long value) {
    creditsPosted = UInt128.of(value);
    return this;
  }

  AccountDraft userData(long data128, long data64, int data32) {
    userData128 = UInt128.of(data128);
    userData64 = data64;
    userData32 = data32;
    return this;
  }

  AccountDraft timestamp(long value) {
    timestamp = value;
    return this;
  }

  AccountDraft importedAt(long value) {
    flags |= AccountFlags.IMPORTED;
    timestamp = value;
    return this;
  }

  Account build() {
    return new Account(
        id,
        debitsPending,
        debitsPosted,
        creditsPending,
        creditsPosted,
        userData128,
        userData64,
        userData32,
        reserved,
        ledger,
        code,
        flags,
        timestamp);
  }
}

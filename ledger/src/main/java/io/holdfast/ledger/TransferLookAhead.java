package io.holdfast.ledger;

import io.holdfast.kernel.Limits;

/**
 * Finds the accounts of the next transfers before they are judged one by one. The look-ups of many
 * transfers do not wait for each other, so the processor has many cache misses under way at once;
 * judged one at a time, each transfer would wait for its own. Accounts do not come or go within a
 * request of transfers, so what is found stays true; whether a transfer's id exists is only brought
 * near here, and asked again when the transfer is judged.
 */
final class TransferLookAhead {
  private final AccountStore accounts;
  private final TransferStore transfers;
  private final long[] idHashes = new long[Limits.REQUEST_EVENTS_MAX];
  private final long[] debitHashes = new long[Limits.REQUEST_EVENTS_MAX];
  private final long[] creditHashes = new long[Limits.REQUEST_EVENTS_MAX];
  private final int[] debits = new int[Limits.REQUEST_EVENTS_MAX];
  private final int[] credits = new int[Limits.REQUEST_EVENTS_MAX];
  private long loaded; // what was read must be used, or the compiler would leave the reads out

  TransferLookAhead(AccountStore accounts, TransferStore transfers) {
    this.accounts = accounts;
    this.transfers = transfers;
  }

  void load(Events events, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      long debitHash =
          accounts.hash(
              events.half(i, TransferRecord.DEBIT_ACCOUNT_ID + 8),
              events.half(i, TransferRecord.DEBIT_ACCOUNT_ID));
      long creditHash =
          accounts.hash(
              events.half(i, TransferRecord.CREDIT_ACCOUNT_ID + 8),
              events.half(i, TransferRecord.CREDIT_ACCOUNT_ID));
      long idHash =
          transfers.hash(events.half(i, TransferRecord.ID + 8), events.half(i, TransferRecord.ID));
      debitHashes[i] = debitHash;
      creditHashes[i] = creditHash;
      idHashes[i] = idHash;
      sum +=
          accounts.touchIndex(debitHash)
              + accounts.touchIndex(creditHash)
              + transfers.touchIndex(idHash);
    }
    for (int i = from; i < to; i++) {
      debits[i] =
          accounts.find(
              debitHashes[i],
              events.half(i, TransferRecord.DEBIT_ACCOUNT_ID + 8),
              events.half(i, TransferRecord.DEBIT_ACCOUNT_ID));
      credits[i] =
          accounts.find(
              creditHashes[i],
              events.half(i, TransferRecord.CREDIT_ACCOUNT_ID + 8),
              events.half(i, TransferRecord.CREDIT_ACCOUNT_ID));
    }
    for (int i = from; i < to; i++) {
      if (debits[i] >= 0) {
        sum += accounts.touchRecord(debits[i]);
      }
      if (credits[i] >= 0) {
        sum += accounts.touchRecord(credits[i]);
      }
    }
    loaded += sum;
  }

  long idHash(int i) {
    return idHashes[i];
  }

  /** The position of the debit account, or {@link AccountStore#NOT_FOUND}. */
  int debit(int i) {
    return debits[i];
  }

  /** The position of the credit account, or {@link AccountStore#NOT_FOUND}. */
  int credit(int i) {
    return credits[i];
  }

  long loaded() {
    return loaded;
  }
}

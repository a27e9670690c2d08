package io.holdfast.vault;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** Payments between a few accounts, kept in maps; remembers all balances after each op. */
final class NaiveLedger {
  static final int ACCOUNTS = 12;
  private static final int DEBITS_PENDING = 0;
  private static final int DEBITS_POSTED = 1;
  private static final int CREDITS_PENDING = 2;
  private static final int CREDITS_POSTED = 3;

  private final Map<Integer, BigInteger[]> accounts = new HashMap<>();
  private final Set<UInt128> used = new HashSet<>();
  private final Map<UInt128, Transfer> pending = new HashMap<>();
  private final List<List<List<UInt128>>> after = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private long lastId;

  NaiveLedger() {
    for (int i = 1; i <= ACCOUNTS; i++) {
      accounts.put(
          i, new BigInteger[] {BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO});
    }
    after.add(List.of()); // before the first op there is no account
    times.add(0L);
  }

  long nextId() {
    return ++lastId;
  }

  UInt128 anyPending(Random random) {
    List<UInt128> all = pending.keySet().stream().sorted().toList();
    return all.isEmpty() ? UInt128.ZERO : all.get(random.nextInt(all.size()));
  }

  /** The amount of a reservation. */
  UInt128 reserved(UInt128 id) {
    Transfer of = pending.get(id);
    if (of == null) {
      throw new IllegalStateException("no reservation " + id);
    }
    return of.amount();
  }

  void apply(Transfer of) {
    boolean resolves =
        (of.flags() & (TransferFlags.POST_PENDING_TRANSFER | TransferFlags.VOID_PENDING_TRANSFER))
            != 0;
    if (used.contains(of.id())) {
      return;
    }
    if (!resolves) {
      int debit = of.debitAccountId().toBigInteger().intValue();
      int credit = of.creditAccountId().toBigInteger().intValue();
      used.add(of.id()); // also when it fails for an account that is not there
      if (debit == credit || !accounts.containsKey(debit) || !accounts.containsKey(credit)) {
        return;
      }
      boolean reserves = (of.flags() & TransferFlags.PENDING) != 0;
      add(debit, reserves ? DEBITS_PENDING : DEBITS_POSTED, of.amount().toBigInteger());
      add(credit, reserves ? CREDITS_PENDING : CREDITS_POSTED, of.amount().toBigInteger());
      if (reserves) {
        pending.put(of.id(), of);
      }
      return;
    }
    Transfer reserved = pending.remove(of.pendingId());
    used.add(of.id());
    if (reserved == null) {
      return;
    }
    int debit = reserved.debitAccountId().toBigInteger().intValue();
    int credit = reserved.creditAccountId().toBigInteger().intValue();
    BigInteger amount = reserved.amount().toBigInteger();
    add(debit, DEBITS_PENDING, amount.negate());
    add(credit, CREDITS_PENDING, amount.negate());
    if ((of.flags() & TransferFlags.POST_PENDING_TRANSFER) != 0) {
      add(debit, DEBITS_POSTED, amount);
      add(credit, CREDITS_POSTED, amount);
    }
  }

  private void add(int account, int which, BigInteger amount) {
    BigInteger[] balances = accounts.get(account);
    if (balances == null) {
      throw new IllegalStateException("no account " + account);
    }
    balances[which] = balances[which].add(amount);
  }

  /** An op is over. */
  void done(long timeNanos) {
    List<List<UInt128>> now = new ArrayList<>();
    for (int i = 1; i <= ACCOUNTS; i++) {
      BigInteger[] of = Objects.requireNonNull(accounts.get(i));
      now.add(List.of(UInt128.of(of[0]), UInt128.of(of[1]), UInt128.of(of[2]), UInt128.of(of[3])));
    }
    after.add(now);
    times.add(timeNanos);
  }

  /** All balances after an op. */
  List<List<UInt128>> balancesAfter(long op) {
    return after.get((int) op);
  }

  /** The last op up to a time. */
  long opAt(long timeNanos) {
    int op = 0;
    while (op + 1 < times.size() && times.get(op + 1) <= timeNanos) {
      op++;
    }
    return op;
  }

  /** When an op came. */
  long timeOf(long op) {
    return times.get((int) op);
  }
}

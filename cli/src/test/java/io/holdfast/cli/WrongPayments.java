package io.holdfast.cli;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Batches of payments of every kind, by a seed, among which some should not have been. */
final class WrongPayments {
  static final int ACCOUNTS = 12;
  static final int WRONG_CODE = 30;

  private final Random random;
  private final List<Long> open = new ArrayList<>();
  private long nextId = 1;

  WrongPayments(long seed) {
    random = new Random(seed);
  }

  static Request accounts() {
    List<Account> accounts = new ArrayList<>();
    for (int id = 1; id <= ACCOUNTS; id++) {
      accounts.add(Account.opening(UInt128.of(id), id <= ACCOUNTS / 2 ? 978 : 840, 1, 0));
    }
    return Request.ofAccounts(accounts);
  }

  Request batch(int transfers) {
    List<Transfer> some = new ArrayList<>();
    for (int i = 0; i < transfers; i++) {
      some.add(transfer());
    }
    return Request.ofTransfers(some);
  }

  private Transfer transfer() {
    long id = nextId++;
    return switch (random.nextInt(6)) {
      case 0 -> {
        open.add(id);
        yield payment(id, TransferFlags.PENDING);
      }
      case 1 -> open.isEmpty() ? payment(id, 0) : resolving(id);
      default -> payment(id, 0);
    };
  }

  private Transfer resolving(long id) {
    long of = open.remove(random.nextInt(open.size()));
    boolean post = random.nextInt(3) > 0;
    UInt128 zero = UInt128.ZERO;
    return new Transfer(
        UInt128.of(id),
        zero,
        zero,
        post ? (random.nextBoolean() ? UInt128.MAX : UInt128.of(1)) : zero,
        UInt128.of(of),
        UInt128.of(random.nextInt(3)),
        random.nextInt(3),
        random.nextInt(3),
        0,
        0,
        0,
        post ? TransferFlags.POST_PENDING_TRANSFER : TransferFlags.VOID_PENDING_TRANSFER,
        0);
  }

  private Transfer payment(long id, int flags) {
    int half = ACCOUNTS / 2;
    int debit = random.nextInt(half);
    int credit = (debit + 1 + random.nextInt(half - 1)) % half;
    int side = random.nextInt(2);
    return new Transfer(
        UInt128.of(id),
        UInt128.of(1 + side * half + debit),
        UInt128.of(1 + side * half + credit),
        UInt128.of(1 + random.nextInt(1_000)),
        UInt128.ZERO,
        UInt128.of(random.nextInt(3)),
        random.nextInt(3),
        random.nextInt(3),
        0,
        side == 0 ? 978 : 840,
        random.nextInt(3) == 0 ? WRONG_CODE : 10,
        flags,
        0);
  }
}

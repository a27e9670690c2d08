package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Gives accounts and transfers a few different codes, ledgers and user data, to be asked for. */
final class Variety {
  /** Accounts 21 to 23 are of this ledger. */
  static final int OTHER_LEDGER = 2;

  private static final int FIRST_OF_OTHER_LEDGER = 21;
  private static final int OF_OTHER_LEDGER = 3;

  private Variety() {}

  /** Up to three accounts, most of them of the other ledger; some of them may be open already. */
  static Request accounts(Random random, int freshId) {
    List<Account> accounts = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      boolean other = random.nextBoolean();
      int id = other ? FIRST_OF_OTHER_LEDGER + random.nextInt(OF_OTHER_LEDGER) : 1000 + freshId + i;
      UInt128 zero = UInt128.ZERO;
      accounts.add(
          new Account(
              UInt128.of(id),
              zero,
              zero,
              zero,
              zero,
              UInt128.of(random.nextInt(3)),
              random.nextInt(3),
              random.nextInt(3),
              0,
              other ? OTHER_LEDGER : 1,
              1 + random.nextInt(3),
              0,
              0));
    }
    return Request.ofAccounts(accounts);
  }

  /** The same with other user data; between other accounts at times, if it is no post or void. */
  static Transfer of(Transfer t, Random random) {
    boolean resolving = !t.pendingId().isZero();
    boolean moved = !resolving && random.nextInt(5) == 0;
    int first = random.nextInt(OF_OTHER_LEDGER);
    int second = (first + 1 + random.nextInt(OF_OTHER_LEDGER - 1)) % OF_OTHER_LEDGER;
    return new Transfer(
        t.id(),
        moved ? UInt128.of(FIRST_OF_OTHER_LEDGER + first) : t.debitAccountId(),
        moved ? UInt128.of(FIRST_OF_OTHER_LEDGER + second) : t.creditAccountId(),
        t.amount(),
        t.pendingId(),
        resolving && random.nextBoolean() ? UInt128.of(random.nextInt(4)) : t.userData128(),
        random.nextInt(3),
        random.nextInt(3),
        t.timeout(),
        moved ? OTHER_LEDGER : t.ledger(),
        resolving ? 0 : 1 + random.nextInt(3),
        moved ? t.flags() & ~TransferFlags.LINKED : t.flags(),
        0);
  }
}

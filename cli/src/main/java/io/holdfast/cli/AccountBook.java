package io.holdfast.cli;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountStatus;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The accounts that an import has met: which were refused, and what the file says of their
 * balances. Memory grows with the number of accounts, not with the number of rows: about 200 bytes
 * each.
 */
final class AccountBook {
  private final Map<UInt128, Entry> entries = new HashMap<>();

  /** One account. Changed only by the thread that sends. */
  static final class Entry {
    private final CurrencyRule.Currency currency;
    private @Nullable AccountStatus status;
    private long movements;
    private BigInteger sum = BigInteger.ZERO;
    private long firstLine;
    private long lastDay = Long.MIN_VALUE;
    private long lastTimestamp;
    private List<BigInteger> statedOnLastDay = List.of();

    private Entry(CurrencyRule.Currency currency) {
      this.currency = currency;
    }

    CurrencyRule.Currency currency() {
      return currency;
    }

    /** Movements that are in the ledger. */
    long movements() {
      return movements;
    }

    /** Their sum in minor units; credits count as positive. */
    BigInteger sum() {
      return sum;
    }

    /** The line where the file mentions the account first. */
    long firstLine() {
      return firstLine;
    }

    /** The timestamp of the account's last movement in the file; 0 unless dates are kept. */
    long lastTimestamp() {
      return lastTimestamp;
    }

    /** The balances that the file states on the account's last day; the order is not reliable. */
    List<BigInteger> statedOnLastDay() {
      return statedOnLastDay;
    }

    void answered(AccountStatus answer) {
      status = answer;
    }

    /** What refused the account; null if it is open. */
    @Nullable AccountStatus refusal() {
      return status == null || status.isSuccess() ? null : status;
    }

    private void stated(long day, BigInteger balance) {
      if (day > lastDay) {
        statedOnLastDay = new ArrayList<>(1);
        lastDay = day;
      }
      if (day == lastDay) {
        statedOnLastDay.add(balance);
      }
    }
  }

  /** Notes an account; true if it is new to the import and has to be opened. */
  boolean meet(Account account, Movement movement) {
    if (entries.containsKey(account.id())) {
      return false;
    }
    Entry entry = new Entry(movement.currency());
    entry.firstLine = movement.line();
    entries.put(account.id(), entry);
    return true;
  }

  Entry of(UInt128 id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new IllegalStateException("account " + id.toId() + " was not met");
    }
    return entry;
  }

  /** A movement is in the ledger. */
  void moved(Movement movement) {
    Entry entry = of(movement.account().id());
    entry.movements++;
    entry.sum = entry.sum.add(movement.signed());
    entry.lastTimestamp = movement.transfer().timestamp();
    if (movement.statedBalance() != null) {
      entry.stated(movement.day(), movement.statedBalance());
    }
  }

  /** The accounts that the file states a balance of. */
  Map<UInt128, Entry> withBalances() {
    Map<UInt128, Entry> stated = new HashMap<>();
    entries.forEach(
        (id, entry) -> {
          if (!entry.statedOnLastDay.isEmpty()) {
            stated.put(id, entry);
          }
        });
    return stated;
  }
}

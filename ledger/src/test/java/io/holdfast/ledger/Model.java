package io.holdfast.ledger;

import static io.holdfast.ledger.TransferStatus.CREDIT_ACCOUNT_ALREADY_CLOSED;
import static io.holdfast.ledger.TransferStatus.CREDIT_ACCOUNT_NOT_FOUND;
import static io.holdfast.ledger.TransferStatus.DEBIT_ACCOUNT_ALREADY_CLOSED;
import static io.holdfast.ledger.TransferStatus.DEBIT_ACCOUNT_NOT_FOUND;
import static io.holdfast.ledger.TransferStatus.EXCEEDS_CREDITS;
import static io.holdfast.ledger.TransferStatus.EXCEEDS_DEBITS;
import static io.holdfast.ledger.TransferStatus.PENDING_TRANSFER_NOT_FOUND;

import io.holdfast.kernel.UInt128;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rules once more, written from their description with maps and big integers and nothing of the
 * ledger's own code. A chain is tried on a copy of everything. Slow and simple on purpose.
 */
final class Model {
  /** An answer. */
  record Result(int status, long timestamp, int reserved) {}

  /** What an account's balances were after a movement. */
  record Row(long timestamp, BigInteger id, boolean expiry, List<BigInteger> balances) {}

  /** An account: a, b, c, d are debits pending, posted, credits pending, posted. */
  static final class Acct {
    Account made;
    long timestamp;
    boolean closed;
    BigInteger a = BigInteger.ZERO;
    BigInteger b = BigInteger.ZERO;
    BigInteger c = BigInteger.ZERO;
    BigInteger d = BigInteger.ZERO;
    List<Row> rows = new ArrayList<>();

    Acct(Account made, long timestamp) {
      this.made = made;
      this.timestamp = timestamp;
      this.closed = (made.flags() & 32) != 0;
    }

    Acct copy() {
      Acct copy = new Acct(made, timestamp);
      copy.closed = closed;
      copy.a = a;
      copy.b = b;
      copy.c = c;
      copy.d = d;
      copy.rows = new ArrayList<>(rows);
      return copy;
    }
  }

  /** A transfer as it is stored. */
  static final class Xfer {
    Transfer stored;
    byte[] details;
    @Nullable String fate; // of a pending one: null while it waits, then posted, voided, expired

    Xfer(Transfer stored, byte[] details) {
      this.stored = stored;
      this.details = details;
    }

    Xfer copy() {
      Xfer copy = new Xfer(stored, details);
      copy.fate = fate;
      return copy;
    }
  }

  private final ModelAccounts accountRules = new ModelAccounts(this);
  private final ModelTransfers transferRules = new ModelTransfers(this);

  LinkedHashMap<BigInteger, Acct> accounts = new LinkedHashMap<>();
  LinkedHashMap<BigInteger, Xfer> transfers = new LinkedHashMap<>();
  Map<BigInteger, Integer> failed = new HashMap<>();
  long lastAccount;
  long lastMovement;
  List<Long> movementTimes = new ArrayList<>();
  long time;

  /** Applies a batch of requests of accounts, or of transfers with details. */
  List<List<Result>> batch(long stamp, List<Object> requests) {
    int n = requests.stream().mapToInt(r -> events(r).size()).sum();
    time = Math.max(stamp, time + n);
    long next = time - n + 1;
    List<List<Result>> replies = new ArrayList<>();
    for (Object request : requests) {
      replies.add(request(events(request), next));
      next += events(request).size();
    }
    return replies;
  }

  /** Transfers with their details. */
  record Paying(List<Transfer> transfers, List<byte[]> details) {}

  /** An event of a request: an account or a transfer. */
  private record Event(Object what, byte[] details) {
    boolean isAccount() {
      return what instanceof Account;
    }

    int flags() {
      return isAccount() ? ((Account) what).flags() : ((Transfer) what).flags();
    }

    boolean linked() {
      return (flags() & 1) != 0;
    }

    boolean imported() {
      return (flags() & (isAccount() ? 16 : 256)) != 0;
    }

    BigInteger id() {
      return (isAccount() ? ((Account) what).id() : ((Transfer) what).id()).toBigInteger();
    }
  }

  private static List<Event> events(Object request) {
    List<Event> events = new ArrayList<>();
    if (request instanceof Paying paying) {
      for (int i = 0; i < paying.transfers.size(); i++) {
        events.add(new Event(paying.transfers.get(i), paying.details.get(i)));
      }
    } else {
      for (Object account : (List<?>) request) {
        events.add(new Event(account, new byte[0]));
      }
    }
    return events;
  }

  private List<Result> request(List<Event> events, long first) {
    boolean imported = events.getFirst().imported();
    Result[] results = new Result[events.size()];
    int i = 0;
    while (i < events.size()) {
      int end = i;
      while (end < events.size() && events.get(end).linked()) {
        end++;
      }
      boolean open = end == events.size();
      if (end == i) {
        results[i] = one(events.get(i), first + i, imported, false);
        noteFailure(events.get(i), results[i]);
      } else if (open) {
        chain(events, i, events.size() - 1, true, first, imported, results);
        end = events.size() - 1;
      } else if (exists(events.get(i))) {
        repeatChain(events, i, end, first, imported, results);
      } else {
        chain(events, i, end, false, first, imported, results);
      }
      i = end + 1;
    }
    return Arrays.asList(results);
  }

  private boolean exists(Event event) {
    return event.isAccount() ? accounts.containsKey(event.id()) : transfers.containsKey(event.id());
  }

  private void chain(
      List<Event> events,
      int start,
      int end,
      boolean open,
      long first,
      boolean imported,
      Result[] results) {
    Model before = copy();
    int broken = -1;
    for (int i = start; i <= end && broken < 0; i++) {
      if (open && i == end) {
        break;
      }
      results[i] = one(events.get(i), first + i, imported, false);
      if (results[i].status != -1) {
        broken = i;
      }
    }
    if (broken < 0 && !open) {
      return;
    }
    take(before);
    for (int i = start; i <= end; i++) {
      if (i != broken) {
        results[i] = new Result(open && i == end ? 2 : 1, 0, 0);
      }
    }
    if (broken >= 0) {
      noteFailure(events.get(broken), results[broken]);
    }
  }

  private void repeatChain(
      List<Event> events, int start, int end, long first, boolean imported, Result[] results) {
    int breaker = -1;
    boolean missing = false;
    for (int i = start; i <= end; i++) {
      results[i] = one(events.get(i), first + i, imported, true);
      int existsCode = events.get(i).isAccount() ? 21 : 46;
      if (results[i].status == 0) {
        missing = true;
      } else if (results[i].status != existsCode && breaker < 0) {
        breaker = i;
      }
    }
    if (breaker < 0 && missing) {
      breaker = start;
    }
    for (int i = start; i <= end && breaker >= 0; i++) {
      if (i != breaker) {
        results[i] = new Result(1, 0, 0);
      }
    }
  }

  private void noteFailure(Event event, Result result) {
    List<TransferStatus> passing =
        List.of(
            DEBIT_ACCOUNT_NOT_FOUND,
            CREDIT_ACCOUNT_NOT_FOUND,
            PENDING_TRANSFER_NOT_FOUND,
            EXCEEDS_CREDITS,
            EXCEEDS_DEBITS,
            DEBIT_ACCOUNT_ALREADY_CLOSED,
            CREDIT_ACCOUNT_ALREADY_CLOSED);
    if (!event.isAccount() && passing.stream().anyMatch(s -> s.code() == result.status)) {
      failed.put(event.id(), result.status);
    }
  }

  /** Judges one event; when only comparing, an id that does not exist answers 0. */
  private Result one(Event event, long now, boolean imported, boolean comparing) {
    return event.isAccount()
        ? accountRules.judge((Account) event.what, now, imported, comparing)
        : transferRules.judge((Transfer) event.what, event.details, now, imported, comparing);
  }

  /** Releases what is due; the rules of a pulse. */
  void pulse(long stamp) {
    long now = Math.max(stamp, time);
    List<Xfer> due =
        transfers.values().stream()
            .filter(x -> (x.stored.flags() & 2) != 0 && x.fate == null && x.stored.timeout() != 0)
            .filter(x -> expiry(x.stored) <= now)
            .sorted(
                Comparator.comparingLong((Xfer x) -> expiry(x.stored))
                    .thenComparingLong(x -> x.stored.timestamp()))
            .limit(8189)
            .toList();
    time = Math.max(stamp, time + due.size());
    long at = time - due.size();
    for (Xfer expired : due) {
      at++;
      Transfer p = expired.stored;
      expired.fate = "expired";
      Acct debit = party(p.debitAccountId());
      Acct credit = party(p.creditAccountId());
      debit.a = debit.a.subtract(p.amount().toBigInteger());
      credit.c = credit.c.subtract(p.amount().toBigInteger());
      reopen(p, debit, credit);
      moved(at, p.id(), true, debit, credit);
    }
  }

  long nextExpiry() {
    return transfers.values().stream()
        .filter(x -> (x.stored.flags() & 2) != 0 && x.fate == null && x.stored.timeout() != 0)
        .mapToLong(x -> expiry(x.stored))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  void store(Transfer stored, byte[] details, Acct debit, Acct credit) {
    transfers.put(stored.id().toBigInteger(), new Xfer(stored, details));
    moved(stored.timestamp(), stored.id(), false, debit, credit);
  }

  private void moved(long at, UInt128 id, boolean expiry, Acct debit, Acct credit) {
    lastMovement = at;
    movementTimes.add(at);
    for (Acct account : List.of(debit, credit)) {
      account.rows.add(
          new Row(
              at, id.toBigInteger(), expiry, List.of(account.a, account.b, account.c, account.d)));
    }
  }

  Acct party(UInt128 id) {
    return Objects.requireNonNull(accounts.get(id.toBigInteger()));
  }

  Xfer known(UInt128 id) {
    return Objects.requireNonNull(transfers.get(id.toBigInteger()));
  }

  static void reopen(Transfer p, Acct debit, Acct credit) {
    if ((p.flags() & 64) != 0) debit.closed = false;
    if ((p.flags() & 128) != 0) credit.closed = false;
  }

  boolean regresses(long at) {
    return at <= lastMovement || accounts.values().stream().anyMatch(a -> a.timestamp == at);
  }

  static long expiry(Transfer p) {
    return p.timestamp() + Integer.toUnsignedLong(p.timeout()) * 1_000_000_000L;
  }

  private Model copy() {
    Model copy = new Model();
    accounts.forEach((id, account) -> copy.accounts.put(id, account.copy()));
    transfers.forEach((id, transfer) -> copy.transfers.put(id, transfer.copy()));
    copy.failed.putAll(failed);
    copy.lastAccount = lastAccount;
    copy.lastMovement = lastMovement;
    copy.movementTimes.addAll(movementTimes);
    copy.time = time;
    return copy;
  }

  private void take(Model other) {
    accounts = other.accounts;
    transfers = other.transfers;
    failed = other.failed;
    lastAccount = other.lastAccount;
    lastMovement = other.lastMovement;
    movementTimes = other.movementTimes;
    time = other.time;
  }
}

package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.AccountRecord;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.HistoryFilter.Side;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.RequestKind;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferRecord;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every query once more: history kept as plain lists, answered by looking at all of it. It judges
 * nothing; what was created it learns from the ledger's answers, and works out amounts, balances
 * and expiries by itself. Shares no code with the ledger's or the journal's queries.
 */
final class QueryModel {
  /** A movement: a transfer as it should be stored, or the expiry of one. */
  private record Movement(long timestamp, Transfer transfer, boolean expiry) {}

  private static final List<Integer> RESOLVING =
      List.of(TransferFlags.POST_PENDING_TRANSFER, TransferFlags.VOID_PENDING_TRANSFER);

  private final Map<UInt128, Account> accounts = new LinkedHashMap<>();
  private final Map<UInt128, Transfer> transfers = new LinkedHashMap<>();
  private final Map<UInt128, Transfer> open = new LinkedHashMap<>();
  private final List<Movement> movements = new ArrayList<>();
  private final Map<UInt128, List<Balance>> rows = new LinkedHashMap<>();
  private final Map<UInt128, Transfer> expired = new LinkedHashMap<>();
  private long time;

  /** Takes in what became of a batch. */
  void applied(List<Request> requests, Reply reply, long stamp) {
    int events = requests.stream().mapToInt(Request::eventCount).sum();
    boolean pulse = requests.getFirst().kind() == RequestKind.PULSE;
    if (pulse) {
      pulse(stamp);
      return;
    }
    time = Math.max(stamp, time + events);
    int event = 0;
    for (Request request : requests) {
      MemorySegment bytes = MemorySegment.ofArray(request.bytes());
      for (int i = 0; i < request.eventCount(); i++, event++) {
        if (reply.statusCode(event) == -1) {
          long at = Request.HEADER_BYTES + (long) i * Request.EVENT_BYTES;
          created(request.kind(), bytes, at, reply.timestamp(event));
        }
      }
    }
  }

  private void created(RequestKind kind, MemorySegment bytes, long at, long timestamp) {
    if (kind == RequestKind.CREATE_ACCOUNTS) {
      Account a = AccountRecord.read(bytes, at);
      UInt128 zero = UInt128.ZERO;
      accounts.put(a.id(), with(a, timestamp, zero, zero, zero, zero));
      rows.put(a.id(), new ArrayList<>());
    } else {
      Transfer stored = stored(TransferRecord.read(bytes, at), timestamp);
      transfers.put(stored.id(), stored);
      move(new Movement(timestamp, stored, false));
      if ((stored.flags() & TransferFlags.PENDING) != 0) {
        open.put(stored.id(), stored);
      }
      open.remove(stored.pendingId());
    }
  }

  /** What a transfer leaves open or to be worked out, filled in. */
  private Transfer stored(Transfer t, long timestamp) {
    if (RESOLVING.stream().noneMatch(flag -> (t.flags() & flag) != 0)) {
      boolean balancing = (t.flags() & TransferFlags.BALANCING_DEBIT) != 0;
      UInt128 amount = balancing ? available(t) : t.amount();
      return with(t, t, amount, timestamp);
    }
    Transfer pending = Objects.requireNonNull(open.get(t.pendingId()));
    return with(t, pending, t.amount().isZero() ? pending.amount() : t.amount(), timestamp);
  }

  private UInt128 available(Transfer t) {
    Account of = Objects.requireNonNull(accounts.get(t.debitAccountId()));
    BigInteger left =
        of.creditsPosted()
            .toBigInteger()
            .subtract(of.debitsPosted().toBigInteger())
            .subtract(of.debitsPending().toBigInteger());
    return UInt128.of(left.max(BigInteger.ZERO).min(t.amount().toBigInteger()));
  }

  private static Transfer with(Transfer t, Transfer parties, UInt128 amount, long timestamp) {
    return new Transfer(
        t.id(),
        parties.debitAccountId(),
        parties.creditAccountId(),
        amount,
        t.pendingId(),
        t.userData128().isZero() ? parties.userData128() : t.userData128(),
        t.userData64() == 0 ? parties.userData64() : t.userData64(),
        t.userData32() == 0 ? parties.userData32() : t.userData32(),
        t.timeout(),
        parties.ledger(),
        parties.code(),
        t.flags(),
        timestamp);
  }

  private static Account with(
      Account a, long timestamp, UInt128 dp, UInt128 d, UInt128 cp, UInt128 c) {
    return new Account(
        a.id(),
        dp,
        d,
        cp,
        c,
        a.userData128(),
        a.userData64(),
        a.userData32(),
        0,
        a.ledger(),
        a.code(),
        a.flags(),
        timestamp);
  }

  private void pulse(long stamp) {
    long now = Math.max(stamp, time);
    List<Transfer> due =
        open.values().stream()
            .filter(t -> t.timeout() != 0 && expiry(t) <= now)
            .sorted(
                Comparator.comparingLong(QueryModel::expiry).thenComparingLong(Transfer::timestamp))
            .limit(8189)
            .toList();
    time = Math.max(stamp, time + due.size());
    long at = time - due.size() + 1;
    for (Transfer transfer : due) {
      open.remove(transfer.id());
      expired.put(transfer.id(), transfer);
      move(new Movement(at++, transfer, true));
    }
  }

  private static long expiry(Transfer t) {
    return t.timestamp() + t.timeout() * 1_000_000_000L;
  }

  private void move(Movement movement) {
    movements.add(movement);
    Transfer t = movement.transfer;
    boolean payment =
        (t.flags() & (TransferFlags.PENDING | TransferFlags.VOID_PENDING_TRANSFER)) == 0;
    boolean reserve = (t.flags() & TransferFlags.PENDING) != 0 && !movement.expiry;
    BigInteger amount = t.amount().toBigInteger();
    BigInteger posted = payment ? amount : BigInteger.ZERO;
    BigInteger released =
        movement.expiry
            ? amount
            : t.pendingId().isZero()
                ? BigInteger.ZERO
                : Objects.requireNonNull(transfers.get(t.pendingId())).amount().toBigInteger();
    BigInteger pending = reserve ? amount : released.negate();
    row(movement, t.debitAccountId(), pending, posted, BigInteger.ZERO, BigInteger.ZERO);
    row(movement, t.creditAccountId(), BigInteger.ZERO, BigInteger.ZERO, pending, posted);
  }

  private void row(
      Movement of, UInt128 id, BigInteger dp, BigInteger d, BigInteger cp, BigInteger c) {
    Account a = Objects.requireNonNull(accounts.get(id));
    Account after =
        with(
            a,
            a.timestamp(),
            sum(a.debitsPending(), dp),
            sum(a.debitsPosted(), d),
            sum(a.creditsPending(), cp),
            sum(a.creditsPosted(), c));
    accounts.put(id, after);
    Objects.requireNonNull(rows.get(id))
        .add(
            new Balance(
                of.timestamp,
                of.transfer.id(),
                of.expiry,
                after.debitsPending(),
                after.debitsPosted(),
                after.creditsPending(),
                after.creditsPosted()));
  }

  private static UInt128 sum(UInt128 a, BigInteger b) {
    return UInt128.of(a.toBigInteger().add(b));
  }

  List<Account> accounts() {
    return List.copyOf(accounts.values());
  }

  List<Transfer> transfers() {
    return List.copyOf(transfers.values());
  }

  /** How many reservations expired. */
  int expiries() {
    return expired.size();
  }

  /** Every answer below is whole: all rows, whatever the limit. */
  List<Account> accounts(AccountFilter f) {
    List<Account> found = new ArrayList<>();
    for (Account a : accounts.values()) {
      if (isIn(a.timestamp(), f.fromNanos(), f.toNanos(), f.newestFirst(), f.after())
          && (f.ledger() == null || f.ledger() == a.ledger())
          && (f.code() == null || f.code() == a.code())
          && (f.userData128() == null || f.userData128().equals(a.userData128()))
          && (f.userData64() == null || f.userData64() == a.userData64())
          && (f.userData32() == null || f.userData32() == a.userData32())) {
        found.add(a);
      }
    }
    found.sort(Comparator.comparingLong(Account::timestamp));
    return f.newestFirst() ? found.reversed() : found;
  }

  List<Transfer> transfers(TransferFilter f) {
    List<Transfer> found = new ArrayList<>();
    for (Transfer t : transfers.values()) {
      if (isIn(t.timestamp(), f.fromNanos(), f.toNanos(), f.newestFirst(), f.after())
          && (f.ledger() == null || f.ledger() == t.ledger())
          && has(t, f.code(), f.userData128(), f.userData64(), f.userData32())) {
        found.add(t);
      }
    }
    return f.newestFirst() ? found.reversed() : found;
  }

  List<Transfer> transfersOf(UInt128 id, HistoryFilter filter) {
    return movementsOf(id, filter).stream().filter(m -> !m.expiry).map(Movement::transfer).toList();
  }

  List<Balance> balancesOf(UInt128 id, HistoryFilter filter) {
    Set<Long> times = new HashSet<>();
    movementsOf(id, filter).forEach(m -> times.add(m.timestamp));
    List<Balance> found =
        rows.getOrDefault(id, List.of()).stream()
            .filter(row -> times.contains(row.timestamp()))
            .toList();
    return filter.newestFirst() ? found.reversed() : found;
  }

  private List<Movement> movementsOf(UInt128 id, HistoryFilter f) {
    List<Movement> found = new ArrayList<>();
    for (Movement m : movements) {
      boolean debit = m.transfer.debitAccountId().equals(id);
      boolean credit = m.transfer.creditAccountId().equals(id);
      boolean side = f.side() == null ? debit || credit : f.side() == Side.DEBIT ? debit : credit;
      if (side
          && isIn(m.timestamp, f.fromNanos(), f.toNanos(), f.newestFirst(), f.after())
          && has(m.transfer, f.code(), f.userData128(), f.userData64(), f.userData32())) {
        found.add(m);
      }
    }
    return f.newestFirst() ? found.reversed() : found;
  }

  private static boolean isIn(long time, long from, long to, boolean newestFirst, long after) {
    boolean goesOn = after == 0 || (newestFirst ? time < after : time > after);
    return goesOn && time >= from && time <= to;
  }

  private static boolean has(
      Transfer t,
      @Nullable Integer code,
      @Nullable UInt128 data128,
      @Nullable Long data64,
      @Nullable Integer data32) {
    return (code == null || code == t.code())
        && (data128 == null || data128.equals(t.userData128()))
        && (data64 == null || data64 == t.userData64())
        && (data32 == null || data32 == t.userData32());
  }

  Optional<Balance> balanceAt(UInt128 id, long timestamp) {
    Account account = accounts.get(id);
    if (account == null || account.timestamp() > timestamp) {
      return Optional.empty();
    }
    UInt128 zero = UInt128.ZERO;
    Balance last = new Balance(0, zero, false, zero, zero, zero, zero);
    for (Balance row : rows.getOrDefault(id, List.of())) {
      if (row.timestamp() <= timestamp) {
        last = row;
      }
    }
    return Optional.of(last);
  }

  /** The open reservations of an account, the newest first. */
  List<Transfer> holdsOf(UInt128 id) {
    return open.values().stream()
        .filter(t -> t.debitAccountId().equals(id) || t.creditAccountId().equals(id))
        .sorted(Comparator.comparingLong(Transfer::timestamp).reversed())
        .toList();
  }
}

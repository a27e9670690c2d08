package io.holdfast.drill;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A ledger in a few lines, good for the kinds of payments that a load makes. It is correct unless
 * told to misbehave, so that the judge can be shown right and wrong ledgers.
 */
final class Book implements PaymentDoor, LedgerContent {
  private final LoadPlan plan;
  private final Map<UInt128, Transfer> transfers = new LinkedHashMap<>();
  private final Map<UInt128, TransferStatus> failed = new HashMap<>();
  private final Set<UInt128> settled = new HashSet<>();
  private final Map<UInt128, long[]> balances = new HashMap<>();
  private long op;
  private long timestamp = 1_000;

  Book(LoadPlan plan) {
    this.plan = plan;
    plan.openings().forEach(account -> balances.put(account.id(), new long[4]));
  }

  @Override
  public synchronized Told pay(int client, List<Transfer> request, Duration deadline) {
    op++;
    timestamp += request.size();
    boolean chain = request.size() > 1;
    boolean fails = chain && request.stream().anyMatch(t -> judge(t) != TransferStatus.CREATED);
    ByteBuffer results = ByteBuffer.allocate(16 * request.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < request.size(); i++) {
      Transfer transfer = request.get(i);
      TransferStatus status = judge(transfer);
      if (fails && status == TransferStatus.CREATED) {
        status = TransferStatus.LINKED_EVENT_FAILED;
      }
      long at = timestamp - request.size() + i + 1;
      if (status == TransferStatus.CREATED) {
        enter(transfer, at);
      } else if (status.isTransient()) {
        failed.put(transfer.id(), status);
      }
      Transfer stored = transfers.get(transfer.id());
      results.putLong(status.isSuccess() && stored != null ? stored.timestamp() : 0);
      results.putInt(status.code()).putInt(0);
    }
    return new Told.Answered(new Reply(op, results.array()));
  }

  private TransferStatus judge(Transfer t) {
    if (transfers.containsKey(t.id())) {
      return TransferStatus.EXISTS;
    }
    if (failed.containsKey(t.id())) {
      return TransferStatus.ID_ALREADY_FAILED;
    }
    if (!t.pendingId().isZero()) {
      return settled.contains(t.pendingId())
          ? TransferStatus.PENDING_TRANSFER_ALREADY_POSTED
          : TransferStatus.CREATED;
    }
    if (t.debitAccountId().equals(t.creditAccountId())) {
      return TransferStatus.ACCOUNTS_MUST_BE_DIFFERENT;
    }
    if (!balances.containsKey(t.creditAccountId())) {
      return TransferStatus.CREDIT_ACCOUNT_NOT_FOUND;
    }
    return t.debitAccountId().equals(plan.pennilessAccount())
        ? TransferStatus.EXCEEDS_CREDITS
        : TransferStatus.CREATED;
  }

  private void enter(Transfer sent, long at) {
    Transfer pending = transfers.get(sent.pendingId());
    Transfer resolved = pending == null ? sent : Settlement.resolved(sent, pending);
    transfers.put(sent.id(), at(resolved, resolved.amount(), at));
    long amount = resolved.amount().lo();
    boolean post = (sent.flags() & TransferFlags.POST_PENDING_TRANSFER) != 0;
    if (pending == null) {
      move(resolved, sent.flags() == TransferFlags.PENDING ? 0 : 1, amount);
    } else {
      settled.add(pending.id());
      move(resolved, 0, -pending.amount().lo());
      move(resolved, 1, post ? amount : 0);
    }
  }

  private void move(Transfer transfer, int posted, long amount) {
    balance(transfer.debitAccountId())[posted] += amount;
    balance(transfer.creditAccountId())[2 + posted] += amount;
  }

  private long[] balance(UInt128 account) {
    return Objects.requireNonNull(balances.get(account), "no account " + account.toId());
  }

  private Transfer held(UInt128 id) {
    return Objects.requireNonNull(transfers.get(id), "no transfer " + id.toId());
  }

  /** Misbehaves: forgets a transfer and what it moved, as if it had never been. */
  synchronized void forget(UInt128 id) {
    Transfer transfer = held(id);
    transfers.remove(id);
    move(transfer, 1, -transfer.amount().lo());
  }

  /** Misbehaves: moves a transfer's amount a second time. */
  synchronized void moveAgain(UInt128 id) {
    Transfer transfer = held(id);
    move(transfer, 1, transfer.amount().lo());
  }

  /** Misbehaves: holds a transfer with another amount than was sent. */
  synchronized void alter(UInt128 id) {
    Transfer transfer = held(id);
    long amount = transfer.amount().lo();
    transfers.put(id, at(transfer, UInt128.of(2 * amount), transfer.timestamp()));
    move(transfer, 1, amount);
  }

  /** Misbehaves: enters a transfer that was refused, or that nobody sent. */
  synchronized void slipIn(Transfer transfer) {
    enter(transfer, ++timestamp);
  }

  /** The plain payments that it holds. */
  synchronized List<Transfer> plainPayments() {
    return transfers.values().stream().filter(t -> t.flags() == 0).toList();
  }

  static Transfer at(Transfer t, UInt128 amount, long timestamp) {
    return new Transfer(
        t.id(),
        t.debitAccountId(),
        t.creditAccountId(),
        amount,
        t.pendingId(),
        t.userData128(),
        t.userData64(),
        t.userData32(),
        t.timeout(),
        t.ledger(),
        t.code(),
        t.flags(),
        timestamp);
  }

  @Override
  public List<Transfer> lookUp(int client, List<UInt128> ids, Duration deadline) {
    return transfers(ids);
  }

  @Override
  public synchronized List<Transfer> transfers(List<UInt128> ids) {
    return ids.stream().filter(transfers::containsKey).map(transfers::get).toList();
  }

  @Override
  public synchronized List<Account> accounts(List<UInt128> ids) {
    return ids.stream()
        .map(
            id -> {
              UInt128[] b = new UInt128[4];
              for (int i = 0; i < b.length; i++) {
                b[i] = UInt128.of(balance(id)[i]);
              }
              return new Account(
                  id, b[0], b[1], b[2], b[3], UInt128.ZERO, 0, 0, 0, LoadPlan.LEDGER, 1, 0, 1);
            })
        .toList();
  }

  @Override
  public synchronized Page<Transfer> debitsOf(UInt128 account, long after) {
    return new Page<>(
        transfers.values().stream().filter(t -> t.debitAccountId().equals(account)).toList(), 0);
  }

  @Override
  public void close() {}
}

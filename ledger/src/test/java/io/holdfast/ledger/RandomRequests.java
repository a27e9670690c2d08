package io.holdfast.ledger;

import io.holdfast.kernel.UInt128;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random requests that collide: few accounts, few ids, values at the edges, and often a repetition
 * of what was sent before, whole or with one thing changed. The same seed gives the same requests.
 */
final class RandomRequests {
  private final Random random;
  private final int accountIds;
  private final int transferIds;
  private final List<Account> sentAccounts = new ArrayList<>();
  private final List<Transfer> sentTransfers = new ArrayList<>();
  private final List<byte[]> sentDetails = new ArrayList<>();
  private final List<Object> sentRequests = new ArrayList<>();

  RandomRequests(long seed) {
    random = new Random(seed);
    accountIds = 3 + random.nextInt(6);
    transferIds = 10 + random.nextInt(200);
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A request for the model: a list of accounts, or {@link Model.Paying}. */
  Object next(long time) {
    if (!sentRequests.isEmpty() && chance(8)) {
      return sentRequests.get(below(sentRequests.size()));
    }
    Object request = chance(sentAccounts.size() < 4 ? 60 : 12) ? accounts(time) : paying(time);
    sentRequests.add(request);
    return request;
  }

  private List<Account> accounts(long time) {
    boolean imported = chance(10);
    List<Account> list = new ArrayList<>();
    int count = 1 + below(5);
    for (int i = 0; i < count; i++) {
      Account account =
          !sentAccounts.isEmpty() && chance(20)
              ? sentAccounts.get(below(sentAccounts.size()))
              : account(imported != chance(2), time);
      sentAccounts.add(account);
      list.add(account);
    }
    return list;
  }

  private Account account(boolean imported, long time) {
    AccountDraft draft = AccountDraft.account(id(accountIds));
    draft.flags = chance(30) ? AccountFlags.LINKED : 0;
    draft.flags |= chance(15) ? AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS : 0;
    draft.flags |= chance(15) ? AccountFlags.CREDITS_MUST_NOT_EXCEED_DEBITS : 0;
    draft.flags |= chance(20) ? AccountFlags.HISTORY : 0;
    draft.flags |= chance(3) ? AccountFlags.CLOSED : 0;
    draft.flags |= imported ? AccountFlags.IMPORTED : 0;
    draft.flags |= chance(1) ? 1 << (6 + below(10)) : 0;
    draft.ledger = chance(2) ? 0 : chance(80) ? 1 : 2;
    draft.code = chance(2) ? 0 : 10;
    draft.reserved = chance(1) ? 1 : 0;
    draft.userData128 = UInt128.of(rare());
    draft.userData64 = rare();
    draft.userData32 = (int) rare();
    draft.debitsPending = UInt128.of(chance(1) ? 1 : 0);
    draft.debitsPosted = UInt128.of(chance(1) ? 1 : 0);
    draft.creditsPending = UInt128.of(chance(1) ? 1 : 0);
    draft.creditsPosted = UInt128.of(chance(1) ? 1 : 0);
    draft.timestamp = timestamp(imported, time);
    return draft.build();
  }

  private Model.Paying paying(long time) {
    boolean imported = chance(10);
    List<Transfer> transfers = new ArrayList<>();
    List<byte[]> details = new ArrayList<>();
    int count = 1 + below(chance(20) ? 40 : 8);
    for (int i = 0; i < count; i++) {
      Transfer transfer = transfer(imported != chance(2), time);
      byte[] detail = details();
      if (!sentTransfers.isEmpty() && chance(15)) {
        int which = below(sentTransfers.size());
        transfer = chance(60) ? sentTransfers.get(which) : altered(sentTransfers.get(which));
        detail = chance(80) ? sentDetails.get(which) : detail;
      }
      sentTransfers.add(transfer);
      sentDetails.add(detail);
      transfers.add(transfer);
      details.add(detail);
    }
    return new Model.Paying(transfers, details);
  }

  private Transfer transfer(boolean imported, long time) {
    TransferDraft draft = TransferDraft.pay(0, 0, 0, 0).id(id(transferIds));
    draft.flags = chance(25) ? TransferFlags.LINKED : 0;
    draft.flags |= imported ? TransferFlags.IMPORTED : 0;
    boolean resolving = chance(30);
    if (resolving) {
      draft.flags |=
          chance(60) ? TransferFlags.POST_PENDING_TRANSFER : TransferFlags.VOID_PENDING_TRANSFER;
      draft.pendingId = pendingId();
      draft.debit = chance(80) ? UInt128.ZERO : id(accountIds);
      draft.credit = chance(80) ? UInt128.ZERO : id(accountIds);
      draft.ledger = chance(60) ? 0 : chance(95) ? 1 : 2;
      draft.code = chance(60) ? 0 : chance(95) ? 20 : 21;
      draft.amount = chance(30) ? UInt128.MAX : chance(40) ? UInt128.ZERO : amount();
      draft.timeout = chance(1) ? 1 : 0;
    } else {
      draft.flags |= chance(45) ? TransferFlags.PENDING : 0;
      draft.flags |= chance(10) ? TransferFlags.BALANCING_DEBIT : 0;
      draft.flags |= chance(10) ? TransferFlags.BALANCING_CREDIT : 0;
      draft.flags |= chance(3) ? TransferFlags.CLOSING_DEBIT : 0;
      draft.flags |= chance(3) ? TransferFlags.CLOSING_CREDIT : 0;
      draft.pendingId = chance(2) ? id(transferIds) : UInt128.ZERO;
      draft.debit = id(accountIds);
      draft.credit = id(accountIds);
      draft.ledger = chance(2) ? 0 : chance(90) ? 1 : 2;
      draft.code = chance(2) ? 0 : 20;
      draft.amount = amount();
      boolean pending = (draft.flags & TransferFlags.PENDING) != 0;
      draft.timeout = chance(pending ? 50 : 2) ? (chance(3) ? -1 : 1 + below(5)) : 0;
    }
    draft.flags |= chance(2) ? 1 << below(16) : 0;
    draft.userData128 = UInt128.of(rare());
    draft.userData64 = rare();
    draft.userData32 = (int) rare();
    draft.timestamp = timestamp(imported, time);
    return draft.build();
  }

  /** The same transfer but for one field. */
  private Transfer altered(Transfer t) {
    TransferDraft d = TransferDraft.pay(0, 0, 0, 0);
    d.id = t.id();
    int field = below(11);
    d.debit = field == 0 ? id(accountIds) : t.debitAccountId();
    d.credit = field == 1 ? id(accountIds) : t.creditAccountId();
    d.amount = field == 2 ? amount() : t.amount();
    d.pendingId = field == 3 ? id(transferIds) : t.pendingId();
    d.userData128 = field == 4 ? UInt128.of(below(3)) : t.userData128();
    d.userData64 = field == 5 ? below(3) : t.userData64();
    d.userData32 = field == 6 ? below(3) : t.userData32();
    d.timeout = field == 7 ? below(3) : t.timeout();
    d.ledger = field == 8 ? below(3) : t.ledger();
    d.code = field == 9 ? below(2) * 20 : t.code();
    d.flags = field == 10 ? t.flags() ^ 1 << below(9) : t.flags();
    d.timestamp = t.timestamp();
    return d.build();
  }

  private UInt128 pendingId() {
    for (int tries = 0; tries < 5 && !sentTransfers.isEmpty() && chance(90); tries++) {
      Transfer sent = sentTransfers.get(below(sentTransfers.size()));
      if ((sent.flags() & TransferFlags.PENDING) != 0) {
        return sent.id();
      }
    }
    return id(transferIds);
  }

  private UInt128 id(int count) {
    if (chance(1)) {
      return chance(50) ? UInt128.ZERO : UInt128.MAX;
    }
    int which = 1 + below(count);
    return which % 3 == 0 ? new UInt128(which, -1L) : UInt128.of(which);
  }

  private UInt128 amount() {
    if (chance(3)) {
      return chance(50) ? UInt128.MAX : new UInt128(-1L >>> below(3), random.nextLong());
    }
    return chance(10) ? new UInt128(below(3), random.nextLong()) : UInt128.of(below(100));
  }

  private byte[] details() {
    if (!chance(15)) {
      return new byte[0];
    }
    byte[] bytes = new byte[1 + below(chance(10) ? 4096 : 100)];
    random.nextBytes(bytes);
    return bytes;
  }

  private long timestamp(boolean imported, long time) {
    if (imported == chance(2)) {
      return chance(50) ? 0 : chance(50) ? -1 : 1;
    }
    return imported ? Math.max(1, time - 30 + below(60)) : 0;
  }

  private long rare() {
    return chance(10) ? 1 + below(2) : 0;
  }
}

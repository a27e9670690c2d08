package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A ledger as an import's destination. It is patient: what was not taken, or whose outcome is
 * unknown, is repeated with the same ids until it is answered or the patience ends.
 *
 * <p>A request that was sent twice is answered {@code exists} the second time, which says nothing
 * about who created it. So the ids are looked up before anything is sent, and only those found then
 * count as existing.
 */
final class LedgerDestination implements Destination {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final HoldfastClient client;
  private final Duration patience;

  LedgerDestination(HoldfastClient client, Duration patience) {
    this.client = client;
    this.patience = patience;
  }

  @Override
  public List<AccountStatus> openAccounts(List<Account> accounts) {
    List<UInt128> ids = accounts.stream().map(Account::id).toList();
    Set<UInt128> there = new HashSet<>();
    Answer<List<Account>> before = patiently(() -> client.accounts(ids, Consistency.LINEARIZABLE));
    before.value().forEach(account -> there.add(account.id()));
    Request request = Request.ofAccounts(accounts);
    Reply reply = patiently(() -> client.submit(request, DEADLINE));
    List<AccountStatus> statuses = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      AccountStatus status = reply.accountStatus(i);
      boolean fresh = status.isSuccess() && there.add(ids.get(i));
      statuses.add(fresh ? AccountStatus.CREATED : status);
    }
    return statuses;
  }

  @Override
  public List<TransferStatus> transfer(List<Movement> movements) {
    List<Transfer> transfers = movements.stream().map(Movement::transfer).toList();
    List<UInt128> ids = transfers.stream().map(Transfer::id).toList();
    Set<UInt128> there = new HashSet<>();
    Answer<List<Transfer>> before =
        patiently(() -> client.transferRecords(ids, Consistency.LINEARIZABLE));
    before.value().forEach(transfer -> there.add(transfer.id()));
    List<byte[]> details = movements.stream().map(Movement::details).toList();
    Request request = Request.ofTransfers(transfers, details);
    Reply reply = patiently(() -> client.submit(request, DEADLINE));
    List<TransferStatus> statuses = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      TransferStatus status = reply.transferStatus(i);
      boolean fresh = status.isSuccess() && there.add(ids.get(i));
      statuses.add(fresh ? TransferStatus.CREATED : status);
    }
    return statuses;
  }

  private <T> T patiently(Supplier<CompletableFuture<T>> call) {
    return Patience.on(call, patience);
  }
}

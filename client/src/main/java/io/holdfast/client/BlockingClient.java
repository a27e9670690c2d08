package io.holdfast.client;

import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferWithDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The client for those who call and wait. Everything that is no answer is thrown as a {@link
 * HoldfastException} with the code of the outcome: {@code outcome-unknown} asks to be repeated with
 * the same ids. Reads see every acknowledged write.
 *
 * <p>Safe for use by many threads; calls of many threads travel together. When too much is waiting,
 * a call waits for room. Closing it closes the client that it is on.
 */
public final class BlockingClient implements AutoCloseable {
  private final HoldfastClient client;

  public BlockingClient(HoldfastClient client) {
    this.client = client;
  }

  /** A client for these gateways, with the defaults of {@link HoldfastClientBuilder}. */
  public static BlockingClient connect(String... gateways) {
    return new BlockingClient(HoldfastClient.connect(gateways));
  }

  /** The asynchronous client beneath. */
  public HoldfastClient client() {
    return client;
  }

  /**
   * Creates a transfer.
   *
   * @throws HoldfastException code is the ledger's status, such as {@code exceeds_credits}, or that
   *     of {@link Outcome.Refused} or {@code outcome-unknown}
   */
  public Outcome.Answered transfer(Transfer transfer) {
    return transfer(transfer, new byte[0]);
  }

  /** As {@link #transfer(Transfer)}, with details. */
  public Outcome.Answered transfer(Transfer transfer, byte[] details) {
    return answered(await(client.transfer(transfer, details, true)));
  }

  /** Creates an account; throws as {@link #transfer(Transfer)} does. */
  public Outcome.Answered account(Account account) {
    return answered(await(client.account(account, true)));
  }

  /**
   * Creates any number of transfers in order, a request after the other, chains never parted.
   *
   * @return an outcome for each, answered or refused, in order
   * @throws HoldfastException if a request got no answer; what is before it is done, and the whole
   *     list may be sent again
   */
  public List<Outcome> createTransfers(List<Transfer> transfers) {
    List<Outcome> outcomes = new ArrayList<>(transfers.size());
    transfers.forEach(transfer -> refuse(Events.fault(transfer)));
    for (List<Transfer> part : Parts.of(transfers, Transfer::flags)) {
      outcomes.addAll(submit(Request.ofTransfers(part)));
    }
    return outcomes;
  }

  /** Creates any number of accounts; as {@link #createTransfers}. */
  public List<Outcome> createAccounts(List<Account> accounts) {
    List<Outcome> outcomes = new ArrayList<>(accounts.size());
    accounts.forEach(account -> refuse(Events.fault(account)));
    for (List<Account> part : Parts.of(accounts, Account::flags)) {
      outcomes.addAll(submit(Request.ofAccounts(part)));
    }
    return outcomes;
  }

  private List<Outcome> submit(Request request) {
    return Outcomes.of(request.kind(), await(client.submitPatiently(request)));
  }

  /** The account with this id. */
  public Optional<Account> account(UInt128 id) {
    return accounts(List.of(id)).stream().findFirst();
  }

  /** The accounts with these ids, at most 8,189, in the order asked; missing ones are absent. */
  public List<Account> accounts(List<UInt128> ids) {
    return await(client.accounts(ids, Consistency.LINEARIZABLE)).value();
  }

  /** The transfer with this id, and its details. */
  public Optional<TransferWithDetails> transfer(UInt128 id) {
    return await(client.transfers(List.of(id), Consistency.LINEARIZABLE)).value().stream()
        .findFirst();
  }

  /** The transfers with these ids, at most 8,189, in the order asked; missing ones are absent. */
  public List<Transfer> transfers(List<UInt128> ids) {
    return await(client.transferRecords(ids, Consistency.LINEARIZABLE)).value();
  }

  /** A page of accounts; {@link Page#next()} continues it. */
  public Page<Account> accounts(AccountFilter filter) {
    return await(client.accounts(filter, Consistency.LINEARIZABLE)).value();
  }

  /** A page of all transfers, looked through in the order asked for. */
  public Page<Transfer> transfers(TransferFilter filter) {
    return await(client.transfers(filter, Consistency.LINEARIZABLE)).value();
  }

  /** A page of an account's transfers; none when there is no such account. */
  public Page<Transfer> transfersOf(UInt128 accountId, HistoryFilter filter) {
    return await(client.transfersOf(accountId, filter, Consistency.LINEARIZABLE)).value();
  }

  /** A page of an account's balances after each movement. */
  public Page<Balance> balancesOf(UInt128 accountId, HistoryFilter filter) {
    return await(client.balancesOf(accountId, filter, Consistency.LINEARIZABLE)).value();
  }

  /**
   * An account's balances as they were at a time, in nanoseconds since the epoch; empty when no
   * such account was open then.
   */
  public Optional<Balance> balanceAt(UInt128 accountId, long timestamp) {
    return await(client.balanceAt(accountId, timestamp, Consistency.LINEARIZABLE)).value();
  }

  /** An account and the first page of the open reservations on it, the newest first. */
  public Optional<Holds> holdsOf(UInt128 accountId, int limit) {
    return holdsOf(accountId, limit, 0);
  }

  /**
   * As {@link #holdsOf(UInt128, int)}, going on after a page.
   *
   * @param after what the page before named as the next; each page is of its own moment
   */
  public Optional<Holds> holdsOf(UInt128 accountId, int limit, long after) {
    return await(client.holdsOf(accountId, limit, after, Consistency.LINEARIZABLE)).value();
  }

  /** What the node behind the nearest gateway knows of itself and its site. */
  public SiteStatus status() {
    return await(client.status());
  }

  @Override
  public void close() {
    client.close();
  }

  private static void refuse(@Nullable HoldfastException fault) {
    if (fault != null) {
      throw fault;
    }
  }

  private static Outcome.Answered answered(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> answered;
      case Outcome.Refused refused -> throw refused.asException();
      case Outcome.Unknown unknown ->
          throw new HoldfastException(
              "outcome-unknown", unknown.detail(), "repeat with the same ids");
    };
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HoldfastException failure) {
        throw failure;
      }
      throw new IllegalStateException("a client's future fails with a HoldfastException alone", e);
    }
  }

  private static HoldfastException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new HoldfastException(
        "outcome-unknown", "the waiting thread was interrupted", "repeat with the same ids", e);
  }
}

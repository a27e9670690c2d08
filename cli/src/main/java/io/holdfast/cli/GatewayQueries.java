package io.holdfast.cli;

import io.holdfast.client.LedgerAccess;
import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Balance;
import io.holdfast.ledger.HistoryFilter;
import io.holdfast.ledger.Holds;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFilter;
import io.holdfast.ledger.TransferWithDetails;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A running ledger, asked through its gateways; each answer sees every payment acknowledged before,
 * and one answer may be of a later moment than another.
 */
final class GatewayQueries implements Queries {
  private static final Consistency NEWEST = Consistency.LINEARIZABLE;

  private final LedgerAccess ledger;
  private final Duration patience;
  private long op;

  GatewayQueries(LedgerAccess ledger, Duration patience) {
    this.ledger = ledger;
    this.patience = patience;
  }

  /** The op after which the last answer was so. */
  long op() {
    return op;
  }

  @Override
  public List<Account> accounts(List<UInt128> ids) {
    return ask(() -> ledger.accounts(ids, NEWEST));
  }

  @Override
  public List<Transfer> transfers(List<UInt128> ids) {
    return transfersWithDetails(ids).stream().map(TransferWithDetails::transfer).toList();
  }

  @Override
  public List<TransferWithDetails> transfersWithDetails(List<UInt128> ids) {
    return ask(() -> ledger.transfers(ids, NEWEST));
  }

  @Override
  public Optional<Holds> holdsOf(UInt128 accountId, int limit, long after) {
    return ask(() -> ledger.holdsOf(accountId, limit, after, NEWEST));
  }

  @Override
  public Page<Account> accounts(AccountFilter filter) {
    return ask(() -> ledger.accounts(filter, NEWEST));
  }

  @Override
  public Page<Transfer> transfers(TransferFilter filter) {
    return ask(() -> ledger.transfers(filter, NEWEST));
  }

  @Override
  public Page<Transfer> transfersOf(UInt128 accountId, HistoryFilter filter) {
    return ask(() -> ledger.transfersOf(accountId, filter, NEWEST));
  }

  @Override
  public Page<Balance> balancesOf(UInt128 accountId, HistoryFilter filter) {
    return ask(() -> ledger.balancesOf(accountId, filter, NEWEST));
  }

  @Override
  public Optional<Balance> balanceAt(UInt128 accountId, long timestamp) {
    return ask(() -> ledger.balanceAt(accountId, timestamp, NEWEST));
  }

  private <T> T ask(Supplier<CompletableFuture<Answer<T>>> question) {
    Answer<T> answer = Patience.on(question, patience);
    op = answer.op();
    return answer.value();
  }
}

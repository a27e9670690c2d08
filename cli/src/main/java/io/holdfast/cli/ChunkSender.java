package io.holdfast.cli;

import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.TransferStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends chunks one after the other: first the accounts that are new, then the transfers of accounts
 * that are open. A transfer whose account was refused is not sent: the ledger would remember its id
 * as failed for ever.
 *
 * <p>Used by one thread at a time.
 */
final class ChunkSender {
  private final Destination destination;
  private final AccountBook book;
  private final ImportTally tally;
  private final RejectedRows rejected;

  ChunkSender(Destination destination, AccountBook book, ImportTally tally, RejectedRows rejected) {
    this.destination = destination;
    this.book = book;
    this.tally = tally;
    this.rejected = rejected;
  }

  void send(Chunk chunk) {
    for (Chunk.Refused row : chunk.refused()) {
      tally.refused(row.why().code());
      rejected.add(row.line(), row.why().code(), row.why().reason(), row.raw());
    }
    openAccounts(chunk.movements());
    List<Movement> sendable = new ArrayList<>(chunk.movements().size());
    for (Movement movement : chunk.movements()) {
      if (accountsOpen(movement)) {
        sendable.add(movement);
      }
    }
    if (!sendable.isEmpty()) {
      List<TransferStatus> answers = destination.transfer(sendable);
      for (int i = 0; i < sendable.size(); i++) {
        answered(sendable.get(i), answers.get(i));
      }
    }
  }

  private void openAccounts(List<Movement> movements) {
    List<Account> fresh = new ArrayList<>();
    for (Movement movement : movements) {
      for (Account account : List.of(movement.account(), movement.counterAccount())) {
        if (book.meet(account, movement)) {
          fresh.add(account);
        }
      }
    }
    for (int from = 0; from < fresh.size(); from += Limits.REQUEST_EVENTS_MAX) {
      List<Account> some =
          fresh.subList(from, Math.min(fresh.size(), from + Limits.REQUEST_EVENTS_MAX));
      List<AccountStatus> answers = destination.openAccounts(some);
      for (int i = 0; i < some.size(); i++) {
        book.of(some.get(i).id()).answered(answers.get(i));
        tally.account(answers.get(i));
      }
    }
  }

  private boolean accountsOpen(Movement movement) {
    for (Account account : List.of(movement.account(), movement.counterAccount())) {
      AccountStatus refusal = book.of(account.id()).refusal();
      if (refusal != null) {
        reject(
            movement,
            "account-refused",
            "its account %s was refused: %s"
                .formatted(account.id().toId(), StatusWords.of(refusal)));
        return false;
      }
    }
    return true;
  }

  private void answered(Movement movement, TransferStatus status) {
    if (status.isSuccess()) {
      tally.moved(status, movement);
      book.moved(movement);
    } else {
      reject(movement, status.label(), "the ledger refused it: " + StatusWords.of(status));
    }
  }

  private void reject(Movement movement, String code, String reason) {
    tally.refused(code, movement);
    rejected.add(movement.line(), code, reason, movement.raw());
  }
}

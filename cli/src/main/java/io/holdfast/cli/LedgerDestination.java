package io.holdfast.cli;

import io.holdfast.client.LedgerAccess;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferStatus;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A ledger as an import's destination. It is patient: what was not taken, or whose outcome is
 * unknown, is repeated with the same ids until it is answered or the patience ends.
 */
final class LedgerDestination implements Destination {
  private static final Set<String> WORTH_REPEATING =
      Set.of("outcome-unknown", "no-leader", "overloaded", "unavailable");
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 200;

  private final LedgerAccess ledger;
  private final Duration patience;

  LedgerDestination(LedgerAccess ledger, Duration patience) {
    this.ledger = ledger;
    this.patience = patience;
  }

  @Override
  public List<AccountStatus> openAccounts(List<Account> accounts) {
    Reply reply = submit(Request.ofAccounts(accounts));
    return IntStream.range(0, reply.count()).mapToObj(reply::accountStatus).toList();
  }

  @Override
  public List<TransferStatus> transfer(List<Movement> movements) {
    List<Transfer> transfers = movements.stream().map(Movement::transfer).toList();
    List<byte[]> details = movements.stream().map(Movement::details).toList();
    Reply reply = submit(Request.ofTransfers(transfers, details));
    return IntStream.range(0, reply.count()).mapToObj(reply::transferStatus).toList();
  }

  private Reply submit(Request request) {
    long start = System.nanoTime();
    while (true) {
      try {
        return Waiting.on(ledger.submit(request, DEADLINE));
      } catch (HoldfastException e) {
        if (!WORTH_REPEATING.contains(e.code()) || System.nanoTime() - start > patience.toNanos()) {
          throw e;
        }
        Waiting.pause(PAUSE_MILLIS);
      }
    }
  }
}

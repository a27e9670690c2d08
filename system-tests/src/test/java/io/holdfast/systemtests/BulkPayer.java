package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.LedgerAccess;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Pays in requests of a mebibyte, to fill disks and logs; one after the other. */
final class BulkPayer {
  private static final int EVENTS = 8_000;
  private static final int LEDGER = 840;
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final LedgerAccess access;
  private final long run;
  private final List<Integer> acknowledged = new ArrayList<>();
  private int next;

  BulkPayer(LedgerAccess access) {
    this.access = access;
    this.run = System.nanoTime();
    access
        .submit(
            Request.ofAccounts(
                List.of(
                    Account.opening(account(1), LEDGER, 1, 0),
                    Account.opening(account(2), LEDGER, 1, 0))),
            DEADLINE)
        .join();
  }

  /** Sends one request; whether it was acknowledged. */
  boolean payOnce() {
    int request = next++;
    List<Transfer> transfers = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      transfers.add(Transfer.payment(id(request, i), account(1), account(2), 1, LEDGER, 1));
    }
    try {
      Reply reply = access.submit(Request.ofTransfers(transfers), DEADLINE).join();
      for (int i = 0; i < reply.count(); i++) {
        assertThat(reply.transferStatus(i).isSuccess()).isTrue();
      }
      acknowledged.add(request);
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof HoldfastException) {
        return false; // refused or unknown: nothing is claimed about it
      }
      throw e;
    }
  }

  /** Every payment of every acknowledged request is in the ledger, and moved its amount once. */
  void assertNothingLost() {
    for (int request : acknowledged) {
      List<UInt128> ids = new ArrayList<>();
      for (int i = 0; i < EVENTS; i++) {
        ids.add(id(request, i));
      }
      assertThat(access.transfers(ids, Consistency.LINEARIZABLE).join().value()).hasSize(EVENTS);
    }
    Account debited =
        access.accounts(List.of(account(1)), Consistency.LINEARIZABLE).join().value().getFirst();
    assertThat(debited.debitsPosted().toBigInteger().longValueExact())
        .isBetween((long) acknowledged.size() * EVENTS, (long) next * EVENTS);
  }

  private UInt128 id(int request, int event) {
    return new UInt128(run, (request + 1L) * EVENTS + event);
  }

  private UInt128 account(int number) {
    return new UInt128(run, number);
  }
}

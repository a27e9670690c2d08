package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.LedgerAccess;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InMemoryLedgerAccessTest extends LedgerAccessContract {
  private final ManualClock clock = new ManualClock();
  private final InMemoryLedgerAccess ledger = new InMemoryLedgerAccess(clock);

  @Override
  protected LedgerAccess ledger() {
    return ledger;
  }

  @AfterEach
  void conserved() {
    assertThat(ledger.conserved()).isTrue();
    ledger.close();
  }

  @Test
  void a_reservation_expires_when_the_clock_says_so() {
    UInt128 from = account(0);
    UInt128 to = account(0);
    UInt128 reservation = freshId();
    Transfer plain = payment(reservation, from, to, 5);
    Transfer pending =
        new Transfer(
            reservation,
            from,
            to,
            plain.amount(),
            UInt128.ZERO,
            UInt128.ZERO,
            0,
            0,
            60,
            plain.ledger(),
            plain.code(),
            TransferFlags.PENDING,
            0);
    created(pending);

    clock.advance(Duration.ofSeconds(59));
    assertThat(read(from).debitsPending()).isEqualTo(UInt128.of(5));
    clock.advance(Duration.ofSeconds(2));
    assertThat(read(from).debitsPending()).isEqualTo(UInt128.ZERO);
    assertThat(
            submit(
                    Request.ofTransfers(
                        List.of(
                            with(
                                payment(freshId(), from, to, 5),
                                TransferFlags.POST_PENDING_TRANSFER,
                                reservation))))
                .transferStatus(0))
        .isEqualTo(TransferStatus.PENDING_TRANSFER_EXPIRED);
  }
}

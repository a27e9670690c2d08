package io.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageMeterTest {
  private static final long MILLI = 1_000_000;

  @Test
  void the_outage_is_that_of_the_client_that_fared_worst_and_the_gap_that_of_all() {
    PaymentHistory lucky = answeredAt(0, 100, 200, 700, 800, 900, 1_000);
    PaymentHistory unlucky = answeredAt(1, 50, 150, 950, 1_000);

    OutageMeter meter = new OutageMeter(List.of(lucky, unlucky), 0, 1_000 * MILLI);

    assertThat(meter.clientOutageMillis(210 * MILLI, 900 * MILLI)).isEqualTo(800);
    assertThat(meter.serviceGapMillis(210 * MILLI, 900 * MILLI)).isEqualTo(500);
    assertThat(meter.clientOutageMillis(0, 40 * MILLI)).isEqualTo(100);
  }

  @Test
  void availability_counts_each_clients_gaps_above_the_threshold() {
    PaymentHistory lucky = answeredAt(0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000);
    PaymentHistory unlucky = answeredAt(1, 100, 200, 700, 800, 900, 1_000); // 500 ms without

    OutageMeter meter = new OutageMeter(List.of(lucky, unlucky), 0, 1_000 * MILLI);

    assertThat(meter.availability()).isCloseTo(1 - 500.0 / 2_000, within(1e-9));
  }

  @Test
  void a_client_that_never_got_an_answer_was_out_all_the_time() {
    OutageMeter meter = new OutageMeter(List.of(answeredAt(0)), 0, 1_000 * MILLI);

    assertThat(meter.availability()).isZero();
    assertThat(meter.clientOutageMillis(0, 1_000 * MILLI)).isEqualTo(1_000);
  }

  private static PaymentHistory answeredAt(int client, long... millis) {
    PaymentHistory history = new PaymentHistory(client);
    for (int i = 0; i < millis.length; i++) {
      Transfer transfer =
          Transfer.payment(UInt128.of(i + 1L), UInt128.of(1), UInt128.of(2), 1, 1, 1);
      int row = history.sending(transfer, false, millis[i] * MILLI - 1);
      history.judged(row, Statuses.CREATED, i + 1L, i + 1L, millis[i] * MILLI);
    }
    return history;
  }
}

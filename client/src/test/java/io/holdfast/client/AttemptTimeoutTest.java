package io.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttemptTimeoutTest {
  private final AttemptTimeout timeout = new AttemptTimeout(250, 2_000);

  private void record(int times, long nanos) {
    for (int i = 0; i < times; i++) {
      timeout.record(nanos);
    }
  }

  @Test
  void it_is_patient_until_the_first_answer() {
    assertThat(timeout.nanos(0)).isEqualTo(1_000);
    timeout.record(900);
    assertThat(timeout.nanos(0)).isEqualTo(250);
  }

  @Test
  void a_quick_site_is_given_the_least() {
    record(1_000, 20);
    assertThat(timeout.nanos(0)).isEqualTo(250);
  }

  @Test
  void a_busy_site_is_given_three_times_what_is_usual_and_a_quick_one_again_the_least() {
    record(512, 200);
    assertThat(timeout.nanos(0)).isEqualTo(600);
    record(512, 10);
    assertThat(timeout.nanos(0)).isEqualTo(250);
  }

  @Test
  void it_never_exceeds_the_bound() {
    record(512, 5_000);
    assertThat(timeout.nanos(0)).isEqualTo(2_000);
  }

  @Test
  void the_requests_that_one_failover_delayed_do_not_count() {
    record(100, 20);
    record(4, 1_500);
    record(300, 20);
    assertThat(timeout.nanos(0)).isEqualTo(250);
  }

  @Test
  void a_request_that_takes_its_time_is_given_more_of_it_with_each_gateway_that_was_slow() {
    record(100, 20);
    assertThat(timeout.nanos(2)).isEqualTo(250);
    assertThat(timeout.nanos(3)).isEqualTo(500);
    assertThat(timeout.nanos(4)).isEqualTo(1_000);
    assertThat(timeout.nanos(40)).isEqualTo(2_000);
  }
}

package io.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClientOptionsTest {
  record Wrong(String setting, UnaryOperator<HoldfastClientBuilder> change) {}

  static List<Wrong> wrongSettings() {
    return List.of(
        new Wrong("gateways", builder -> builder.gateways(List.of())),
        new Wrong("gateways", builder -> builder.gateways("ftp://127.0.0.1")),
        new Wrong("gateways", builder -> builder.gateways("http://127.0.0.1:7300?x=1")),
        new Wrong("gateways", builder -> builder.gateways("127.0.0.1:7300")),
        new Wrong("deadline", builder -> builder.deadline(Duration.ZERO)),
        new Wrong("attemptTimeout", builder -> builder.attemptTimeout(Duration.ofMinutes(1))),
        new Wrong("requestsInFlight", builder -> builder.requestsInFlight(0)),
        new Wrong("waitingEventsMax", builder -> builder.waitingEventsMax(8_188)));
  }

  @ParameterizedTest
  @MethodSource("wrongSettings")
  void a_wrong_setting_is_refused_by_name_with_what_is_allowed(Wrong wrong) {
    HoldfastClientBuilder right = HoldfastClient.builder().gateways("http://127.0.0.1:7300");
    assertThatThrownBy(() -> wrong.change().apply(right).build())
        .isInstanceOfSatisfying(
            HoldfastException.class,
            e -> {
              assertThat(e.code()).isEqualTo("wrong-setting");
              assertThat(e.message()).startsWith(wrong.setting() + " is ").contains("allowed");
            });
  }
}

package io.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DrillReportTest {
  @Test
  void the_figures_have_their_stable_names() throws Exception {
    JsonNode json = Json.MAPPER.readTree(report(0, true).toJson());

    assertThat(json.at("/payments/sent").asLong()).isEqualTo(10);
    assertThat(json.at("/payments/acknowledged").asLong()).isEqualTo(9);
    assertThat(json.at("/payments/lost").isIntegralNumber()).isTrue();
    assertThat(json.at("/payments/doubled").isIntegralNumber()).isTrue();
    assertThat(json.at("/faults/0/kind").asText()).isEqualTo("kill-leader");
    assertThat(json.at("/faults/0/outage_ms").asDouble()).isEqualTo(400);
    assertThat(json.at("/digest/equal").asBoolean()).isTrue();
    assertThat(json.at("/conserved").asBoolean()).isTrue();
    assertThat(json.at("/availability").asDouble()).isEqualTo(0.99);
  }

  @Test
  void a_drill_that_lost_a_payment_or_found_different_states_has_not_passed() {
    assertThat(report(0, true).passed()).isTrue();
    assertThat(report(1, true).passed()).isFalse();
    assertThat(report(0, false).passed()).isFalse();
  }

  private static DrillReport report(long lost, boolean equal) {
    return new DrillReport(
        1,
        new DrillReport.Payments(10, 9, lost, 0, 1, 0),
        List.of(new DrillReport.Fault("kill-leader", "n1", 400, 390)),
        new DrillReport.Digest(equal, 5, Map.of("n1", "00")),
        true,
        0.99,
        100,
        new DrillReport.Latency(1, 2, 3),
        400,
        10_000,
        List.of());
  }
}

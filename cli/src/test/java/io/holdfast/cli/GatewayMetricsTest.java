package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatewayMetricsTest {
  private static final String TEXT =
      """
      # TYPE holdfast_rest_request_seconds histogram
      holdfast_rest_request_seconds_bucket{route="/v1/transfers",status="200",le="0.001"} 50
      holdfast_rest_request_seconds_bucket{route="/v1/transfers",status="200",le="0.01"} 99
      holdfast_rest_request_seconds_bucket{route="/v1/transfers",status="200",le="+Inf"} 100
      holdfast_rest_request_seconds_count{route="/v1/transfers",status="200"} 100
      holdfast_rest_request_seconds_count{route="/v1/transfers",status="503"} 1
      holdfast_rest_request_seconds_count{route="/v1/transfers",status="429"} 1
      holdfast_rest_request_seconds_count{route="/v1/accounts",status="503"} 7
      something_else 1
      """;

  @Test
  void payments_that_were_turned_away_count_against_availability() {
    GatewayMetrics metrics = GatewayMetrics.parse(TEXT);
    assertThat(metrics.answered()).isEqualTo(100);
    assertThat(metrics.failed()).isEqualTo(2);
    assertThat(metrics.availability()).isEqualTo(100.0 / 102);
  }

  @Test
  void quantiles_are_the_bounds_of_their_buckets() {
    GatewayMetrics metrics = GatewayMetrics.parse(TEXT);
    assertThat(metrics.quantile(0.5)).isEqualTo(0.001);
    assertThat(metrics.quantile(0.99)).isEqualTo(0.01);
    assertThat(metrics.quantile(1)).isInfinite();
    assertThat(metrics.plus(metrics).quantile(0.5)).isEqualTo(0.001);
    assertThat(metrics.since(metrics).quantile(0.5)).isNaN();
    assertThat(GatewayMetrics.NONE.availability()).isNaN();
  }
}

package io.holdfast.cli;

import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a gateway has counted of payments since it started, read from its {@code /metrics}.
 *
 * @param answered requests that got an answer of the ledger or were refused for a fault of their
 *     own
 * @param failed requests that were turned away or got no outcome: pushed back, no leader, unknown
 * @param slower upper bounds in seconds, and how many requests took at most so long
 */
record GatewayMetrics(long answered, long failed, TreeMap<Double, Long> slower) {
  static final GatewayMetrics NONE = new GatewayMetrics(0, 0, new TreeMap<>());

  private static final Pattern LINE =
      Pattern.compile("(holdfast_rest_request_seconds_(?:bucket|count))\\{([^}]*)} ([0-9.E+]+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
  private static final String ROUTE = "/v1/transfers";
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;

  /** Reads Prometheus text; what it does not know, it passes over. */
  static GatewayMetrics parse(String text) {
    long answered = 0;
    long failed = 0;
    TreeMap<Double, Long> slower = new TreeMap<>();
    for (String line : text.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.lookingAt()) {
        continue;
      }
      TreeMap<String, String> labels = labels(matcher.group(2));
      if (!ROUTE.equals(labels.get("route"))) {
        continue;
      }
      long value = (long) Double.parseDouble(matcher.group(3));
      int status = Integer.parseInt(labels.getOrDefault("status", "0"));
      boolean turnedAway = status == TOO_MANY || status >= SERVER_ERROR;
      if (matcher.group(1).endsWith("count")) {
        answered += turnedAway ? 0 : value;
        failed += turnedAway ? value : 0;
      } else if (!turnedAway) {
        slower.merge(bound(labels.getOrDefault("le", "+Inf")), value, Long::sum);
      }
    }
    return new GatewayMetrics(answered, failed, slower);
  }

  /** All of several gateways. */
  GatewayMetrics plus(GatewayMetrics other) {
    return combined(other, 1);
  }

  /** What was counted since an earlier reading. */
  GatewayMetrics since(GatewayMetrics earlier) {
    return combined(earlier, -1);
  }

  private GatewayMetrics combined(GatewayMetrics other, int sign) {
    TreeMap<Double, Long> sum = new TreeMap<>(slower);
    other.slower.forEach((bound, count) -> sum.merge(bound, sign * count, Long::sum));
    return new GatewayMetrics(answered + sign * other.answered, failed + sign * other.failed, sum);
  }

  /**
   * The bound that this share of the answered requests did not exceed, in seconds; infinite if it
   * is beyond the last bound, and not a number if nothing was counted.
   */
  double quantile(double share) {
    if (answered <= 0) {
      return Double.NaN;
    }
    double wanted = share * answered;
    for (var bucket : slower.entrySet()) {
      if (bucket.getValue() >= wanted) {
        return bucket.getKey();
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /** The share of requests that were answered, 0 to 1; not a number if there were none. */
  double availability() {
    long all = answered + failed;
    return all <= 0 ? Double.NaN : (double) answered / all;
  }

  private static TreeMap<String, String> labels(String text) {
    TreeMap<String, String> labels = new TreeMap<>();
    Matcher matcher = LABEL.matcher(text);
    while (matcher.find()) {
      labels.put(matcher.group(1), matcher.group(2));
    }
    return labels;
  }

  private static double bound(String le) {
    return le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
  }
}

package io.holdfast.drill;

import java.time.Duration;

/**
 * How long a drill's parts take.
 *
 * @param seed of the load's choices
 * @param clients that pay at the same time
 * @param accounts among which they pay
 * @param calm how long payments run before each fault, and after the last
 * @param dead how long the killed node stays away
 * @param hung how long the hung leader hangs
 * @param ready how long a node may take to start
 */
public record DrillPlan(
    long seed,
    int clients,
    int accounts,
    Duration calm,
    Duration dead,
    Duration hung,
    Duration ready) {
  /** About 40 seconds on two cores, starting and proving included. */
  public static DrillPlan standard(long seed) {
    return new DrillPlan(
        seed,
        8,
        100,
        Duration.ofSeconds(4),
        Duration.ofSeconds(3),
        Duration.ofSeconds(3),
        Duration.ofSeconds(60));
  }

  /** The same faults with less time between them. */
  public static DrillPlan brief(long seed) {
    return new DrillPlan(
        seed,
        4,
        50,
        Duration.ofSeconds(2),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(60));
  }
}

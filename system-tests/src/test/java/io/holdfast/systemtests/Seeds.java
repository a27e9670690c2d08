package io.holdfast.systemtests;

import java.util.random.RandomGenerator;

/** Seeds of random choices: printed, and settable with {@code -Dholdfast.seed} to repeat a run. */
final class Seeds {
  private Seeds() {}

  static long next(String test) {
    Long given = Long.getLong("holdfast.seed");
    long seed = given == null ? RandomGenerator.getDefault().nextInt(1_000_000) : given;
    Printed.line("%s: seed %d (repeat with -Dholdfast.seed=%d)".formatted(test, seed, seed));
    return seed;
  }
}

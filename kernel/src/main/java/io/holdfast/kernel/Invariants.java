package io.holdfast.kernel;

/**
 * Checks that are always on, in production too: a broken invariant means that going on could lose
 * or invent money, so the check throws and the caller halts.
 *
 * <p>The costly tier is for checks that cost more than the work they guard; tests and drills switch
 * it on with {@code -Dholdfast.invariants=costly}.
 */
public final class Invariants {
  private static final boolean COSTLY = "costly".equals(System.getProperty("holdfast.invariants"));

  private Invariants() {}

  /** Throws {@link Broken} naming the invariant unless it holds. */
  public static void check(boolean holds, String invariant) {
    if (!holds) {
      throw new Broken(invariant);
    }
  }

  /** As {@link #check(boolean, String)}, with a detail that is only put together on failure. */
  public static void check(boolean holds, String invariant, long expected, long actual) {
    if (!holds) {
      throw new Broken(invariant + ": expected " + expected + ", found " + actual);
    }
  }

  /** What to throw where an invariant is known not to hold. */
  public static Broken broken(String invariant) {
    return new Broken(invariant);
  }

  /** Whether the costly tier is on. */
  public static boolean costly() {
    return COSTLY;
  }

  /** A named invariant does not hold. An Error: nobody may catch it and carry on. */
  public static final class Broken extends Error {
    private static final long serialVersionUID = 1L;

    Broken(String invariant) {
      super("invariant broken: " + invariant);
    }
  }
}

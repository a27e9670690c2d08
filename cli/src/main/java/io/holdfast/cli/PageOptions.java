package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many rows are wanted. */
final class PageOptions {
  static final String THERE_ARE_MORE = "there are more; raise --limit or give --all";

  private static final int LIMIT_DEFAULT = 100;
  private static final int LIMIT_MAX = 1_000_000;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many rows (default " + LIMIT_DEFAULT + ").")
  private @Nullable Integer limit;

  @Option(names = "--all", description = "All rows, however many.")
  private boolean all;

  void check() {
    if (limit != null && all) {
      throw new HoldfastException("usage", "--limit and --all exclude each other", "leave one out");
    }
    if (limit != null && (limit < 1 || limit > LIMIT_MAX)) {
      throw Arguments.wrong("--limit", limit.toString(), "1 to " + LIMIT_MAX);
    }
  }

  /** Whether any of it was given. */
  boolean isGiven() {
    return all || limit != null;
  }

  /** Rows to ask for when so many are there already; 0 when no more are wanted. */
  int next(long rows) {
    long most = all ? Long.MAX_VALUE : limit == null ? LIMIT_DEFAULT : limit;
    return (int) Math.min(most - rows, Limits.PAGE_ROWS_MAX);
  }
}

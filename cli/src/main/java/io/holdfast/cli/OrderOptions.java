package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import picocli.CommandLine.Option;

/** What comes first. */
final class OrderOptions {
  @Option(names = "--newest-first", description = "Begin with the newest.")
  private boolean newest;

  @Option(names = "--oldest-first", description = "Begin with the oldest.")
  private boolean oldest;

  void check() {
    if (newest && oldest) {
      throw new HoldfastException(
          "usage", "--newest-first and --oldest-first exclude each other", "leave one out");
    }
  }

  boolean newestFirst(boolean otherwise) {
    return newest || (otherwise && !oldest);
  }
}

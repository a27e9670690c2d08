package io.holdfast.cli;

import io.holdfast.client.LedgerAccess.Answer;
import io.holdfast.client.LedgerAccess.Consistency;
import picocli.CommandLine.Option;

/** How fresh what is read has to be. */
final class FreshnessOptions {
  @Option(
      names = "--stale-ok",
      description = "Read one node's own state, though it may be behind, and say how far.")
  private boolean staleOk;

  Consistency consistency() {
    return staleOk ? Consistency.STALE_OK : Consistency.LINEARIZABLE;
  }

  /** Says beside the output how far behind an answer may be; nothing if it may not. */
  void tell(Console console, Answer<?> answer) {
    if (staleOk) {
      console
          .err()
          .println(
              "read after op "
                  + Shown.count(answer.op())
                  + ", which may be behind by "
                  + Shown.count(answer.lagOps())
                  + " ops and "
                  + Shown.count(answer.lagMillis())
                  + " ms");
    }
  }
}

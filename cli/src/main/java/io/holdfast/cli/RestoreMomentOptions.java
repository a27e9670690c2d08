package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.RestoreTarget;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Up to which moment, and of which branch. */
final class RestoreMomentOptions {
  @Option(
      names = "--to",
      paramLabel = "end",
      description = "All that there is; this is what happens without any --to….")
  private @Nullable String to;

  @Option(
      names = "--to-op",
      paramLabel = "N",
      description = "Up to and with op N; 0 is the empty ledger.")
  private @Nullable Long toOp;

  @Option(
      names = "--to-time",
      paramLabel = "TIME",
      description = {
        "Up to and with the last op at or before TIME, such as 2026-11-26T07:00:00Z; not later than",
        "the newest moment that the repositories know."
      })
  private @Nullable String toTime;

  @Option(
      names = "--branch",
      paramLabel = "BRANCH",
      defaultValue = "",
      description = "Where there are backups of several: its epoch, or how its id begins.")
  private String branch = "";

  String branch() {
    return branch;
  }

  RestoreTarget target() {
    int given = (to == null ? 0 : 1) + (toOp == null ? 0 : 1) + (toTime == null ? 0 : 1);
    if (given > 1) {
      throw new HoldfastException(
          "usage", "several moments are given", "give one of --to end, --to-op and --to-time");
    }
    if (to != null && !to.equals("end")) {
      throw new HoldfastException("usage", "--to is '" + to + "'; allowed: end", "");
    }
    if (toOp != null) {
      if (toOp < 0) {
        throw new HoldfastException("usage", "--to-op is " + toOp + "; allowed: 0, 1, 2 …", "");
      }
      return new RestoreTarget.Op(toOp);
    }
    return toTime == null
        ? new RestoreTarget.End()
        : new RestoreTarget.Time(Times.upTo("--to-time", toTime));
  }
}

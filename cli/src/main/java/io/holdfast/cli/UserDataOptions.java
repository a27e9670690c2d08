package io.holdfast.cli;

import io.holdfast.kernel.UInt128;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The three fields that a ledger keeps for its users and never looks into. */
final class UserDataOptions {
  @Option(names = "--user-data-128", paramLabel = "N", description = "A number or id of yours.")
  private @Nullable String of128;

  @Option(names = "--user-data-64", paramLabel = "N", description = "A number of yours.")
  private @Nullable String of64;

  @Option(names = "--user-data-32", paramLabel = "N", description = "A number of yours.")
  private @Nullable String of32;

  UInt128 data128() {
    return of128 == null ? UInt128.ZERO : Arguments.id("--user-data-128", of128);
  }

  long data64() {
    return of64 == null ? 0 : Arguments.number("--user-data-64", of64, 64).longValue();
  }

  int data32() {
    return of32 == null ? 0 : Arguments.number("--user-data-32", of32, 32).intValue();
  }

  @Nullable UInt128 filter128() {
    return of128 == null ? null : data128();
  }

  @Nullable Long filter64() {
    return of64 == null ? null : Long.valueOf(data64());
  }

  @Nullable Integer filter32() {
    return of32 == null ? null : Integer.valueOf(data32());
  }
}

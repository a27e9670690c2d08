package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.util.List;

/** What is said of accounts that are not there. */
final class Accounts {
  private Accounts() {}

  /** Refuses to go on with code {@code not-found} when there is no such account. */
  static void checkExists(
      Console console, HoldfastClient client, UInt128 accountId, Consistency consistency) {
    if (Waiting.on(client.accounts(List.of(accountId), consistency)).value().isEmpty()) {
      throw missing(console, accountId);
    }
  }

  static HoldfastException missing(Console console, UInt128 accountId) {
    return new HoldfastException(
        "not-found",
        "there is no account " + accountId.toId(),
        "list them with: " + console.command() + " account list");
  }
}

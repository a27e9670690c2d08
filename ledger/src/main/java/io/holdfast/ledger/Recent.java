package io.holdfast.ledger;

import java.util.List;

/**
 * What a ledger has in memory of a page about one account; the rest, if any is wanted, lies further
 * back.
 *
 * @param account the account's number: 0 for the first that was opened, then 1, 2 …
 * @param rows in the order asked for, one more than the limit if there are that many
 * @param enough whether nothing older than what is in memory is wanted
 * @param before the account's balances before its first movement in memory; only if not enough
 */
public record Recent<T>(int account, List<T> rows, boolean enough, RunningBalance before) {
  public Recent {
    rows = List.copyOf(rows);
  }
}

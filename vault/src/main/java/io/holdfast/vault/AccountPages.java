package io.holdfast.vault;

import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFilter;
import io.holdfast.ledger.Page;
import io.holdfast.ledger.Queries;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All accounts of a ledger one by one, the first opened first, read page by page. */
final class AccountPages {
  private final Queries queries;
  private List<Account> rows = List.of();
  private int at;
  private long after;
  private boolean begun;

  AccountPages(Queries queries) {
    this.queries = queries;
  }

  /** The next one; null after the last. */
  @Nullable Account next() {
    while (at == rows.size() && (!begun || after != 0)) {
      Page<Account> page = queries.accounts(AccountFilter.all(Limits.PAGE_ROWS_MAX, after));
      begun = true;
      rows = page.rows();
      after = page.next();
      at = 0;
    }
    return at < rows.size() ? rows.get(at++) : null;
  }
}

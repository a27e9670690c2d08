package io.holdfast.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Follows continuations to the end. */
final class Pages {
  private Pages() {}

  static <T> List<T> all(HistoryFilter filter, Function<HistoryFilter, Page<T>> query) {
    List<T> rows = new ArrayList<>();
    HistoryFilter next = filter;
    while (true) {
      Page<T> page = query.apply(next);
      rows.addAll(page.rows());
      if (page.next() == 0) {
        return rows;
      }
      next =
          new HistoryFilter(
              filter.fromNanos(),
              filter.toNanos(),
              filter.side(),
              filter.code(),
              filter.userData128(),
              filter.userData64(),
              filter.userData32(),
              filter.newestFirst(),
              filter.limit(),
              page.next());
    }
  }
}

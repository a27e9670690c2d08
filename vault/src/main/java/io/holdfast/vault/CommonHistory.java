package io.holdfast.vault;

import io.holdfast.journal.Branch;
import io.holdfast.journal.Lineage;
import java.util.List;

/** How far two histories are one: up to an op they are the same, after it nothing is. */
public final class CommonHistory {
  private CommonHistory() {}

  /**
   * The last op that both have in common, as far as their branches tell: {@link Long#MAX_VALUE} if
   * one goes on the other's last branch, 0 if they have nothing in common.
   */
  public static long lastOp(Lineage one, Lineage other) {
    if (!one.ledgerId().equals(other.ledgerId())) {
      return 0;
    }
    List<Branch> a = one.branches();
    List<Branch> b = other.branches();
    int same = 0;
    while (same < a.size() && same < b.size() && a.get(same).equals(b.get(same))) {
      same++;
    }
    if (same == 0) {
      return 0;
    }
    long first = Long.MAX_VALUE;
    if (same < a.size()) {
      first = a.get(same).firstOp();
    }
    if (same < b.size()) {
      first = Math.min(first, b.get(same).firstOp());
    }
    return first == Long.MAX_VALUE ? first : first - 1;
  }
}

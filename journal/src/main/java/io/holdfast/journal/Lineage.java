package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import java.util.List;

/**
 * Which history a journal is: the ledger and its branches in order; the last one is that which new
 * entries continue.
 */
public record Lineage(UInt128 ledgerId, List<Branch> branches) {
  public Lineage {
    branches = List.copyOf(branches);
    if (branches.isEmpty()) {
      throw new IllegalArgumentException("a lineage has a branch");
    }
  }

  /** That of a new ledger: one branch, named like the ledger, from op 1 in epoch 1. */
  public static Lineage ofNew(UInt128 ledgerId) {
    return new Lineage(
        ledgerId, List.of(new Branch(1, ledgerId, 1, Chain.hex(Chain.beginning(ledgerId)))));
  }

  public Branch current() {
    return branches.getLast();
  }
}

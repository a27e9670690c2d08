package io.holdfast.journal;

import io.holdfast.kernel.UInt128;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which history a journal is: the ledger and its branches in order; the last one is that which new
 * entries continue.
 */
public record Lineage(UInt128 ledgerId, List<Branch> branches) {
  private static final int HEADER_BYTES = 24;

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

  /**
   * Whether an op of a history with these branches is one of this history, too: its branches are
   * the first of these, and the next one does not begin before it.
   */
  boolean has(List<Branch> earlier, long op) {
    return earlier.size() <= branches.size()
        && earlier.equals(branches.subList(0, earlier.size()))
        && (earlier.size() == branches.size() || op < branches.get(earlier.size()).firstOp());
  }

  /** Whether this history had this chain after this op, as far as a beginning of a branch tells. */
  boolean leadsTo(long op, String chain) {
    return branches.stream()
        .filter(branch -> branch.firstOp() == op + 1)
        .allMatch(branch -> branch.chain().equals(chain));
  }

  /** In words: {@code ledger …, epoch 2, branch … from op 100}. */
  public String describe() {
    Branch last = current();
    return "ledger "
        + ledgerId.toHex()
        + ", "
        + branches.size()
        + (branches.size() == 1 ? " branch" : " branches")
        + ", the last "
        + last.id().toHex()
        + " in epoch "
        + last.epoch()
        + " from op "
        + last.firstOp()
        + " after chain "
        + last.chain();
  }

  /** Ledger id (16), branches (4), 0 (4), then each {@link Branch}; little-endian. */
  public byte[] encode() {
    ByteBuffer to =
        ByteBuffer.allocate(HEADER_BYTES + branches.size() * Branch.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(ledgerId.lo())
            .putLong(ledgerId.hi())
            .putInt(branches.size())
            .putInt(0);
    branches.forEach(branch -> branch.put(to));
    return to.array();
  }

  /** Reads a lineage back; null when it is not laid out as one. */
  public static @Nullable Lineage parse(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEADER_BYTES + Branch.BYTES) {
      return null;
    }
    long lo = from.getLong();
    UInt128 ledgerId = new UInt128(from.getLong(), lo);
    long count = Integer.toUnsignedLong(from.getInt());
    from.getInt();
    if (bytes.length != HEADER_BYTES + count * Branch.BYTES) {
      return null;
    }
    List<Branch> branches = new ArrayList<>();
    while (from.hasRemaining()) {
      branches.add(Branch.get(from));
    }
    return new Lineage(ledgerId, branches);
  }
}

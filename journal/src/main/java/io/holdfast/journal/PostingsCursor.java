package io.holdfast.journal;

import io.holdfast.kernel.Invariants;
import java.io.IOException;
import java.util.Arrays;

/** One thread's view of the postings of a run; it keeps the block it read last. */
final class PostingsCursor {
  private final RunFooter footer;
  private final PostingsBlock block;
  private final long[] before = new long[Sums.LONGS];
  private final long[] after = new long[Sums.LONGS];
  private int row = -1; // in the block; -1 when it is nowhere

  PostingsCursor(RunFooter footer, BlockReader reader) {
    this.footer = footer;
    this.block = new PostingsBlock(footer, reader);
  }

  /** As {@link RunCursor#seekAtOrAfter}. */
  boolean seekAtOrAfter(int account, long address) throws IOException {
    row = -1;
    int blocks = footer.postings().blocks();
    int at = Math.max(0, fencesBefore(account, address) - 1);
    if (at == blocks) {
      return false;
    }
    block.load(at);
    int found = block.rowsBefore(account, address);
    if (found == block.rows()) {
      if (at + 1 == blocks || fenceAccount(at + 1) != account) {
        return false;
      }
      block.load(at + 1);
      found = 0;
    }
    return block.account(found) == account && goTo(found);
  }

  /** As {@link RunCursor#seekAtOrBefore}. */
  boolean seekAtOrBefore(int account, long address) throws IOException {
    row = -1;
    long behind = address == Long.MAX_VALUE ? address : address + 1; // no address is as large
    int at = fencesBefore(account, behind);
    if (at == 0) {
      return false;
    }
    block.load(at - 1);
    int found = block.rowsBefore(account, behind) - 1;
    return block.account(found) == account && goTo(found);
  }

  /** How many blocks begin before this account and address. */
  private int fencesBefore(long account, long address) {
    long[] fences = footer.postingFences();
    int low = 0;
    int high = fences.length / 2;
    while (low < high) {
      int middle = (low + high) >>> 1;
      long first = fences[2 * middle];
      if (first < account || (first == account && fences[2 * middle + 1] < address)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long fenceAccount(int at) {
    return footer.postingFences()[2 * at];
  }

  /** Goes to a row of the block, taking its sums from the account's first row there. */
  private boolean goTo(int to) {
    int account = block.account(to);
    openSums(account);
    for (int i = block.rowsBefore(account, 0); i < to; i++) {
      block.addTo(before, i);
    }
    row = to;
    sumAfter();
    return true;
  }

  private void openSums(int account) {
    if (block.account(0) == account) {
      System.arraycopy(block.openingSums(), 0, before, 0, Sums.LONGS);
    } else {
      Arrays.fill(before, 0);
    }
  }

  private void sumAfter() {
    System.arraycopy(before, 0, after, 0, Sums.LONGS);
    block.addTo(after, row);
  }

  /** As {@link RunCursor#next}. */
  boolean next() throws IOException {
    if (row < 0) {
      return false;
    }
    int account = block.account(row);
    if (row + 1 < block.rows()) {
      if (block.account(row + 1) != account) {
        return false;
      }
      row++;
    } else {
      int following = block.loaded() + 1;
      if (following >= footer.postings().blocks() || fenceAccount(following) != account) {
        return false;
      }
      row = -1; // if it can't be read
      block.load(following);
      row = 0;
    }
    System.arraycopy(after, 0, before, 0, Sums.LONGS);
    sumAfter();
    return true;
  }

  /** As {@link RunCursor#previous}. */
  boolean previous() throws IOException {
    if (row < 0) {
      return false;
    }
    int account = block.account(row);
    if (row > 0) {
      if (block.account(row - 1) != account) {
        return false;
      }
      row--;
    } else {
      if (!block.isContinued() || block.loaded() == 0) {
        return false;
      }
      row = -1; // if it can't be read
      block.load(block.loaded() - 1);
      int last = block.rows() - 1;
      Invariants.check(block.account(last) == account, "a block goes on where one ended");
      row = last;
    }
    System.arraycopy(before, 0, after, 0, Sums.LONGS);
    block.subtractFrom(before, row);
    return true;
  }

  /** As {@link RunCursor#totals}. */
  long[] totals(int account) throws IOException {
    if (seekAtOrBefore(account, Long.MAX_VALUE)) {
      return after.clone();
    }
    return new long[Sums.LONGS];
  }

  long[] before() {
    return before;
  }

  long[] after() {
    return after;
  }

  int row() {
    return row;
  }

  PostingsBlock block() {
    return block;
  }
}

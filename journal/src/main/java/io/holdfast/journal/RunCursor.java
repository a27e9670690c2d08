package io.holdfast.journal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One thread's view of a run. It keeps the block of each section that it read last, so that
 * neighbours cost nothing. Whoever has it must hold the run: {@link Run#retain}.
 *
 * <p>All methods that read throw {@code index-damaged} where what is stored is not what was
 * written.
 */
final class RunCursor {
  private final RunFooter footer;
  private final BlockReader reader;
  private @Nullable OpsCursor ops;
  private @Nullable IdsCursor ids;
  private @Nullable PostingsCursor postings;

  RunCursor(RunFooter footer, BlockReader reader) {
    this.footer = footer;
    this.reader = reader;
  }

  /**
   * Finds all addresses of an id, in order.
   *
   * @param addresses takes as many as fit; no id has more than three
   * @return how many there are
   */
  int find(long hi, long lo, long[] addresses) throws IOException {
    return ids().find(hi, lo, addresses);
  }

  /** The first op of the segment that holds the op. */
  long segment(long op) {
    return ops().segment(op);
  }

  /** Where in its segment the entry of the op begins. */
  long offset(long op) throws IOException {
    return ops().offset(op);
  }

  /** The time of the op's first movement; 0 if it has none. */
  long firstTimestamp(long op) throws IOException {
    return ops().firstTimestamp(op);
  }

  /** The number in the journal, from 0, of the op's first movement, or of the next there is. */
  long firstMovement(long op) throws IOException {
    return ops().firstMovement(op);
  }

  /** How many movements the op has. */
  int movements(long op) throws IOException {
    return ops().movements(op);
  }

  /** The last op with movements of which the first was at or before this time; -1 if none. */
  long lastOpStartingAtOrBefore(long timestamp) throws IOException {
    return ops().lastOpStartingAtOrBefore(timestamp);
  }

  /** Goes to the first posting of an account; false, and nowhere, if it has none. */
  boolean seekFirst(int account) throws IOException {
    return postings().seekAtOrAfter(account, 0);
  }

  /** Goes to the last posting of an account; false, and nowhere, if it has none. */
  boolean seekLast(int account) throws IOException {
    return postings().seekAtOrBefore(account, Long.MAX_VALUE);
  }

  /** Goes to the account's first posting at or after an address; false, and nowhere, if none. */
  boolean seekAtOrAfter(int account, long address) throws IOException {
    return postings().seekAtOrAfter(account, address);
  }

  /** Goes to the account's last posting at or before an address; false, and nowhere, if none. */
  boolean seekAtOrBefore(int account, long address) throws IOException {
    return postings().seekAtOrBefore(account, address);
  }

  /** Goes to the account's next posting; if there is none it stays and returns false. */
  boolean next() throws IOException {
    return postings().next();
  }

  /** Goes to the account's posting before; if there is none it stays and returns false. */
  boolean previous() throws IOException {
    return postings().previous();
  }

  long address() {
    return postings().block().address(postings().row());
  }

  /** Whether the account is credited; else it is debited. */
  boolean credit() {
    return postings().block().credit(postings().row());
  }

  /** A number of {@link PostingKind}. */
  int kind() {
    return postings().block().kind(postings().row());
  }

  long amountHi() {
    return postings().block().amountHi(postings().row());
  }

  long amountLo() {
    return postings().block().amountLo(postings().row());
  }

  long releasedHi() {
    return postings().block().releasedHi(postings().row());
  }

  long releasedLo() {
    return postings().block().releasedLo(postings().row());
  }

  /**
   * The account's {@link Sums} in this run before the current posting: a view, which changes as the
   * cursor moves.
   */
  long[] sumsBefore() {
    return postings().before();
  }

  /** As {@link #sumsBefore}, the current posting included. */
  long[] sumsAfter() {
    return postings().after();
  }

  /** The account's {@link Sums} over the whole run. Moves the cursor. */
  long[] totals(int account) throws IOException {
    return postings().totals(account);
  }

  private OpsCursor ops() {
    if (ops == null) {
      ops = new OpsCursor(footer, reader);
    }
    return ops;
  }

  private IdsCursor ids() {
    if (ids == null) {
      ids = new IdsCursor(footer, reader);
    }
    return ids;
  }

  private PostingsCursor postings() {
    if (postings == null) {
      postings = new PostingsCursor(footer, reader);
    }
    return postings;
  }
}

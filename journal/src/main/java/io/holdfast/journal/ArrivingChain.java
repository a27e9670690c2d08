package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the pieces of a journal that arrive in order are one history without a gap: each
 * goes on where the one before ended, each segment where the chain before it led, each entry with
 * the next op. For one thread.
 */
final class ArrivingChain {
  private final Lineage lineage;
  private final Chain chain;
  private long lastOp;
  private long segment; // by its first op; 0 before the first
  private long offset; // of what comes next in it
  private boolean opened;
  private boolean ended = true;

  /**
   * @param lineage that the journal is of
   */
  ArrivingChain(Lineage lineage) {
    this.lineage = lineage;
    this.chain = new Chain(Chain.beginning(lineage.ledgerId()));
  }

  /** The last op that came. */
  long lastOp() {
    return lastOp;
  }

  /** The chain after it. */
  byte[] value() {
    return chain.value();
  }

  /**
   * A piece begins.
   *
   * @throws HoldfastException codes {@code journal-damaged}, {@code wrong-lineage}
   */
  void piece(ArrivedPiece piece) {
    SegmentHeader header = piece.header();
    if (piece.placed().offset() == 0) {
      if (!ended || header.firstOp() != lastOp + 1) {
        throw damaged(piece, 64, "it begins with op " + header.firstOp() + ", not " + (lastOp + 1));
      }
      segment = header.firstOp();
      offset = 0;
      opened = false;
      ended = false;
    }
    if (header.firstOp() != segment || piece.placed().offset() != offset || ended) {
      throw damaged(piece, piece.placed().offset(), "what comes here is not what comes next");
    }
    if (!header.ledgerId().equals(lineage.ledgerId())) {
      throw damaged(piece, 16, "it belongs to ledger " + header.ledgerId().toHex());
    }
    offset += piece.placed().sizeBytes();
  }

  /** A content of the piece that is no entry. */
  void other(ArrivedPiece piece, SealedPiece.Content one) {
    byte[] bytes =
        Arrays.copyOfRange(piece.content(), one.from(), Math.addExact(one.from(), one.length()));
    if (one.kind() == FrameLayout.KIND_OPENING) {
      opening(piece, SegmentOpening.parse(bytes));
      return;
    }
    SegmentTrailer trailer = SegmentTrailer.parse(bytes);
    if (!opened || trailer == null || trailer.lastOp() != lastOp || !chain.is(trailer.chain())) {
      throw damaged(piece, one.inFile(), "its trailer does not fit the chain of its entries");
    }
    ended = true;
  }

  private void opening(ArrivedPiece piece, @Nullable SegmentOpening opening) {
    if (opened || opening == null || !chain.is(opening.chainBefore())) {
      throw damaged(
          piece, SegmentHeader.BYTES, "its chain does not go on from the segment before it");
    }
    SegmentHeader header = piece.header();
    Branch last = opening.branches().getLast();
    if (!lineage.has(opening.branches(), header.firstOp())
        || !header.branchId().equals(last.id())
        || header.epoch() != last.epoch()) {
      throw JournalFaults.wrongLineage(
          piece.file(), new Lineage(header.ledgerId(), opening.branches()), lineage);
    }
    if (!lineage.leadsTo(lastOp, Chain.hex(chain.value()))) {
      throw JournalFaults.wrongBeginning(piece.file(), lastOp, Chain.hex(chain.value()), lineage);
    }
    opened = true;
  }

  /** The next entry; what of it is chained has this digest. */
  void entry(ArrivedPiece piece, SealedPiece.Content one, Entry entry) {
    if (!opened || ended || entry.op() != lastOp + 1) {
      throw damaged(
          piece, one.inFile(), "where op " + (lastOp + 1) + " belongs, op " + entry.op() + " lies");
    }
    chain.add(one.digest());
    lastOp = entry.op();
  }

  static HoldfastException damaged(ArrivedPiece piece, long at, String what) {
    return JournalFaults.damaged(piece.file(), at, what);
  }
}

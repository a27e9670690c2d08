package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.DetailsPeriod;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the entries in the pieces of one segment say, taken in in their order: the chain up to the
 * last of them, and which periods' details were erased. For one thread.
 */
public final class PieceContents {
  private final boolean chained;
  private final List<Erasure> erasures = new ArrayList<>();
  private @Nullable Chain chain;

  private PieceContents(boolean chained, @Nullable Chain chain) {
    this.chained = chained;
    this.chain = chain;
  }

  /**
   * With the chain.
   *
   * @param before the chain up to the first piece, in hex; empty when that is the segment's first,
   *     which says it
   */
  public static PieceContents chained(String before) {
    return new PieceContents(
        true, before.isEmpty() ? null : new Chain(HexFormat.of().parseHex(before)));
  }

  /** Without. */
  public static PieceContents unchained() {
    return new PieceContents(false, null);
  }

  /** The keys that details of a period were sealed under up to this op are destroyed. */
  public record Erasure(long op, DetailsPeriod period) {}

  /**
   * Takes in the next piece.
   *
   * @throws HoldfastException code {@code piece-damaged}
   */
  public void add(SegmentPiece piece) {
    byte[] bytes = piece.content();
    ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = PieceLayout.HEADER_BYTES;
    while (at < bytes.length) {
      int from = at + PieceLayout.CONTENT_HEADER_BYTES;
      int length = from > bytes.length ? -1 : fields.getInt(at + PieceLayout.LENGTH_AT);
      if (length < 0 || length > bytes.length - from) {
        throw JournalFaults.pieceDamaged("a content of it is not whole");
      }
      switch (fields.getInt(at + PieceLayout.KIND_AT)) {
        case FrameLayout.KIND_OPENING -> open(Arrays.copyOfRange(bytes, from, from + length));
        case FrameLayout.KIND_ENTRY -> entry(bytes, from, length);
        default -> {
          // A trailer says nothing that its entries do not.
        }
      }
      at = from + length;
    }
  }

  private void open(byte[] content) {
    SegmentOpening opening = SegmentOpening.parse(content);
    if (opening == null) {
      throw JournalFaults.pieceDamaged("the opening of its segment is not laid out as one");
    }
    chain = chained ? new Chain(opening.chainBefore()) : null;
  }

  private void entry(byte[] bytes, int from, int length) {
    if (length < EntryLayout.HEADER_BYTES) {
      throw JournalFaults.pieceDamaged("an entry is too short");
    }
    if (chain != null) {
      chain.add(bytes, from, length);
    }
    if (bytes[from + EntryLayout.KIND_AT] == EntryKind.DESTRUCTION.code()) {
      Entry.Parsed parsed = Entry.parse(Arrays.copyOfRange(bytes, from, from + length));
      Entry entry = parsed.entry();
      if (entry == null) {
        throw JournalFaults.pieceDamaged(parsed.wrong());
      }
      erasures.add(new Erasure(entry.op(), Objects.requireNonNull(entry.destroyedPeriod())));
    }
  }

  /** The chain after the last entry, in hex; empty when it is not known. */
  public String chain() {
    Chain known = chain;
    return known == null ? "" : Chain.hex(known.value());
  }

  /** In order. */
  public List<Erasure> erasures() {
    return List.copyOf(erasures);
  }
}

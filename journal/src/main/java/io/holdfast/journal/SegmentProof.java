package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.DetailsPeriod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Proves in memory that the pieces of a segment give its file again, byte for byte, and that what
 * is in them is one history: each piece is sealed again and compared, ops follow each other, and
 * the chain is computed anew. Takes the pieces in their order; for one thread.
 */
public final class SegmentProof {
  private final DataKey dataKey;
  private final Set<Long> wantedOps;
  private final List<Erasure> erasures = new ArrayList<>();
  private final SortedMap<Long, String> chains = new TreeMap<>();
  private @Nullable UInt128 ledgerId;
  private List<Branch> branches = List.of();
  private long firstOp;
  private long nextOp;
  private long lastTime;
  private long offset;
  private String head = "";
  private String chainBefore = "";
  private @Nullable Chain chain;
  private boolean ended;

  private SegmentProof(DataKey dataKey, Set<Long> wantedOps) {
    this.dataKey = dataKey;
    this.wantedOps = Set.copyOf(wantedOps);
  }

  /**
   * Begins with the first piece of a segment.
   *
   * @param wantedOps after which the chain is wanted
   */
  public static SegmentProof begin(DataKey dataKey, Set<Long> wantedOps) {
    return new SegmentProof(dataKey, wantedOps);
  }

  /**
   * Goes on within a segment of which the beginning was proved.
   *
   * @param segmentFirstOp names the segment
   * @param offset where in its file the next piece begins
   * @param chain before the next op, in hex
   */
  public static SegmentProof after(
      DataKey dataKey, long segmentFirstOp, long offset, long nextOp, String chain) {
    SegmentProof proof = new SegmentProof(dataKey, Set.of());
    proof.firstOp = segmentFirstOp;
    proof.nextOp = nextOp;
    proof.offset = offset;
    proof.chainBefore = chain;
    proof.chain = new Chain(HexFormat.of().parseHex(chain));
    return proof;
  }

  /** The keys of details that were in use up to this op were destroyed. */
  public record Erasure(long op, DetailsPeriod period) {}

  /**
   * What the pieces so far give.
   *
   * @param head SHA-256 of the file's first 128 bytes, in hex
   * @param lineage as {@link Lineage#encode} lays it out, in hex; of the history that the segment
   *     goes on
   * @param lastOp the one before the first if there is no entry
   * @param lastTime of the last entry; 0 if there is none
   * @param chainBefore in hex
   * @param chain in hex
   * @param sealed whether its trailer was among them
   * @param chains after the ops that were wanted and are in it
   */
  public record Proved(
      String head,
      String lineage,
      long firstOp,
      long lastOp,
      long lastTime,
      long sizeBytes,
      String chainBefore,
      String chain,
      boolean sealed,
      Map<Long, String> chains,
      List<Erasure> erasures) {
    public Proved {
      chains = Map.copyOf(chains);
      erasures = List.copyOf(erasures);
    }
  }

  /**
   * Proves a piece by itself, without what lies before it.
   *
   * @param sha256 that its stretch of the file must have
   * @return what it is
   * @throws HoldfastException code {@code piece-damaged}
   */
  public static SegmentAssembly.Placed check(byte[] content, byte[] sha256, DataKey dataKey) {
    SealedPiece piece = SealedPiece.of(content, sha256, dataKey);
    return new SegmentAssembly.Placed(
        SegmentFiles.file(Path.of(""), piece.segmentFirstOp()),
        piece.offset(),
        piece.sizeBytes(),
        piece.firstOp(),
        piece.lastOp());
  }

  /**
   * Takes in the next piece.
   *
   * @param sha256 that its stretch of the file must have
   * @throws HoldfastException code {@code piece-damaged}
   */
  public void add(byte[] content, byte[] sha256) {
    SealedPiece piece = SealedPiece.of(content, sha256, dataKey);
    if (piece.offset() != offset) {
      throw damaged("it begins at byte " + piece.offset() + " of its segment, not " + offset);
    }
    if (ended) {
      throw damaged("something follows the trailer of its segment");
    }
    if (offset == 0) {
      firstOp = piece.segmentFirstOp();
      nextOp = firstOp;
      head = Chain.hex(Chain.sha256().digest(Arrays.copyOf(piece.bytes(), SegmentHeader.BYTES)));
    } else if (piece.segmentFirstOp() != firstOp) {
      throw damaged("it is of segment " + piece.segmentFirstOp() + ", not of " + firstOp);
    }
    ledgerId = piece.header().ledgerId();
    for (SealedPiece.Content one : piece.contents()) {
      take(one, content);
    }
    offset += piece.sizeBytes();
  }

  private void take(SealedPiece.Content one, byte[] piece) {
    Chain known = chain;
    if (one.kind() == FrameLayout.KIND_OPENING) {
      SegmentOpening opening = SegmentOpening.parse(bytes(one, piece));
      if (opening == null || known != null) {
        throw damaged("the opening of its segment is not laid out as one");
      }
      branches = opening.branches();
      chainBefore = Chain.hex(opening.chainBefore());
      chain = new Chain(opening.chainBefore());
    } else if (known == null || ended) {
      throw damaged("an entry stands outside of its segment");
    } else if (one.kind() == FrameLayout.KIND_ENTRY) {
      entry(known, one, piece);
    } else {
      SegmentTrailer trailer = SegmentTrailer.parse(bytes(one, piece));
      if (trailer == null || trailer.lastOp() != nextOp - 1 || !known.is(trailer.chain())) {
        throw damaged("the trailer of its segment does not fit the chain of its entries");
      }
      ended = true;
    }
  }

  private static byte[] bytes(SealedPiece.Content one, byte[] piece) {
    return Arrays.copyOfRange(piece, one.from(), one.from() + one.length());
  }

  private void entry(Chain known, SealedPiece.Content one, byte[] piece) {
    Entry.Parsed parsed = Entry.parse(piece, one.from(), one.length());
    Entry entry = parsed.entry();
    if (entry == null || entry.op() != nextOp) {
      throw damaged(
          "where op "
              + nextOp
              + " belongs, "
              + (entry == null ? parsed.wrong() : "op " + entry.op() + " lies"));
    }
    known.add(one.digest());
    if (wantedOps.contains(nextOp)) {
      chains.put(nextOp, Chain.hex(known.value()));
    }
    DetailsPeriod period = entry.destroyedPeriod();
    if (period != null) {
      erasures.add(new Erasure(nextOp, period));
    }
    lastTime = entry.timeNanos();
    nextOp++;
  }

  /** What was proved of it so far. */
  public Proved proved() {
    Chain known = chain;
    UInt128 ledger = ledgerId;
    if (known == null || ledger == null) {
      throw damaged("its segment has no opening");
    }
    return new Proved(
        head,
        branches.isEmpty() ? "" : HexFormat.of().formatHex(new Lineage(ledger, branches).encode()),
        firstOp,
        nextOp - 1,
        lastTime,
        offset,
        chainBefore,
        Chain.hex(known.value()),
        ended,
        chains,
        erasures);
  }

  private static HoldfastException damaged(String what) {
    return JournalFaults.pieceDamaged(what);
  }
}

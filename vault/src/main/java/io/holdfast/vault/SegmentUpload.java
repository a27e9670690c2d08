package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.JournalVerifier;
import io.holdfast.journal.PieceContents;
import io.holdfast.journal.SegmentPiece;
import io.holdfast.journal.SegmentPieces;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.BackupManifest.Erasure;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import io.holdfast.vault.SourceFiles.SegmentFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Sends what is to be sent of one segment, piece by piece. Every frame is opened on the way, so
 * nothing damaged gets into a backup.
 */
final class SegmentUpload {
  private static final HexFormat HEX = HexFormat.of();

  private final Disk disk;
  private final DataKey dataKey;
  private final int pieceBytes;
  private final Sender sender;
  private final LongConsumer read;
  private final BooleanSupplier ended;

  /**
   * @param read is told how much of a file was read, and may hold back
   * @param ended whether to give up
   */
  SegmentUpload(
      Disk disk,
      DataKey dataKey,
      int pieceBytes,
      Sender sender,
      LongConsumer read,
      BooleanSupplier ended) {
    this.pieceBytes = pieceBytes;
    this.disk = disk;
    this.dataKey = dataKey;
    this.sender = sender;
    this.read = read;
    this.ended = ended;
  }

  /**
   * A segment that is in the repository as a whole.
   *
   * @param chain after its last op, in hex; empty when it was not computed
   * @param erasures that its new entries tell of
   */
  record Done(Segment segment, String chain, List<Erasure> erasures) {}

  /**
   * @param last whether no other segment follows: then its chain is wanted
   */
  Done send(BackupPlan.Part part, boolean last) throws IOException {
    SegmentFile file = part.file();
    List<PieceRef> pieces = new ArrayList<>(part.reused());
    PieceContents contents =
        last && !file.sealed() ? PieceContents.chained(part.chain()) : PieceContents.unchained();
    long at = part.from();
    boolean ends = part.done();
    if (!part.done()) {
      try (SegmentPieces reader =
          SegmentPieces.open(disk, file.file(), dataKey, part.from(), file.sizeBytes())) {
        for (SegmentPiece piece = reader.next(pieceBytes);
            piece != null;
            piece = reader.next(pieceBytes)) {
          if (ended.getAsBoolean()) {
            throw new HoldfastException("interrupted", "another part of the backup failed", "");
          }
          contents.add(piece);
          pieces.add(send(piece, contents.chain()));
          at = piece.offset() + piece.sizeBytes();
          ends = piece.ends();
          read.accept(piece.sizeBytes());
        }
      }
    }
    if (file.sealed() && !ends) {
      throw damaged(file, at, "it has no trailer, though it is not the one that is written");
    }
    if (!part.done() && at != file.sizeBytes()) {
      throw damaged(file, at, "it does not go on up to byte " + file.sizeBytes());
    }
    Segment segment = segment(file, at, pieces);
    String chain = last && file.sealed() ? trailerChain(file) : contents.chain();
    return new Done(
        segment,
        chain,
        contents.erasures().stream()
            .map(erasure -> new Erasure(erasure.op(), erasure.period().label()))
            .toList());
  }

  private PieceRef send(SegmentPiece piece, String chain) {
    Sender.Sent sent = sender.send(ObjectKind.PIECE, piece.sha256(), piece.content());
    return new PieceRef(
        piece.offset(),
        piece.sizeBytes(),
        piece.firstOp(),
        piece.lastOp(),
        piece.firstTime(),
        piece.lastTime(),
        HEX.formatHex(piece.sha256()),
        chain,
        sent.name(),
        sent.sizeBytes());
  }

  private static Segment segment(SegmentFile file, long sizeBytes, List<PieceRef> pieces) {
    List<PieceRef> withEntries = pieces.stream().filter(piece -> piece.lastOp() > 0).toList();
    boolean empty = withEntries.isEmpty();
    return new Segment(
        file.head(),
        file.firstOp(),
        empty ? file.firstOp() - 1 : withEntries.getLast().lastOp(),
        empty ? 0 : withEntries.getFirst().firstTime(),
        empty ? 0 : withEntries.getLast().lastTime(),
        sizeBytes,
        file.sealed(),
        pieces);
  }

  private String trailerChain(SegmentFile file) throws IOException {
    return new JournalVerifier(disk, dataKey).describe(file.file()).chain();
  }

  static HoldfastException damaged(SegmentFile file, long offset, String what) {
    return new HoldfastException(
        "journal-damaged",
        file.file() + " is damaged at byte " + offset + ": " + what,
        "no backup is made of it; back up another node of the site, and let 'holdfast scrub' mend"
            + " this one");
  }
}

package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import java.nio.file.Path;

/** What can be wrong with a journal, under stable codes. */
final class JournalFaults {
  private JournalFaults() {}

  /** Stored bytes are not what was written. */
  static HoldfastException damaged(Path file, long offset, String what) {
    return new DamagedFileException(
        FileKind.SEGMENT,
        file,
        "journal-damaged",
        file + " is damaged at byte " + offset + ": " + what,
        "nothing of it is served; keep the file and check the disk. The other nodes have the same"
            + " entries");
  }

  /** The journal ends before what was known to be on disk. */
  static HoldfastException lost(Path directory, long lastOp, long durableOp) {
    return new HoldfastException(
        "journal-lost",
        "the journal in "
            + directory
            + " ends with op "
            + lastOp
            + ", but op "
            + durableOp
            + " was on this disk before",
        "the disk lost data or the directory was replaced by an older copy");
  }

  static HoldfastException differs(long op, long byteAt) {
    return new HoldfastException(
        "journal-differs",
        "op "
            + op
            + " as it is replayed differs from op "
            + op
            + " in the journal, from byte "
            + byteAt
            + " of the entry on",
        "this node computes something else than before: keep its directory and logs, do not let it"
            + " answer, and report it");
  }

  /** A file belongs to another history than the one that goes on here. */
  static HoldfastException wrongLineage(Path file, Lineage found, Lineage own) {
    return new HoldfastException(
        "wrong-lineage",
        file + " belongs to " + found.describe() + "; this node's history is " + own.describe(),
        "files of two histories were mixed; put those back that belong to this node");
  }

  /** A piece of a segment, kept elsewhere, does not give the bytes that it was made from. */
  static HoldfastException pieceDamaged(String what) {
    return new HoldfastException(
        "piece-damaged",
        "a piece of the journal is damaged: " + what,
        "nothing of it was written; take it from another copy of the backup, or an earlier backup");
  }

  /** A journal does not lead to where a branch of the history begins that goes on here. */
  static HoldfastException wrongBeginning(Path file, long op, String chain, Lineage own) {
    return new HoldfastException(
        "wrong-lineage",
        file
            + " has chain "
            + chain
            + " after op "
            + op
            + ", where a branch begins otherwise; this node's history is "
            + own.describe(),
        "files of two histories were mixed; put those back that belong to this node");
  }

  /** A checkpoint is not what was written. */
  static HoldfastException checkpointDamaged(Path file, long offset, String what) {
    return new DamagedFileException(
        FileKind.CHECKPOINT,
        file,
        "checkpoint-damaged",
        file + " is damaged at byte " + offset + ": " + what,
        "an older checkpoint is used if there is one; keep the file and check the disk");
  }

  static HoldfastException wrongKey(Path file, String found, String given) {
    return new HoldfastException(
        "wrong-data-key",
        file + " is sealed under data key " + found + "; the key given is " + given,
        "use the data.key of the ledger that wrote it");
  }
}

package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.SegmentPiece;
import io.holdfast.journal.SegmentProof;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Proves the tails after a backup: each goes on where the one before it ended, without a gap. */
final class VerifyTails {
  private final Vault vault;
  private final VerifyObjects objects;
  private final Findings findings;
  private final Set<String> followed = new TreeSet<>();

  VerifyTails(Vault vault, VerifyObjects objects, Findings findings) {
    this.vault = vault;
    this.objects = objects;
    this.findings = findings;
  }

  /** Follows the tails after a backup to their end. */
  VerifyResult.Stream follow(Manifests.Named beginning, DataKey dataKey) {
    BackupManifest manifest = beginning.manifest();
    UInt128 branch = Coverage.lineage(manifest).current().id();
    Tails tails = new Tails(vault, branch);
    Place place = Place.after(manifest, dataKey);
    long lastOp = manifest.lastOp();
    long lastTime = manifest.lastTime();
    int count = 0;
    try (TailReader reader = tails.reader()) {
      while (true) {
        String name = tails.name(lastOp + 1);
        try {
          Tail tail = reader.find(lastOp + 1);
          if (tail == null) {
            break;
          }
          objects.counted(name);
          followed.add(name);
          for (SegmentPiece piece : tail.pieces()) {
            place.add(piece);
          }
          if (place.lastOp() != tail.lastOp()) {
            throw new HoldfastException(
                "object-damaged",
                name + " claims ops up to " + tail.lastOp() + " and ends with " + place.lastOp(),
                "");
          }
          lastOp = tail.lastOp();
          lastTime = tail.lastTime();
          count++;
        } catch (HoldfastException e) {
          findings.add(name, e, holds(lastOp, branch), List.of());
          followed.add(name);
          break;
        }
      }
    }
    return new VerifyResult.Stream(branch.toHex(), beginning.name(), count, lastOp, lastTime);
  }

  private static String holds(long lastOp, UInt128 branch) {
    return "the tail of branch "
        + branch.toHex()
        + " after op "
        + lastOp
        + ": without it no later moment can be restored, unless a backup has it";
  }

  /**
   * Looks for tails that cannot be reached since one before them is missing.
   *
   * @param unreferenced names of objects that no backup names
   * @param streams how far each branch goes
   */
  void findGaps(Set<String> unreferenced, List<VerifyResult.Stream> streams) {
    for (String name : unreferenced) {
      Tail tail = followed.contains(name) ? null : tail(name);
      if (tail == null) {
        continue;
      }
      for (VerifyResult.Stream stream : streams) {
        if (stream.branch().equals(tail.branch().toHex()) && tail.firstOp() > stream.lastOp() + 1) {
          String missing = new Tails(vault, tail.branch()).name(stream.lastOp() + 1);
          findings.add(
              missing,
              missing
                  + " is not in "
                  + vault.repository().describe()
                  + ", though later tails are: ops "
                  + (stream.lastOp() + 1)
                  + " to "
                  + (tail.firstOp() - 1)
                  + " are missing",
              holds(stream.lastOp(), tail.branch()),
              List.of());
        }
      }
    }
  }

  /** Null when it is something else, or cannot be read: nothing needs it then. */
  private @Nullable Tail tail(String name) {
    try {
      return Tail.decode(name, objects.load(name));
    } catch (HoldfastException e) {
      if (e.code().startsWith("repository-")) {
        throw e;
      }
      return null;
    }
  }

  /** Where in the journal the next piece belongs. */
  private static final class Place {
    private final DataKey dataKey;
    private SegmentProof proof;
    private long lastOp;
    private String chain;
    private boolean fresh; // no piece of this segment was taken yet

    private Place(DataKey dataKey, SegmentProof proof, long lastOp, String chain, boolean fresh) {
      this.dataKey = dataKey;
      this.proof = proof;
      this.lastOp = lastOp;
      this.chain = chain;
      this.fresh = fresh;
    }

    static Place after(BackupManifest manifest, DataKey dataKey) {
      BackupManifest.Segment last = manifest.segments().getLast();
      SegmentProof proof =
          last.sealed()
              ? SegmentProof.begin(dataKey, Set.of())
              : SegmentProof.after(
                  dataKey,
                  last.firstOp(),
                  last.sizeBytes(),
                  manifest.lastOp() + 1,
                  manifest.chain());
      return new Place(dataKey, proof, manifest.lastOp(), manifest.chain(), last.sealed());
    }

    long lastOp() {
      return lastOp;
    }

    void add(SegmentPiece piece) {
      proof.add(piece.content(), piece.sha256());
      SegmentProof.Proved proved = proof.proved();
      if (fresh && (proved.firstOp() != lastOp + 1 || !proved.chainBefore().equals(chain))) {
        throw new HoldfastException(
            "piece-damaged",
            "a segment that begins with op "
                + proved.firstOp()
                + " does not go on from op "
                + lastOp,
            "");
      }
      fresh = false;
      lastOp = proved.lastOp();
      chain = proved.chain();
      if (proved.sealed()) {
        proof = SegmentProof.begin(dataKey, Set.of());
        fresh = true;
      }
    }
  }
}

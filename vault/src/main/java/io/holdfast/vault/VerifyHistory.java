package io.holdfast.vault;

import io.holdfast.journal.Branch;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.Lineage;
import io.holdfast.journal.SegmentProof;
import java.util.HexFormat;
import java.util.List;

/**
 * Compares what a manifest claims with what its segments and checkpoints were proved to be: one
 * history from op 1 to its last op, with the chain that it names.
 */
final class VerifyHistory {
  private final VerifySegments segments;
  private final VerifyCheckpoints checkpoints;
  private final Findings findings;

  VerifyHistory(VerifySegments segments, VerifyCheckpoints checkpoints, Findings findings) {
    this.segments = segments;
    this.checkpoints = checkpoints;
    this.findings = findings;
  }

  void verify(Manifests.Named named, DataKey dataKey) {
    BackupManifest manifest = named.manifest();
    Lineage lineage = Coverage.lineage(manifest);
    if (!lineage.ledgerId().toHex().equals(manifest.ledgerId())) {
      wrong(named, "it names ledger " + manifest.ledgerId() + " and the history of another");
    }
    String chain = lineage.branches().getFirst().chain();
    long nextOp = 1;
    long lastTime = 0;
    boolean allProved = true;
    for (BackupManifest.Segment segment : manifest.segments()) {
      SegmentProof.Proved proved = segments.proved(segment, dataKey);
      if (segment.firstOp() != nextOp) {
        wrong(
            named,
            "it has no op " + nextOp + ": its next segment begins with op " + segment.firstOp());
      }
      nextOp = segment.lastOp() + 1;
      if (proved == null) {
        allProved = false;
        chain = "";
        continue;
      }
      compare(named, segment, proved, lineage);
      if (!chain.isEmpty() && !proved.chainBefore().equals(chain)) {
        wrong(
            named,
            "the chain of segment " + segment.firstOp() + " does not go on from the one before it");
      }
      chain = proved.chain();
      lastTime = Math.max(lastTime, proved.lastTime());
    }
    if (nextOp - 1 != manifest.lastOp()) {
      wrong(
          named,
          "it claims ops up to "
              + manifest.lastOp()
              + ", its segments end with op "
              + (nextOp - 1));
    }
    if (!chain.isEmpty() && !chain.equals(manifest.chain())) {
      wrong(named, "the chain after its last op is " + chain + ", not " + manifest.chain());
    }
    if (allProved && lastTime != manifest.lastTime()) {
      wrong(
          named,
          "its last op is of "
              + Findings.time(lastTime)
              + ", not of "
              + Findings.time(manifest.lastTime()));
    }
    for (BackupManifest.CheckpointRef ref : manifest.checkpoints()) {
      compare(named, ref, dataKey);
    }
  }

  private void compare(
      Manifests.Named named,
      BackupManifest.Segment segment,
      SegmentProof.Proved proved,
      Lineage lineage) {
    boolean same =
        proved.firstOp() == segment.firstOp()
            && proved.lastOp() == segment.lastOp()
            && proved.sizeBytes() == segment.sizeBytes()
            && proved.sealed() == segment.sealed()
            && proved.head().equals(segment.head());
    if (!same) {
      wrong(
          named,
          "segment "
              + segment.firstOp()
              + " is not as it claims: it holds ops "
              + proved.firstOp()
              + " to "
              + proved.lastOp()
              + " in "
              + proved.sizeBytes()
              + " bytes"
              + (proved.sealed() ? ", sealed" : ", not sealed"));
    }
    Lineage own = Lineage.parse(HexFormat.of().parseHex(proved.lineage()));
    List<Branch> branches = lineage.branches();
    boolean ours =
        own != null
            && own.ledgerId().equals(lineage.ledgerId())
            && own.branches().size() <= branches.size()
            && own.branches().equals(branches.subList(0, own.branches().size()));
    if (!ours) {
      wrong(named, "segment " + segment.firstOp() + " is of another history");
    }
  }

  private void compare(Manifests.Named named, BackupManifest.CheckpointRef ref, DataKey dataKey) {
    ProofRecord.Checkpoint proved = checkpoints.proved(ref);
    if (ref.op() > named.manifest().lastOp()) {
      wrong(named, "its checkpoint is after op " + ref.op() + ", which it does not have");
    }
    if (proved == null) {
      return;
    }
    if (proved.op() != ref.op() || !proved.root().equals(ref.root())) {
      wrong(
          named,
          "the checkpoint after op "
              + ref.op()
              + " is one after op "
              + proved.op()
              + " with root "
              + proved.root());
    }
    for (BackupManifest.Segment segment : named.manifest().segments()) {
      SegmentProof.Proved in = segments.proved(segment, dataKey);
      String chain = in == null ? null : in.chains().get(ref.op());
      if (chain != null && !chain.equals(proved.chain())) {
        wrong(
            named,
            "the chain in the checkpoint after op " + ref.op() + " is not that of the journal");
      }
    }
  }

  private void wrong(Manifests.Named named, String what) {
    findings.add(
        named.name(), what, "what it claims: it cannot be relied on", List.of(named.name()));
  }
}

package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.SegmentProof;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Proves segments, each list of pieces once however many backups name it: what was not proved
 * earlier is fetched and sealed again; of the rest each object must be there.
 */
final class VerifySegments {
  private final VerifyObjects objects;
  private final Findings findings;
  private final ProofRecord.Earlier earlier;
  private final Map<String, Wanted> wanted = new LinkedHashMap<>();
  private final Map<String, SegmentProof.Proved> proved = new HashMap<>();
  private final Map<String, SegmentProof.Proved> anew = new TreeMap<>();
  private final AtomicLong skipped = new AtomicLong();

  VerifySegments(VerifyObjects objects, Findings findings, ProofRecord.Earlier earlier) {
    this.objects = objects;
    this.findings = findings;
    this.earlier = earlier;
  }

  private record Wanted(
      String key,
      BackupManifest.Segment segment,
      DataKey dataKey,
      Set<Long> ops,
      Set<String> backups) {}

  /** Takes in the segments of a backup, and after which ops its chain is wanted. */
  void add(Manifests.Named named, DataKey dataKey) {
    for (BackupManifest.Segment segment : named.manifest().segments()) {
      String key = ProofRecord.key(segment, dataKey.keyIdHex());
      Wanted one =
          wanted.computeIfAbsent(
              key, k -> new Wanted(k, segment, dataKey, new TreeSet<>(), new TreeSet<>()));
      one.backups().add(named.name());
      for (BackupManifest.CheckpointRef checkpoint : named.manifest().checkpoints()) {
        if (checkpoint.op() >= segment.firstOp() && checkpoint.op() <= segment.lastOp()) {
          one.ops().add(checkpoint.op());
        }
      }
    }
  }

  /** Names of the objects that will be fetched. */
  Set<String> toFetch() {
    Set<String> names = new TreeSet<>();
    for (Wanted one : wanted.values()) {
      if (known(one) == null) {
        one.segment().pieces().forEach(piece -> names.add(piece.object()));
      }
    }
    return names;
  }

  /** Proves all. */
  void prove(int atOnce) throws IOException {
    try (InFlight<Boolean> tasks = new InFlight<>("holdfast-verify-", atOnce)) {
      for (Wanted one : wanted.values()) {
        tasks.submit(() -> prove(one));
      }
      var _ = tasks.finish();
    }
  }

  private SegmentProof.@Nullable Proved known(Wanted one) {
    SegmentProof.Proved known = earlier.segments().get(one.key());
    return known != null && known.chains().keySet().containsAll(one.ops()) ? known : null;
  }

  private boolean prove(Wanted one) {
    SegmentProof.Proved known = known(one);
    boolean whole = known == null ? proveAnew(one) : isThere(one);
    if (whole && known != null) {
      put(one, known, false);
    }
    return whole;
  }

  private boolean isThere(Wanted one) {
    boolean whole = true;
    for (BackupManifest.PieceRef piece : one.segment().pieces()) {
      String fault = objects.missing(piece.object(), piece.storedBytes());
      if (fault.isEmpty()) {
        skipped.incrementAndGet();
      } else {
        whole = false;
        findings.add(piece.object(), fault, Findings.holds(one.segment(), piece), one.backups());
      }
    }
    return whole;
  }

  private boolean proveAnew(Wanted one) {
    SegmentProof proof = SegmentProof.begin(one.dataKey(), one.ops());
    boolean whole = true;
    for (BackupManifest.PieceRef piece : one.segment().pieces()) {
      try {
        byte[] content = objects.load(piece.object());
        byte[] sha256 = HexFormat.of().parseHex(piece.sha256());
        if (whole) {
          proof.add(content, sha256);
        } else { // the chain is not known any more, but what is in this one can still be told
          var _ = SegmentProof.check(content, sha256, one.dataKey());
        }
      } catch (HoldfastException e) {
        whole = false;
        findings.add(piece.object(), e, Findings.holds(one.segment(), piece), one.backups());
      } catch (IllegalArgumentException notHex) {
        whole = false;
        findings.add(
            piece.object(),
            "its manifest gives no digest of it",
            Findings.holds(one.segment(), piece),
            one.backups());
      }
    }
    if (!whole) {
      return false;
    }
    try {
      put(one, proof.proved(), true);
      return true;
    } catch (HoldfastException e) {
      one.backups()
          .forEach(
              name -> findings.add(name, e, "segment " + one.segment().firstOp(), one.backups()));
      return false;
    }
  }

  private synchronized void put(Wanted one, SegmentProof.Proved found, boolean isNew) {
    proved.put(one.key(), found);
    if (isNew) {
      anew.put(one.key(), found);
    }
  }

  /** What was proved of a segment; null when it was not. */
  synchronized SegmentProof.@Nullable Proved proved(
      BackupManifest.Segment segment, DataKey dataKey) {
    return proved.get(ProofRecord.key(segment, dataKey.keyIdHex()));
  }

  long skipped() {
    return skipped.get();
  }

  /** For the record. */
  synchronized List<ProofRecord.Segment> records() {
    return anew.entrySet().stream()
        .map(each -> new ProofRecord.Segment(each.getKey(), each.getValue()))
        .toList();
  }
}

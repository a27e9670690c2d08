package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.SegmentProof;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Proves some objects, each by itself: pieces are sealed again, of others the name says which
 * content they must have. What lies between them is not looked at.
 */
final class VerifySample {
  private final Vault vault;
  private final VerifyObjects objects;
  private final Findings findings;
  private final Map<String, Candidate> candidates = new TreeMap<>();

  VerifySample(Vault vault, VerifyObjects objects, Findings findings) {
    this.vault = vault;
    this.objects = objects;
    this.findings = findings;
  }

  /** Something that can be chosen. */
  private sealed interface Candidate {
    String holds();

    Set<String> backups();

    record Piece(BackupManifest.PieceRef ref, DataKey dataKey, String holds, Set<String> backups)
        implements Candidate {}

    record Pages(String holds, Set<String> backups) implements Candidate {}

    record Map(String holds, Set<String> backups) implements Candidate {}
  }

  void add(Manifests.Named named, DataKey dataKey) {
    for (BackupManifest.Segment segment : named.manifest().segments()) {
      for (BackupManifest.PieceRef piece : segment.pieces()) {
        add(
            piece.object(),
            new Candidate.Piece(piece, dataKey, Findings.holds(segment, piece), new TreeSet<>()),
            named);
      }
    }
    for (BackupManifest.CheckpointRef ref : named.manifest().checkpoints()) {
      String holds = "the checkpoint after op " + ref.op();
      add(ref.map(), new Candidate.Map("the map of " + holds, new TreeSet<>()), named);
      for (String object : ref.objects()) {
        add(object, new Candidate.Pages("pages of " + holds, new TreeSet<>()), named);
      }
    }
  }

  private void add(String object, Candidate candidate, Manifests.Named named) {
    candidates.computeIfAbsent(object, name -> candidate).backups().add(named.name());
  }

  /**
   * Which are chosen: the same ones of the same objects for the same seed; at least one.
   *
   * @param percent of all
   */
  List<String> choose(double percent, long seed) {
    List<String> names = new ArrayList<>(candidates.keySet());
    Collections.shuffle(names, new Random(seed));
    int count = (int) Math.ceil(names.size() * percent / 100);
    return names.subList(0, Math.clamp(count, Math.min(1, names.size()), names.size()));
  }

  void prove(List<String> chosen, int atOnce) throws IOException {
    try (InFlight<Boolean> tasks = new InFlight<>("holdfast-verify-", atOnce)) {
      for (String name : chosen) {
        Candidate candidate = candidates.get(name);
        if (candidate != null) {
          tasks.submit(() -> prove(name, candidate));
        }
      }
      var _ = tasks.finish();
    }
  }

  private boolean prove(String name, Candidate candidate) {
    try {
      byte[] content = objects.load(name);
      switch (candidate) {
        case Candidate.Piece piece -> {
          var _ =
              SegmentProof.check(
                  content, HexFormat.of().parseHex(piece.ref().sha256()), piece.dataKey());
        }
        case Candidate.Pages pages -> {
          String named = vault.keys().objectName(ObjectKind.PAGES, Digests.of(content));
          if (!named.equals(name)) {
            throw new HoldfastException(
                "object-damaged", name + " does not hold what it is named after", "");
          }
        }
        case Candidate.Map map -> PageMap.parse(content);
      }
      return true;
    } catch (HoldfastException e) {
      findings.add(name, e, candidate.holds(), candidate.backups());
      return false;
    } catch (IllegalArgumentException notHex) {
      findings.add(
          name, "its manifest gives no digest of it", candidate.holds(), candidate.backups());
      return false;
    }
  }
}

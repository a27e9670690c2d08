package io.holdfast.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.holdfast.journal.SegmentProof;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run of {@link Verify} proved and what it found, as it is signed and kept under {@code
 * proofs/}. A later run may rely on what is named here, and on nothing else.
 *
 * @param at nanoseconds since 1970, when it began
 * @param mode {@code whole}, {@code since} or {@code sample}
 * @param backups names of the manifests that were looked at
 * @param objects that were fetched, opened and compared
 * @param segments that were proved to be whole
 * @param checkpoints that were proved to be whole
 */
record ProofRecord(
    int format,
    long at,
    String host,
    String mode,
    List<String> backups,
    long objects,
    long bytes,
    List<Finding> findings,
    List<Segment> segments,
    List<Checkpoint> checkpoints) {
  static final int FORMAT = 1;
  static final String PREFIX = "proofs";

  ProofRecord {
    backups = List.copyOf(backups);
    findings = List.copyOf(findings);
    segments = List.copyOf(segments);
    checkpoints = List.copyOf(checkpoints);
  }

  /**
   * A segment.
   *
   * @param key digest of its pieces: the same pieces need not be proved again
   */
  record Segment(String key, SegmentProof.Proved proved) {}

  /**
   * A checkpoint.
   *
   * @param map name of the object with its map of pages
   */
  record Checkpoint(String map, long op, String root, String chain, List<String> objects) {
    Checkpoint {
      objects = List.copyOf(objects);
    }
  }

  /** What tells one list of pieces from another. */
  static String key(BackupManifest.Segment segment, String dataKeyId) {
    StringBuilder text = new StringBuilder(dataKeyId);
    for (BackupManifest.PieceRef piece : segment.pieces()) {
      text.append('\n').append(piece.object()).append(' ').append(piece.offset());
      text.append(' ').append(piece.sizeBytes()).append(' ').append(piece.sha256());
    }
    return HexFormat.of()
        .formatHex(Digests.of(text.toString().getBytes(StandardCharsets.US_ASCII)));
  }

  String publish(Vault vault) {
    try {
      return vault.publish(PREFIX, Manifests.JSON.writeValueAsBytes(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a proof can be written as JSON", e);
    }
  }

  /** All that can be read; one that can't proves nothing. */
  static List<ProofRecord> all(Vault vault) {
    List<ProofRecord> found = new ArrayList<>();
    for (Repository.StoredObject object : vault.repository().list(PREFIX + "/")) {
      try {
        found.add(Manifests.JSON.readValue(vault.published(object.name()), ProofRecord.class));
      } catch (IOException notOfThisVersion) {
        // It proves nothing.
      } catch (HoldfastException e) {
        if (e.code().startsWith("repository-")) {
          throw e;
        }
      }
    }
    return found;
  }

  /** What earlier runs proved. */
  record Earlier(Map<String, SegmentProof.Proved> segments, Map<String, Checkpoint> checkpoints) {
    static final Earlier NONE = new Earlier(Map.of(), Map.of());

    /**
     * What runs proved that began between two times. A record that cannot be read proves nothing;
     * nor does one of times to come.
     */
    static Earlier between(Vault vault, long fromNanos, long untilNanos) {
      Map<String, SegmentProof.Proved> segments = new TreeMap<>();
      Map<String, Checkpoint> checkpoints = new TreeMap<>();
      for (ProofRecord record : all(vault)) {
        if (record.at() >= fromNanos && record.at() <= untilNanos) {
          record.segments().forEach(each -> segments.put(each.key(), each.proved()));
          record.checkpoints().forEach(each -> checkpoints.put(each.map(), each));
        }
      }
      return new Earlier(segments, checkpoints);
    }
  }
}

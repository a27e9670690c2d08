package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.SegmentProof;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * How long a restore is likely to take: as some objects are fetched and sealed again here and now,
 * and by what proving takes beside that.
 *
 * @param sealedBytesPerSecond of the journal's files that come and are sealed again in a second,
 *     when nothing else is done
 */
public record RestoreRates(double sealedBytesPerSecond) {
  /** Objects that are fetched before it is measured, while the code is still being compiled. */
  private static final int WARM_UP = 6 * RestoreFetch.AT_ONCE;

  /** Objects that are measured. */
  private static final int SAMPLES = 3 * RestoreFetch.AT_ONCE;

  /**
   * What a restore takes in all for each second that fetching and sealing alone would take on all
   * processors: of its samples in a profile, the threads that do so had two in five (2026-11-26,
   * docs/adr/0013).
   */
  private static final double ALL_TO_SEALED = 2.5;

  /** Of all, what is left to be done when the last object is there. */
  private static final double LEFT_PART = 0.12;

  static RestoreRates sampled(RestoreSources sources, RestorePlan plan) {
    DataKey dataKey = sources.dataKey();
    List<Sample> samples = new ArrayList<>();
    for (Segment segment : plan.base().manifest().segments()) {
      for (PieceRef piece : plan.pieces(segment)) {
        if (samples.size() < WARM_UP + SAMPLES) {
          samples.add(new Sample(segment, piece));
        }
      }
    }
    int warmUp = Math.max(0, samples.size() - SAMPLES);
    seal(sources, dataKey, samples.subList(0, warmUp));
    long began = System.nanoTime();
    long bytes = seal(sources, dataKey, samples.subList(warmUp, samples.size()));
    return new RestoreRates(bytes * 1e9 / Math.max(1, System.nanoTime() - began));
  }

  private record Sample(Segment segment, PieceRef piece) {}

  private static long seal(RestoreSources sources, DataKey dataKey, List<Sample> samples) {
    long bytes = 0;
    try (InFlight<Long> tasks = new InFlight<>("holdfast-sample-", RestoreFetch.AT_ONCE)) {
      for (Sample sample : samples) {
        byte[] sha256 = HexFormat.of().parseHex(sample.piece().sha256());
        tasks.submit(
            () ->
                sources.piece(
                    sample.segment(),
                    sample.piece(),
                    content -> SegmentProof.check(content, sha256, dataKey).sizeBytes()));
      }
      for (long one : tasks.finish()) {
        bytes += one;
      }
    } catch (IOException e) {
      throw DiskFaults.coded(e, Path.of("."));
    }
    return bytes;
  }

  private double allSeconds(Restore.Estimate of) {
    double bytes = of.sizeBytes() + (double) of.checkpointBytes();
    return sealedBytesPerSecond <= 0 ? 0 : bytes / sealedBytesPerSecond * ALL_TO_SEALED;
  }

  /** Td. */
  public double fetchSeconds(Restore.Estimate of) {
    return allSeconds(of) * (1 - LEFT_PART);
  }

  /** Tr. */
  public double proveSeconds(Restore.Estimate of) {
    return allSeconds(of) * LEFT_PART;
  }
}

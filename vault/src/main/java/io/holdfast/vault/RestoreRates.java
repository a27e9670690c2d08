package io.holdfast.vault;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How long a restore is likely to take.
 *
 * @param fetchBytesPerSecond of the journal's files that come and are opened in a second, as a few
 *     objects did
 */
public record RestoreRates(double fetchBytesPerSecond) {
  /** Objects that a prediction fetches. */
  private static final int SAMPLES = 2 * RestoreFetch.AT_ONCE;

  /** Pieces are sealed again and written, too; taken for half as fast, not measured by itself. */
  private static final double SEALED_PART = 0.5;

  /** Journal that is indexed, replayed and proved in a second, on a machine with 2 cores. */
  private static final double PROVED_BYTES_PER_SECOND = 100e6;

  static RestoreRates sampled(RestoreSources sources, RestorePlan plan) {
    long began = System.nanoTime();
    long bytes = 0;
    try (InFlight<Integer> tasks = new InFlight<>("holdfast-sample-", RestoreFetch.AT_ONCE)) {
      int sampled = 0;
      for (Segment segment : plan.base().manifest().segments()) {
        for (PieceRef piece : plan.pieces(segment)) {
          if (sampled < SAMPLES) {
            sampled++;
            bytes += piece.sizeBytes();
            tasks.submit(() -> sources.piece(segment, piece, content -> content.length));
          }
        }
      }
      tasks.finish();
    } catch (IOException e) {
      throw DiskFaults.coded(e, Path.of("."));
    }
    return new RestoreRates(bytes * 1e9 / Math.max(1, System.nanoTime() - began));
  }

  /** Td. */
  public double fetchSeconds(Restore.Estimate of) {
    double bytes = of.sizeBytes() + (double) of.checkpointBytes();
    return fetchBytesPerSecond <= 0 ? 0 : bytes / (fetchBytesPerSecond * SEALED_PART);
  }

  /** Tr. */
  public double proveSeconds(Restore.Estimate of) {
    return of.sizeBytes() / PROVED_BYTES_PER_SECOND;
  }
}

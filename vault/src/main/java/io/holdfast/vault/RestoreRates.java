package io.holdfast.vault;

/**
 * How long a restore is likely to take.
 *
 * @param fetchBytesPerSecond of the journal's files that come and are opened in a second, as a few
 *     objects did
 */
public record RestoreRates(double fetchBytesPerSecond) {
  /** Pieces are sealed again and written, too; taken for half as fast, not measured by itself. */
  private static final double SEALED_PART = 0.5;

  /** Journal that is indexed, replayed and proved in a second, on a machine with 2 cores. */
  private static final double PROVED_BYTES_PER_SECOND = 100e6;

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

package io.holdfast.cluster;

import java.util.List;

/**
 * How far a node is with reading again what it has on disk.
 *
 * @param running whether a pass is under way
 * @param passes that were ended since the node started
 * @param bytes read by the pass under way, or by the last one
 * @param totalBytes that it has to read
 * @param files read by it
 * @param bytesEver read since the node started
 * @param lastEndedMillis when the last pass ended, in milliseconds since 1970; 0 if none did yet
 * @param lastTookMillis how long it took
 * @param found damaged files since the node started
 * @param mended of these
 * @param findings the newest ones, the newest last
 * @param unmended what is damaged now
 */
public record ScrubStatus(
    boolean running,
    long passes,
    long bytes,
    long totalBytes,
    long files,
    long bytesEver,
    long lastEndedMillis,
    long lastTookMillis,
    long found,
    long mended,
    List<Finding> findings,
    List<Finding> unmended) {
  public ScrubStatus {
    findings = List.copyOf(findings);
    unmended = List.copyOf(unmended);
  }

  /**
   * A damaged file.
   *
   * @param file below the node's directory
   * @param what is wrong with it, and where
   * @param outcome {@code mended}, {@code unmended} or {@code harmless}
   * @param note why it is not mended, or what to do
   */
  public record Finding(String file, String what, String outcome, String note) {
    static final String MENDED = "mended";
    static final String UNMENDED = "unmended";
    static final String HARMLESS = "harmless";

    /** As an incident of the node. */
    String incident() {
      return "damaged-file: " + file + ": " + what + "; " + note;
    }
  }
}

package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;

/** Ends a journal after one of its ops, for a history that goes on from there otherwise. */
@SuppressWarnings("DoNotCallSuggester")
public final class JournalCut {
  private JournalCut() {}

  /** Where a journal ends now. */
  public record End(long op, long timeNanos, byte[] chain, Lineage lineage) {}

  /**
   * Takes away what is after an op and seals the last segment; what was cut off is deleted. A
   * journal that ends with the op is only sealed.
   *
   * @throws io.holdfast.kernel.HoldfastException code {@code journal-damaged}: also when the op is
   *     not in the journal
   */
  public static End after(Disk disk, Path segments, DataKey dataKey, long op) throws IOException {
    throw new UnsupportedOperationException("not yet");
  }

  /** The last op whose time is not after this one; 0 when there is none. */
  public static long lastOpAt(Disk disk, Path segments, DataKey dataKey, long timeNanos)
      throws IOException {
    throw new UnsupportedOperationException("not yet");
  }
}

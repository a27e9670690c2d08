package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The entries of a journal in order, each with where it lies. */
interface PlacedEntries extends AutoCloseable {
  /**
   * An entry and its place.
   *
   * @param segment the first op of the segment that it lies in
   * @param offset where in the segment it begins
   */
  record Placed(Entry entry, long segment, long offset) {}

  /**
   * The next entry; null after the last one, and nothing may be asked after that.
   *
   * @throws io.holdfast.kernel.HoldfastException code {@code journal-damaged}
   */
  @Nullable Placed next() throws IOException;

  @Override
  void close() throws IOException;

  /** Read when they are asked for, by the thread that asks. */
  static PlacedEntries inTurn(Disk disk, Path directory, DataKey dataKey, long fromOp)
      throws IOException {
    JournalReader reader = JournalReader.open(disk, directory, dataKey, fromOp);
    return new PlacedEntries() {
      @Override
      public @Nullable Placed next() throws IOException {
        Entry entry = reader.next();
        return entry == null ? null : new Placed(entry, reader.segment(), reader.offset());
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }
}

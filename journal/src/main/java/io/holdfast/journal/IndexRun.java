package io.holdfast.journal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the index holds.
 *
 * @param level 0 as built from the journal; a merged run is one above the highest of its inputs
 * @param movements of its ops: transfers created, reservations released
 * @param ids rows of ids
 * @param fault what is wrong with it; null if nothing was found
 */
public record IndexRun(
    Path file,
    int level,
    long firstOp,
    long lastOp,
    long movements,
    long ids,
    long postings,
    long sizeBytes,
    @Nullable String fault) {

  static IndexRun of(Run run, @Nullable String fault) {
    return new IndexRun(
        run.file(),
        run.level(),
        run.firstOp(),
        run.lastOp(),
        run.movements(),
        run.ids(),
        run.postings(),
        run.sizeBytes(),
        fault);
  }

  /** One that cannot be opened. */
  static IndexRun unreadable(Path file, String fault) {
    return new IndexRun(file, 0, 0, 0, 0, 0, 0, 0, fault);
  }
}

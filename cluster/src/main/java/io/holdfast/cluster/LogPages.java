package io.holdfast.cluster;

import io.holdfast.kernel.PageCache;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * The memory that the log of consensus takes in the system's page cache. The log is written once,
 * and entries that others may still want are kept by consensus itself; so the pages are let go of,
 * a little after they were written.
 */
final class LogPages {
  /** Longer than the time from one look to the next, so that the end of a file is not missed. */
  private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(3);

  private final Path log;

  /**
   * @param log the directory of its segments
   */
  LogPages(Path log) {
    this.log = log;
  }

  /** Lets go of what was written lately. */
  void letGo() {
    Instant since = Instant.now().minus(WRITTEN_WITHIN);
    try (DirectoryStream<Path> segments = Files.newDirectoryStream(log, "log_*")) {
      for (Path segment : segments) {
        if (Files.getLastModifiedTime(segment).toInstant().isAfter(since)) {
          PageCache.drop(segment);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // a segment was renamed or cut off just now; the next look comes soon
    }
  }
}

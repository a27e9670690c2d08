package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.Lineage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node's files, of which a backup is taken: of a running node, or of one that is stopped. */
public interface BackupSource {
  String site();

  String node();

  Lineage lineage();

  DataKey dataKey();

  /** The directory with {@code data.key} and {@code details/}. */
  Path keys();

  /** The segments that never change any more, in order. */
  List<Path> sealedSegments() throws IOException;

  /** The segment that is written, and how much of it is on disk; null when there is none. */
  @Nullable Open open() throws IOException;

  /** The checkpoints, in order; one that is gone when it is opened was one too old. */
  List<Path> checkpoints() throws IOException;

  /**
   * The same source with its end where it is now, if that is not simply what is on disk: all that a
   * backup asks of it fits together.
   */
  default BackupSource now() {
    return this;
  }

  /** Whether the node is running. */
  boolean running();

  /** The beginning of a segment that is written. */
  record Open(Path file, long syncedBytes) {}
}

package io.holdfast.journal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint says about itself.
 *
 * @param op after which it was taken
 * @param root of all its pages, in hex; the same on all nodes
 * @param fault what is wrong with it; null if nothing was found
 */
public record CheckpointFile(
    Path file, long op, String root, long accounts, long sizeBytes, @Nullable String fault) {

  static CheckpointFile of(Path file, Checkpoint checkpoint, @Nullable String fault) {
    return new CheckpointFile(
        file,
        checkpoint.op(),
        checkpoint.root(),
        checkpoint.accounts(),
        checkpoint.sizeBytes(),
        fault);
  }

  /** One that cannot be opened. */
  static CheckpointFile unreadable(Path file, String fault) {
    return new CheckpointFile(file, CheckpointFiles.op(file), "", 0, 0, fault);
  }
}

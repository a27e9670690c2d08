package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.Moment;
import io.holdfast.vault.MomentFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moments of one journal, each opened from a copy of its own in a scratch directory, which goes
 * when the command ends, also when it is interrupted.
 */
final class PreviewMoments implements AutoCloseable {
  private @Nullable MomentFiles files;
  private final Path scratch;
  private final Consumer<String> told;
  private final List<Moment> open = new ArrayList<>();
  private final @Nullable Thread deleting;

  /**
   * @param scratch an empty directory, which is this one's from now on
   * @param keep whether it stays
   */
  PreviewMoments(Path scratch, boolean keep, Consumer<String> told) {
    this.scratch = scratch;
    this.told = told;
    this.deleting = keep ? null : new Thread(() -> delete(scratch), "holdfast-scratch");
    if (deleting != null) {
      Runtime.getRuntime().addShutdownHook(deleting);
    }
  }

  /** An empty directory for copies, below this one or, if it is null, among temporary files. */
  static Path scratch(@Nullable Path parent) {
    String prefix = "holdfast-preview-";
    try {
      if (parent == null) {
        return Files.createTempDirectory(prefix);
      }
      Files.createDirectories(parent);
      return Files.createTempDirectory(parent, prefix);
    } catch (IOException e) {
      throw new HoldfastException(
          "directory-not-writable", "no scratch directory: " + e, "give one with --scratch", e);
    }
  }

  /** The journal that the moments are of, before any is opened. */
  void take(MomentFiles journal) {
    files = journal;
  }

  private MomentFiles files() {
    return Objects.requireNonNull(files, "a journal was taken");
  }

  /** Opens the moment after an op; closed with this. */
  Moment at(String name, long op) {
    Path copy = scratch.resolve(name);
    files().copyTo(copy, op);
    Moment moment = Moment.open(copy, op, told);
    open.add(moment);
    return moment;
  }

  /** The newest one; closed with this. */
  Moment newest() {
    return at("now", files().newestOp());
  }

  @Override
  public void close() {
    open.forEach(Moment::close);
    if (deleting != null) {
      Runtime.getRuntime().removeShutdownHook(deleting);
      delete(scratch);
    }
  }

  private static void delete(Path scratch) {
    if (Files.exists(scratch)) {
      Scratch.deleteAll(scratch);
    }
  }
}

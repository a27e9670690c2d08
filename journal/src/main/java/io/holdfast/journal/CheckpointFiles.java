package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checkpoints of a directory: each is named by its op, in 20 digits, and has that name only
 * once it is whole and durable.
 */
final class CheckpointFiles {
  /** So that one is left when the newest cannot be read. */
  static final int KEPT = 2;

  private static final Pattern NAME = Pattern.compile("(\\d{20})\\.checkpoint");
  private static final String UNFINISHED = ".new";

  private CheckpointFiles() {}

  static Path file(Path directory, long op) {
    return directory.resolve(String.format(Locale.ROOT, "%020d.checkpoint", op));
  }

  /** What the file is called while it is written. */
  static Path unfinished(Path directory, long op) {
    Path file = file(directory, op);
    return file.resolveSibling(file.getFileName() + UNFINISHED);
  }

  static long op(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    if (!name.matches()) {
      throw new IllegalArgumentException(file + " is no checkpoint");
    }
    return Long.parseLong(name.group(1));
  }

  /** All of them, the newest first. */
  static List<Path> newestFirst(Disk disk, Path directory) throws IOException {
    return disk.list(directory).stream()
        .filter(file -> NAME.matcher(String.valueOf(file.getFileName())).matches())
        .toList()
        .reversed();
  }

  /** Gives a checkpoint that was written and synced its name; deletes those no longer kept. */
  static void complete(Disk disk, Path directory, long op) throws IOException {
    disk.move(unfinished(directory, op), file(directory, op));
    disk.syncDirectory(directory);
    List<Path> all = new ArrayList<>(newestFirst(disk, directory));
    while (all.size() > KEPT) {
      disk.delete(all.removeLast());
    }
  }

  /** Deletes what was never finished. */
  static void settle(Disk disk, Path directory) throws IOException {
    for (Path file : disk.list(directory)) {
      if (String.valueOf(file.getFileName()).endsWith(".checkpoint" + UNFINISHED)) {
        disk.delete(file);
      }
    }
  }
}

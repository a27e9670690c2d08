package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The run files of a directory: each is named by its first and last op, in 20 digits each. A file
 * has such a name only once it is whole; so where a merged run lies beside runs that went into it,
 * these are obsolete.
 */
final class RunFiles {
  private static final String UNFINISHED = ".new";

  /** An op has at most 14 digits: {@link Address#OP_MAX}. */
  private static final Pattern NAME = Pattern.compile("0{6}(\\d{14})-0{6}(\\d{14})\\.index");

  private RunFiles() {}

  /**
   * What to do with the files of a directory.
   *
   * @param runs to use, in order of their ops
   * @param obsolete to delete
   */
  record Choice(List<Path> runs, List<Path> obsolete) {}

  private record Named(Path file, long firstOp, long lastOp) {}

  static Path file(Path directory, long firstOp, long lastOp) {
    return directory.resolve(String.format(Locale.ROOT, "%020d-%020d.index", firstOp, lastOp));
  }

  /** What the file is called while it is written. */
  static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + UNFINISHED);
  }

  static boolean isNamed(Path file, long firstOp, long lastOp) {
    return file(directory(file), firstOp, lastOp).getFileName().equals(file.getFileName());
  }

  static Path directory(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  /**
   * Chooses among files: of runs that lie within another the other is used; what was never finished
   * goes; files of other names are left alone.
   *
   * @throws HoldfastException code {@code index-damaged}: ops are missing between two runs, or two
   *     runs share ops and neither lies within the other
   */
  static Choice choose(List<Path> files) {
    List<Named> found = new ArrayList<>();
    List<Path> obsolete = new ArrayList<>();
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      boolean finished = !name.endsWith(UNFINISHED);
      Matcher parts =
          NAME.matcher(finished ? name : name.substring(0, name.length() - UNFINISHED.length()));
      if (parts.matches() && finished) {
        found.add(new Named(file, Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))));
      } else if (parts.matches()) {
        obsolete.add(file);
      }
    }
    found.sort(
        Comparator.comparingLong(Named::firstOp)
            .thenComparing(Comparator.comparingLong(Named::lastOp).reversed()));
    List<Named> runs = new ArrayList<>();
    for (Named next : found) {
      if (!runs.isEmpty() && next.lastOp <= runs.getLast().lastOp) {
        obsolete.add(next.file);
        continue;
      }
      if (!runs.isEmpty() && next.firstOp != runs.getLast().lastOp + 1) {
        throw misfit(runs.getLast(), next);
      }
      runs.add(next);
    }
    return new Choice(runs.stream().map(Named::file).toList(), obsolete);
  }

  private static HoldfastException misfit(Named before, Named after) {
    return IndexFaults.misfit(
        before.file,
        after.file,
        after.firstOp <= before.lastOp
            ? "both hold op " + after.firstOp
            : "none holds op " + (before.lastOp + 1));
  }

  /**
   * The runs of a directory in order of their ops, after what is obsolete was deleted.
   *
   * @throws HoldfastException as {@link #choose}; then nothing was deleted
   */
  static List<Path> settle(Disk disk, Path directory) throws IOException {
    Choice choice = choose(disk.list(directory));
    for (Path file : choice.obsolete) {
      disk.delete(file);
    }
    return choice.runs;
  }
}

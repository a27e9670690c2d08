package io.holdfast.journal;

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
   * @param runs to use: from op 1 on, in order of their ops, without a gap
   * @param obsolete to delete
   * @param unfit runs that do not go on where those to use end
   * @param why nothing if all of them fit
   */
  record Choice(List<Path> runs, List<Path> obsolete, List<Path> unfit, String why) {}

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
   * is obsolete; files of other names are left alone.
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
    List<Path> unfit = new ArrayList<>();
    String why = "";
    long lastOp = 0;
    for (Named next : found) {
      if (unfit.isEmpty() && next.firstOp == lastOp + 1) {
        runs.add(next);
        lastOp = next.lastOp;
      } else if (unfit.isEmpty() && next.lastOp <= lastOp) {
        obsolete.add(next.file);
      } else {
        why = unfit.isEmpty() ? why(next, lastOp) : why;
        unfit.add(next.file);
      }
    }
    return new Choice(runs.stream().map(Named::file).toList(), obsolete, unfit, why);
  }

  private static String why(Named next, long lastOp) {
    return next.file
        + (next.firstOp <= lastOp
            ? " holds op " + next.firstOp + ", which a run before it holds already"
            : " begins with op " + next.firstOp + ", and no run holds op " + (lastOp + 1));
  }
}

package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a directory of site logs: {@code LOG-NUMBER.acts}, the log in 4 digits, the first
 * number in 20. Only the last log is written; those before it ended in damage and stay as they are.
 */
final class ActFiles {
  private static final Pattern NAME = Pattern.compile("(\\d{4})-(\\d{20})\\.acts");

  private ActFiles() {}

  static Path file(Path directory, int log, long first) {
    return directory.resolve(String.format(Locale.ROOT, "%04d-%020d.acts", log, first));
  }

  /** All of them, the oldest first. */
  static List<Path> list(Disk disk, Path directory) throws IOException {
    return disk.list(directory).stream().filter(ActFiles::isOne).toList();
  }

  static boolean isOne(Path file) {
    return NAME.matcher(String.valueOf(file.getFileName())).matches();
  }

  static int log(Path file) {
    return Integer.parseInt(match(file).group(1));
  }

  static long first(Path file) {
    return Long.parseLong(match(file).group(2));
  }

  private static Matcher match(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    if (!name.matches()) {
      throw new IllegalArgumentException(file + " is no file of a site log");
    }
    return name;
  }
}

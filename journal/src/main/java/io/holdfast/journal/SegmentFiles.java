package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The segment files of a directory: each is named by its first op, in 20 digits. */
final class SegmentFiles {
  private static final Pattern NAME = Pattern.compile("(\\d{20})\\.segment");

  private SegmentFiles() {}

  static Path file(Path directory, long firstOp) {
    return directory.resolve(String.format(Locale.ROOT, "%020d.segment", firstOp));
  }

  /** All of them, the oldest first. */
  static List<Path> list(Disk disk, Path directory) throws IOException {
    return disk.list(directory).stream().filter(SegmentFiles::isSegment).toList();
  }

  static boolean isSegment(Path file) {
    return NAME.matcher(String.valueOf(file.getFileName())).matches();
  }

  /** The op that the file's name promises. */
  static long firstOp(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    if (!name.matches()) {
      throw new IllegalArgumentException(file + " is no segment");
    }
    return Long.parseLong(name.group(1));
  }
}

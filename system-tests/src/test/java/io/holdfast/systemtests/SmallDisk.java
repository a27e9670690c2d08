package io.holdfast.systemtests;

import java.nio.file.Path;
import java.util.List;

/** A disk of a few KiB over one directory: a tmpfs that only the process under it sees. */
final class SmallDisk {
  private SmallDisk() {}

  /** The command that gives its arguments such a disk, in a user and mount namespace of its own. */
  static List<String> over(Path directory, int kibibytes) {
    return List.of(
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        "mkdir -p \"$1\" && mount -t tmpfs -o size="
            + kibibytes
            + "k tmpfs \"$1\" && shift && exec \"$@\"",
        "small-disk",
        directory.toString());
  }
}

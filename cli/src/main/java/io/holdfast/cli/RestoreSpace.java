package io.holdfast.cli;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.Restore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a disk has room for what a restore makes. */
final class RestoreSpace {
  /**
   * The index that is made of a journal takes so much of its size at most: 29 % were measured of 10
   * million transfers in full batches, the densest journal there is, and while the largest runs of
   * a long history are merged they are there twice.
   */
  static final double INDEX_PART = 0.6;

  private RestoreSpace() {}

  /** Bytes for so many nodes: the last one's files are those that were fetched. */
  static long bytes(Restore.Estimate estimate, int nodes) {
    double one = estimate.sizeBytes() * (1 + INDEX_PART) + estimate.checkpointBytes();
    return (long) (one * nodes);
  }

  /**
   * Refuses a disk that is too full, or that may not be written.
   *
   * @throws HoldfastException codes {@code disk-full}, {@code directory-not-writable}
   */
  static void check(Path home, Restore.Estimate estimate, int nodes) {
    Path there = home.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isWritable(there)) {
      throw new HoldfastException(
          "directory-not-writable",
          home + " can't be made: this user may not write in " + there,
          "name another directory with --dir, or let the user who runs this own " + there);
    }
    long free;
    try {
      free = Files.getFileStore(there).getUsableSpace();
    } catch (IOException e) {
      throw faultOf(DiskFaults.coded(e, there), home);
    }
    long needed = bytes(estimate, nodes);
    if (needed > free) {
      throw new HoldfastException(
          "disk-full",
          "the restore takes some "
              + Shown.count(needed)
              + " bytes; the disk of "
              + there
              + " has "
              + Shown.count(free)
              + " free",
          "make room, name a directory on another disk, or restore fewer nodes and add the others"
              + " with 'holdfast node add'");
    }
  }

  /** A fault of the disk that a restore writes to, with what to do about it; others as they are. */
  static HoldfastException faultOf(HoldfastException e, Path scratch) {
    return switch (e.code()) {
      case "disk-full", "disk-failed" ->
          new HoldfastException(
              e.code(),
              e.message(),
              "make room or look after the disk, then run it again: what is fetched stays in "
                  + scratch,
              e);
      default -> e;
    };
  }
}

package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.JournalCut;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.JournalReader;
import io.holdfast.journal.JournalVerifier;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A node's directory, of a node that runs or is stopped, as what {@link Moment}s are made from: it
 * is only read. Files that never change get a second name, so that a copy takes no room; those that
 * a {@link Moment} writes into are copied.
 */
public final class MomentFiles {
  /** A running node deletes what it no longer needs while it is copied; so it is begun anew. */
  private static final int TRIES_MAX = 20;

  private static final int OP_DIGITS = 20;

  private final Path source;
  private final JournalPlaces places;
  private final DataKey dataKey;

  private MomentFiles(Path source, DataKey dataKey) {
    this.source = source;
    this.places = JournalPlaces.in(source);
    this.dataKey = dataKey;
  }

  /**
   * The files of a node.
   *
   * @throws HoldfastException code {@code no-journal}, and those of {@link DataKey#read}
   */
  public static MomentFiles of(Path nodeDirectory) {
    JournalPlaces places = JournalPlaces.in(nodeDirectory);
    if (segments(places).isEmpty()) {
      throw new HoldfastException(
          "no-journal",
          places.segments() + " holds no segment",
          "name a node's directory such as holdfast-data/n1");
    }
    return new MomentFiles(nodeDirectory, DataKey.read(keys(nodeDirectory).resolve(DataKey.FILE)));
  }

  static Path keys(Path nodeDirectory) {
    return nodeDirectory.resolve("keys");
  }

  static Path detailsKeys(Path nodeDirectory) {
    return keys(nodeDirectory).resolve("details");
  }

  /** The newest op that is there. */
  public long newestOp() {
    return opAt(Long.MAX_VALUE);
  }

  /**
   * The last op up to a time.
   *
   * @throws HoldfastException code {@code no-such-moment}: nothing had happened then
   */
  public long opAt(long timeNanos) {
    try {
      long op = JournalCut.lastOpAt(SystemDisk.INSTANCE, places.segments(), dataKey, timeNanos);
      if (op == 0) {
        throw new HoldfastException(
            "no-such-moment",
            "nothing had happened at that time: the journal in " + source + " begins later",
            "see from when to when it goes with 'holdfast journal stat'");
      }
      return op;
    } catch (IOException e) {
      throw DiskFaults.coded(e, places.segments());
    }
  }

  /**
   * Makes a directory from which {@link Moment#open} opens the moment after an op.
   *
   * @param to where there is nothing yet; best on the same file system
   * @throws HoldfastException code {@code no-such-moment}
   */
  public void copyTo(Path to, long op) {
    if (op < 1 || op > newestOp()) {
      throw new HoldfastException(
          "no-such-moment",
          "there is no op " + op + " in " + source + "; allowed: 1 to " + newestOp(),
          "");
    }
    for (int tries = 1; ; tries++) {
      try {
        copyOnce(to, op);
        return;
      } catch (NoSuchFileException e) {
        if (tries == TRIES_MAX) {
          throw DiskFaults.coded(e, source);
        }
      } catch (IOException e) {
        throw DiskFaults.coded(e, to);
      }
    }
  }

  private void copyOnce(Path to, long op) throws IOException {
    JournalPlaces copies = JournalPlaces.in(to);
    Files.createDirectories(copies.segments());
    Files.createDirectories(copies.runs());
    Files.createDirectories(copies.checkpoints());
    Files.createDirectories(detailsKeys(to));
    copyKeys(to);
    link(FileKind.CHECKPOINT, copies, op, MomentFiles::opAtBeginning);
    link(FileKind.RUN, copies, op, MomentFiles::opAtEnd);
    List<Path> wanted =
        segments(places).stream()
            .filter(file -> JournalReader.firstOp(List.of(file)) <= op)
            .toList();
    for (Path file : wanted.subList(0, wanted.size() - 1)) {
      linkOrCopy(file, copies.segments().resolve(file.getFileName()));
    }
    Path last = wanted.getLast(); // it is cut after the op, which must not cut the original
    copyAnew(last, copies.segments().resolve(last.getFileName()));
  }

  /** Keys that are destroyed are overwritten, which must happen to copies alone. */
  private void copyKeys(Path to) throws IOException {
    copyAnew(keys(source).resolve(DataKey.FILE), keys(to).resolve(DataKey.FILE));
    Path details = detailsKeys(source);
    if (Files.isDirectory(details)) {
      for (Path file : SystemDisk.INSTANCE.list(details)) {
        copyAnew(file, detailsKeys(to).resolve(file.getFileName()));
      }
    }
  }

  private void link(FileKind kind, JournalPlaces copies, long op, ToLongFunction<String> lastOp)
      throws IOException {
    if (!Files.isDirectory(places.directory(kind))) {
      return;
    }
    for (Path file : SystemDisk.INSTANCE.list(places.directory(kind))) {
      String name = String.valueOf(file.getFileName());
      if (kind.isName(name) && lastOp.applyAsLong(name) <= op) {
        linkOrCopy(file, copies.file(kind, name));
      }
    }
  }

  private static List<Path> segments(JournalPlaces places) {
    try {
      return Files.isDirectory(places.segments())
          ? JournalVerifier.segments(SystemDisk.INSTANCE, places.segments())
          : List.of();
    } catch (IOException e) {
      throw DiskFaults.coded(e, places.segments());
    }
  }

  private static long opAtBeginning(String name) {
    return Long.parseLong(name.substring(0, OP_DIGITS));
  }

  /** Of a run, which is named by its first and its last op. */
  private static long opAtEnd(String name) {
    return Long.parseLong(name.substring(OP_DIGITS + 1, OP_DIGITS + 1 + OP_DIGITS));
  }

  private static void linkOrCopy(Path file, Path copy) throws IOException {
    Files.deleteIfExists(copy);
    try {
      Files.createLink(copy, file);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      copyAnew(file, copy); // another file system, or a file of somebody else
    }
  }

  private static void copyAnew(Path file, Path copy) throws IOException {
    Files.deleteIfExists(copy);
    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
  }
}

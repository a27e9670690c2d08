package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is there whole or not at all, and never overwritten: all of it is written beside
 * it and renamed at the end. What a killed run left is cleared by the next. For its owner alone, as
 * it holds keys.
 */
final class NewDirectory {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private NewDirectory() {}

  /** Writes what is to be in the directory. */
  interface Filling {
    void fill(Path directory) throws IOException;
  }

  /**
   * Makes a directory, and its parents.
   *
   * @throws HoldfastException codes {@code directory-not-empty}, {@code init-failed} (disk)
   */
  static void make(Path directory, Filling filling) {
    Path target = directory.toAbsolutePath().normalize();
    Path beside = target.resolveSibling("." + target.getFileName() + ".partial");
    boolean done = false;
    try {
      checkEmpty(target);
      Path parent = target.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      deleteTree(beside);
      inside(beside);
      filling.fill(beside);
      Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
      done = true;
      if (parent != null) {
        SystemDisk.INSTANCE.syncDirectory(parent);
      }
    } catch (IOException e) {
      throw failed(target, e);
    } finally {
      if (!done) {
        cleanUp(beside);
      }
    }
  }

  /** Makes a directory that is its owner's alone, inside one that is being filled. */
  static Path inside(Path directory) throws IOException {
    return Files.createDirectory(directory, OWNER_ONLY);
  }

  static void checkEmpty(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (Files.isDirectory(target)) {
      try (Stream<Path> entries = Files.list(target)) {
        if (entries.findAny().isEmpty()) {
          return;
        }
      }
    }
    throw new HoldfastException(
        "directory-not-empty",
        target + " is there already and not an empty directory; init never overwrites anything",
        "name another directory, or move this one away if its ledger is not needed any more");
  }

  /** The refusal when the disk does. */
  static HoldfastException failed(Path target, IOException cause) {
    return new HoldfastException(
        "init-failed",
        "cannot make " + target + ": " + cause,
        "name a directory that does not exist yet, on a disk with room, whose parent you may"
            + " write to; a mount point cannot be it, but a directory inside can",
        cause);
  }

  private static void cleanUp(Path beside) {
    try {
      deleteTree(beside);
    } catch (IOException e) {
      throw new HoldfastException(
          "init-failed", "cannot remove " + beside + ": " + e, "remove it: it holds keys", e);
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
              throws IOException {
            if (error != null) {
              throw error;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Temporary directories of a command. */
final class Scratch {
  private Scratch() {}

  static Path create(String prefix) {
    try {
      return Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new HoldfastException(
          "directory-not-writable", "no temporary directory: " + e, "give one with --dir", e);
    }
  }

  /** Removes a directory below one that {@link #create} made, and that one with it. */
  static void delete(Path directory) {
    Path made = directory.getParent();
    deleteAll(made == null ? directory : made);
  }

  /** Removes a directory with all that is in it. */
  static void deleteAll(Path directory) {
    try {
      Files.walkFileTree(directory, new Deleting());
    } catch (IOException e) {
      throw new HoldfastException(
          "directory-not-writable", directory + " cannot be removed: " + e, "remove it by hand", e);
    }
  }

  private static final class Deleting extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}

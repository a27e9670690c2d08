package io.holdfast.vault;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/** Names what the disk of a repository said. */
final class FileFaults {
  private FileFaults() {}

  static boolean isMissing(IOException cause) {
    return cause instanceof NoSuchFileException || cause instanceof FileNotFoundException;
  }

  static HoldfastException missing(String repository, Path marker) {
    return new HoldfastException(
        "repository-missing",
        "there is no repository at " + repository + ": " + marker + " does not exist",
        "mount the disk, or make a new repository with holdfast backup init; if it is a copy of"
            + " another repository, make that file");
  }

  static HoldfastException coded(IOException cause, String repository, Path root) {
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (DiskFaults.isFull(cause)) {
      return new HoldfastException(
          "repository-full",
          "the disk of " + repository + " is full",
          "make room there, or let holdfast backup expire remove what is no longer needed",
          cause);
    }
    if (cause instanceof AccessDeniedException
        || text.contains("permission denied")
        || text.contains("read-only file system")
        || text.contains("operation not permitted")
        || text.contains("operation not supported")) {
      return new HoldfastException(
          "repository-denied",
          "the system does not let this user do what is needed in "
              + repository
              + ": "
              + words(cause),
          "the user that runs Holdfast must own "
              + root
              + " and all below it, on a file system that has hard links",
          cause);
    }
    if (cause instanceof NotDirectoryException
        || cause instanceof FileAlreadyExistsException
        || text.contains("not a directory")) {
      return new HoldfastException(
          "repository-missing",
          repository + " is no directory: " + words(cause),
          "name a directory, or one to be made",
          cause);
    }
    return RepositoryFaults.unavailable(
        repository,
        "cannot be read or written: " + words(cause),
        "check its disk, then try again",
        cause);
  }

  /** What the system said, without what Java calls it. */
  private static String words(IOException cause) {
    return cause instanceof FileSystemException said && said.getReason() != null
        ? said.getFile() + ": " + said.getReason()
        : cause.toString();
  }
}

package io.holdfast.journal;

import java.nio.file.Path;

/**
 * Where a node keeps its journal, its index and its checkpoints. Beside each kind of files lie two
 * directories that nothing is read from: what is being fetched, and what was found damaged.
 */
public record JournalPlaces(Path segments, Path runs, Path checkpoints) {
  private static final String PARTIAL = "partial";
  private static final String DAMAGED = "damaged";

  /** Those in a node's directory. */
  public static JournalPlaces in(Path nodeDirectory) {
    return new JournalPlaces(
        nodeDirectory.resolve(FileKind.SEGMENT.directory()),
        nodeDirectory.resolve(FileKind.RUN.directory()),
        nodeDirectory.resolve(FileKind.CHECKPOINT.directory()));
  }

  public Path directory(FileKind kind) {
    return switch (kind) {
      case SEGMENT -> segments;
      case RUN -> runs;
      case CHECKPOINT -> checkpoints;
    };
  }

  /**
   * A file by its name.
   *
   * @throws IllegalArgumentException when no file of the kind can have this name
   */
  public Path file(FileKind kind, String name) {
    return directory(kind).resolve(checked(kind, name));
  }

  /** Where a file lies while it is fetched. */
  public Path partial(FileKind kind, String name) {
    return partial(kind).resolve(checked(kind, name));
  }

  /** Where files lie while they are fetched. */
  public Path partial(FileKind kind) {
    return directory(kind).resolve(PARTIAL);
  }

  /** Where damaged files are kept for who wants to know what happened to them. */
  public Path damaged(FileKind kind) {
    return directory(kind).resolve(DAMAGED);
  }

  private static String checked(FileKind kind, String name) {
    if (!kind.isName(name)) {
      throw new IllegalArgumentException("no " + kind + " is called " + name);
    }
    return name;
  }
}

package io.holdfast.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Where a measurement keeps its files: the directory that was asked for, which stays, or one of its
 * own, which is deleted at the end. It must be on the disk that is to be measured; {@code
 * -Dholdfast.bench.dir} says where the others are, by default {@code target/bench}.
 */
final class BenchDirectory implements AutoCloseable {
  private final Path path;
  private final boolean stays;

  private BenchDirectory(Path path, boolean stays) {
    this.path = path;
    this.stays = stays;
  }

  /** That of the option {@code dir}, or else an empty one of this name. */
  static BenchDirectory of(Options options, String name) {
    String asked = options.word("dir", "");
    return asked.isEmpty() ? temporary(name) : new BenchDirectory(Path.of(asked), true);
  }

  /** An empty one of this name. */
  static BenchDirectory temporary(String name) {
    Path parent = Path.of(System.getProperty("holdfast.bench.dir", "target/bench"));
    Path path = parent.resolve(name).toAbsolutePath();
    delete(path);
    return new BenchDirectory(path, false);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    if (!stays) {
      delete(path);
    }
  }

  /** Deletes a directory with all that is in it, if there is one. */
  static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

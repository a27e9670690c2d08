package io.holdfast.systemtests;

import io.holdfast.drill.NodeLaunch;
import io.holdfast.drill.StartCache;
import io.holdfast.kernel.HoldfastException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How nodes are started in tests: small, by the quick compiler only, with the costly checks
 * switched on, and with a start cache where the product is there as jars.
 */
final class TestLaunch {
  private static final int HEAP_MIB = 384;
  private static final Path OWN = Path.of("target", "classes").toAbsolutePath();
  private static final Path CACHE = Path.of("target", StartCache.FILE).toAbsolutePath();

  private static final NodeLaunch LAUNCH = withCache(plain());

  private TestLaunch() {}

  static NodeLaunch launch() {
    return LAUNCH;
  }

  private static NodeLaunch plain() {
    NodeLaunch likeThis = NodeLaunch.likeThisProcess();
    String product =
        Stream.of(likeThis.classPath().split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("test-classes"))
            .filter(entry -> !Path.of(entry).toAbsolutePath().equals(OWN))
            .collect(Collectors.joining(File.pathSeparator));
    return likeThis
        .withClassPath(product)
        .withHeapMiB(HEAP_MIB)
        .withJvmFlags(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dholdfast.invariants=costly");
  }

  /** Makes the cache once for all tests, whichever process comes first. */
  private static NodeLaunch withCache(NodeLaunch plain) {
    if (!StartCache.fits(plain.classPath())) {
      return plain;
    }
    try (FileChannel channel =
            FileChannel.open(
                CACHE.resolveSibling("start-cache.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !isNewerThan(plain.classPath())) {
        long began = System.nanoTime();
        Path scratch = CACHE.resolveSibling("start-cache-" + ProcessHandle.current().pid());
        try {
          StartCache.make(CACHE, scratch, plain, Duration.ofSeconds(2));
        } finally {
          RunningSite.deleteTree(scratch);
        }
        Printed.line(
            "start cache made in %d ms".formatted((System.nanoTime() - began) / 1_000_000));
      }
      return plain.withJvmFlags(StartCache.flags(CACHE).toArray(String[]::new));
    } catch (HoldfastException e) {
      Printed.line("no start cache: " + e.message());
      return plain;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isNewerThan(String classPath) throws IOException {
    if (!Files.isRegularFile(CACHE)) {
      return false;
    }
    for (String jar : classPath.split(File.pathSeparator, -1)) {
      if (Files.getLastModifiedTime(Path.of(jar)).compareTo(Files.getLastModifiedTime(CACHE)) > 0) {
        return false;
      }
    }
    return true;
  }
}

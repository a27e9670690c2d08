package io.holdfast.cli;

import io.holdfast.drill.NodeLaunch;
import io.holdfast.drill.StartCache;
import io.holdfast.kernel.HoldfastException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the cache of the JVM with which nodes start in half the time. */
@Command(
    name = "start-cache",
    description = "Make the JVM's ahead-of-time cache, with which nodes start in half the time.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast start-cache                       beside the jars, where 'holdfast' finds it",
      "  holdfast start-cache --output node.aot     for java -XX:AOTCache=node.aot",
      "",
      "Runs three nodes on this machine for about half a minute. The cache fits these jars and this",
      "JVM alone: make it again after an update. Without one, nodes start all the same.",
    })
final class StartCacheCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where to put it (default: " + StartCache.FILE + " beside the jars).")
  private @Nullable Path output;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "6",
      description = "How long to pay, 1 to 600 (default ${DEFAULT-VALUE}).")
  private int seconds;

  StartCacheCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (seconds < 1 || seconds > 600) {
      throw Arguments.wrong("--seconds", Integer.toString(seconds), "1 to 600");
    }
    NodeLaunch launch = NodeLaunch.likeThisProcess();
    Path file =
        output == null ? StartCache.placeBeside(launch.classPath()) : console.resolve(output);
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null || !Files.isWritable(parent) || !Files.isDirectory(parent)) {
      throw Arguments.wrong(
          "--output", file.toString(), "a file in a directory that is there and can be written");
    }
    if (!StartCache.fits(launch.classPath())) {
      throw new HoldfastException(
          "start-cache-failed",
          "this 'holdfast' runs from directories of classes; the JVM caches jars alone",
          "run it as ./holdfast or from the jars of a release");
    }
    Path home = Scratch.create("holdfast-start-cache-").resolve("site");
    try {
      StartCache.make(file, home, launch, Duration.ofSeconds(seconds));
    } finally {
      Scratch.delete(home);
    }
    console.out().println("made " + file);
    return ExitCodes.OK;
  }
}

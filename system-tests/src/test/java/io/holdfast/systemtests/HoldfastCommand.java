package io.holdfast.systemtests;

import io.holdfast.drill.NodeLaunch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of the command line as a process of its own.
 *
 * @param output what it printed on standard output
 * @param errors what it printed on standard error
 */
record HoldfastCommand(int exitCode, String output, String errors) {

  static HoldfastCommand run(Path directory, List<String> arguments)
      throws IOException, InterruptedException {
    return run(directory, List.of(), arguments);
  }

  /**
   * @param flags of the JVM, beside those of all
   */
  static HoldfastCommand run(Path directory, List<String> flags, List<String> arguments)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path errors = Files.createTempFile(directory, "command", ".err");
    Process process = start(directory, flags, arguments, errors);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new HoldfastCommand(process.waitFor(), output, Files.readString(errors));
  }

  /** Starts one that goes on; whoever starts it ends it. */
  static Process start(Path directory, List<String> arguments, Path errors) throws IOException {
    return start(directory, List.of(), arguments, errors);
  }

  /** The words of such a command, for whoever starts it. */
  static List<String> command(List<String> flags, List<String> arguments) {
    NodeLaunch launch = TestLaunch.launch();
    List<String> command = new ArrayList<>();
    command.add(launch.java().toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(launch.jvmFlags()); // the quick compiler and the start cache, as for nodes
    command.addAll(flags);
    command.addAll(List.of("-cp", launch.classPath(), NodeLaunch.MAIN_CLASS));
    command.addAll(arguments);
    return command;
  }

  private static Process start(
      Path directory, List<String> flags, List<String> arguments, Path errors) throws IOException {
    Files.createDirectories(directory);
    Process process =
        new ProcessBuilder(command(flags, arguments))
            .directory(directory.toFile())
            .redirectError(errors.toFile())
            .start();
    process.getOutputStream().close();
    return process;
  }
}

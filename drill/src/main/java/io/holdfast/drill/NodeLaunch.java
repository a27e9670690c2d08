package io.holdfast.drill;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the process of a node is started: {@code [wrapper] java [flags] -cp CLASSPATH MAIN serve
 * --config FILE}.
 *
 * @param java the java command
 * @param classPath what the node is made of
 * @param heapMiB its fixed heap
 * @param jvmFlags further flags of the JVM
 * @param wrapper a command that ends by executing its arguments, such as {@code unshare}; mostly
 *     empty
 * @param settings that override the configuration file, as {@code key=value}
 */
public record NodeLaunch(
    Path java,
    String classPath,
    int heapMiB,
    List<String> jvmFlags,
    List<String> wrapper,
    List<String> settings) {
  /** The command's main class; started by name, for the drill does not know the command. */
  public static final String MAIN_CLASS = "io.holdfast.cli.Holdfast";

  /** Enough for the caches of a resting or paying node; see docs/operate. */
  public static final int DEFAULT_HEAP_MIB = 1_024;

  public NodeLaunch {
    jvmFlags = List.copyOf(jvmFlags);
    wrapper = List.copyOf(wrapper);
    settings = List.copyOf(settings);
  }

  /** With the Java and the classes that this process runs with. */
  public static NodeLaunch likeThisProcess() {
    return new NodeLaunch(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        absolute(System.getProperty("java.class.path")),
        DEFAULT_HEAP_MIB,
        List.of(),
        List.of(),
        List.of());
  }

  public NodeLaunch withHeapMiB(int mebibytes) {
    return new NodeLaunch(java, classPath, mebibytes, jvmFlags, wrapper, settings);
  }

  /** Adds flags of the JVM to those that there are. */
  public NodeLaunch withJvmFlags(String... flags) {
    List<String> all = new ArrayList<>(jvmFlags);
    all.addAll(List.of(flags));
    return new NodeLaunch(java, classPath, heapMiB, all, wrapper, settings);
  }

  /** With other classes. */
  public NodeLaunch withClassPath(String other) {
    return new NodeLaunch(java, absolute(other), heapMiB, jvmFlags, wrapper, settings);
  }

  public NodeLaunch withWrapper(List<String> command) {
    return new NodeLaunch(java, classPath, heapMiB, jvmFlags, command, settings);
  }

  /** Adds settings that override the configuration file: {@code key=value}. */
  public NodeLaunch withSettings(String... overriding) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(overriding));
    return new NodeLaunch(java, classPath, heapMiB, jvmFlags, wrapper, all);
  }

  /** The command line that serves with a configuration file. */
  List<String> serve(Path configuration) {
    List<String> command = new ArrayList<>(wrapper);
    command.add(java.toString());
    command.add("-Xms" + heapMiB + "m");
    command.add("-Xmx" + heapMiB + "m");
    if (jvmFlags.stream().noneMatch(flag -> flag.matches("-XX:\\+Use\\w+GC"))) {
      command.add("-XX:+UseG1GC"); // not chosen by itself on a small machine
      command.add("-XX:G1HeapRegionSize=8m"); // entries of 1 MiB are humongous otherwise
    }
    command.add("-XX:MetaspaceSize=128m"); // else a full collection in the middle of starting
    command.add("-XX:+ExitOnOutOfMemoryError");
    addCommon(command);
    if (jvmFlags.stream().noneMatch(flag -> flag.startsWith("-XX:AOT"))) {
      command.addAll(StartCache.flags(classPath));
    }
    command.addAll(jvmFlags);
    command.addAll(
        List.of("-cp", classPath, MAIN_CLASS, "serve", "--config", configuration.toString()));
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    return command;
  }

  /** The command line of any other command of {@code holdfast}. */
  List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    addCommon(command);
    command.addAll(StartCache.flags(classPath));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath, MAIN_CLASS));
    command.addAll(arguments);
    return command;
  }

  private static void addCommon(List<String> command) {
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
  }

  private static String absolute(String classPath) {
    List<String> entries = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        entries.add(Path.of(entry).toAbsolutePath().toString());
      }
    }
    return String.join(File.pathSeparator, entries);
  }
}

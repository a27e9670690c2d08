package io.holdfast.drill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process a pid meant when it was written down. Pids are used again: a process is only ever
 * signalled while its start and its command line still are the ones remembered.
 *
 * @param startTicks when it started, in clock ticks since the machine did
 * @param configuration the configuration file in its command line
 */
public record ProcessIdentity(long pid, long startTicks, String configuration) {
  private static final int FIELDS_BEFORE_START = 19; // field 22, counted after "pid (command)"

  /** The identity of a process that runs with this configuration file; empty if it does not. */
  public static Optional<ProcessIdentity> of(long pid, Path configuration) {
    String file = configuration.toString();
    Optional<Long> start = startTicks(pid);
    if (start.isEmpty() || !commandLine(pid).contains(file)) {
      return Optional.empty();
    }
    return Optional.of(new ProcessIdentity(pid, start.get(), file));
  }

  /** The node that serves with this configuration file, whoever started it. */
  static Optional<ProcessIdentity> serving(Path configuration) {
    String command = NodeLaunch.MAIN_CLASS + " serve --config " + configuration + " ";
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> commandLine(pid).contains(command))
        .flatMap(pid -> of(pid, configuration).stream())
        .findFirst();
  }

  /** Whether the pid still means this process. */
  public boolean isAlive() {
    return startTicks(pid).filter(ticks -> ticks == startTicks).isPresent()
        && commandLine(pid).contains(configuration);
  }

  private static Optional<Long> startTicks(long pid) {
    return statFields(pid).map(fields -> Long.parseLong(fields[FIELDS_BEFORE_START]));
  }

  /** The fields of /proc/PID/stat after the command; empty when there is no such process. */
  static Optional<String[]> statFields(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).strip().split(" "));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String commandLine(long pid) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
      return new String(bytes, StandardCharsets.UTF_8).replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }
}

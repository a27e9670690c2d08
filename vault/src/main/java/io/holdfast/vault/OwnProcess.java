package io.holdfast.vault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which process somebody is, so that one on the same machine can tell whether it still runs.
 *
 * @param machine the machine since it was switched on, the process's view of numbers, and its user,
 *     for some systems hide the processes of others: where all are equal, the same number means the
 *     same process
 * @param pid its number there
 * @param startedTicks when it began, in ticks since the machine was switched on, which no clock
 *     that is set changes; a number is given again
 */
record OwnProcess(String machine, long pid, long startedTicks) {
  private static final Path PROCESSES = Path.of("/proc");
  private static final Path BOOT = PROCESSES.resolve("sys/kernel/random/boot_id");
  private static final Path SELF = PROCESSES.resolve("self");
  private static final Path NUMBERS = SELF.resolve("ns/pid");

  /** The 22nd field of {@code stat}; the name before it may have blanks, and ends with this. */
  private static final String END_OF_NAME = ") ";

  private static final int STARTED_AFTER_NAME = 22 - 3;

  /** A process that has ended and that its parent has not asked after. */
  private static final String ZOMBIE = "Z";

  /** This one; null where the system does not tell machines apart. */
  static @Nullable OwnProcess here() {
    try {
      long pid = ProcessHandle.current().pid();
      return new OwnProcess(thisMachine(), pid, startOf(pid));
    } catch (IOException | RuntimeException notLinux) {
      return null;
    }
  }

  private static String thisMachine() throws IOException {
    return Files.readString(BOOT).strip()
        + " "
        + Files.readSymbolicLink(NUMBERS)
        + " "
        + Files.getAttribute(SELF, "unix:uid");
  }

  static long startOf(long pid) throws IOException {
    return Long.parseLong(stat(pid)[STARTED_AFTER_NAME]);
  }

  /** What the system says of a process, from its state on. */
  private static String[] stat(long pid) throws IOException {
    Path stat = PROCESSES.resolve(Long.toString(pid)).resolve("stat");
    String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
    return text.substring(text.lastIndexOf(END_OF_NAME) + END_OF_NAME.length()).split(" ", -1);
  }

  /** Whether it has surely ended; false for all of another machine. */
  boolean hasEnded() {
    try {
      if (!machine.equals(thisMachine())) {
        return false;
      }
      String[] stat = stat(pid);
      return stat[0].equals(ZOMBIE) || Long.parseLong(stat[STARTED_AFTER_NAME]) != startedTicks;
    } catch (NoSuchFileException gone) {
      return true;
    } catch (IOException | RuntimeException nobodyKnows) {
      return false;
    }
  }
}

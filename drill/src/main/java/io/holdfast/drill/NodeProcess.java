package io.holdfast.drill;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The process of one node: started here, or found again by its identity. Safe for use by many
 * threads. What the node prints goes to {@code node.out} in its directory.
 */
public final class NodeProcess {
  private static final int LINES_SHOWN = 15;

  private final NodeAddress address;
  private final Path directory;
  private volatile NodeLaunch launch;
  private @Nullable Process process; // the one started here; null when found or never started
  private @Nullable ProcessIdentity identity;
  private volatile boolean hung;

  NodeProcess(
      NodeAddress address, Path directory, NodeLaunch launch, @Nullable ProcessIdentity identity) {
    this.address = address;
    this.directory = directory;
    this.launch = launch;
    this.identity = identity;
  }

  public NodeAddress address() {
    return address;
  }

  public String name() {
    return address.node();
  }

  /** The node's data directory. */
  public Path directory() {
    return directory;
  }

  public Path configuration() {
    return directory.resolve("holdfast.yaml");
  }

  /** What the node printed, over all its starts. */
  public Path output() {
    return directory.resolve("node.out");
  }

  /** How the next start is done. */
  public void launch(NodeLaunch next) {
    this.launch = next;
  }

  public NodeLaunch launch() {
    return launch;
  }

  /** Starts the process and returns at once. */
  public synchronized void start() {
    if (isAlive()) {
      throw new HoldfastException(
          "node-runs-already", "node " + name() + " runs already as process " + pid(), "");
    }
    ProcessBuilder builder = new ProcessBuilder(launch.serve(configuration()));
    builder.directory(directory.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    try {
      Process started = builder.start();
      process = started;
      hung = false;
      identity = identify(started).orElse(null);
    } catch (IOException e) {
      throw new HoldfastException(
          "node-did-not-start",
          "node " + name() + " could not be started: " + e.getMessage(),
          "check " + launch.java(),
          e);
    }
  }

  private Optional<ProcessIdentity> identify(Process started) {
    // Until the new process has executed its command it still shows ours.
    Deadline soon = Deadline.in(Duration.ofSeconds(5));
    soon.holds(
        () -> !started.isAlive() || ProcessIdentity.of(started.pid(), configuration()).isPresent());
    return ProcessIdentity.of(started.pid(), configuration());
  }

  /** Waits until the node can answer; throws with the end of its output when it cannot. */
  public void waitReady(Duration within) {
    waitReady(Deadline.in(within), within);
  }

  /**
   * As {@link #waitReady(Duration)}.
   *
   * @param asked how long was allowed in all, for the message
   */
  void waitReady(Deadline deadline, Duration asked) {
    deadline.await(
        () -> {
          if (!isAlive()) {
            throw new HoldfastException(
                "node-did-not-start",
                "node " + name() + " stopped" + exitWords() + "\n" + lastLines(),
                "its output is in " + output());
          }
          return HealthProbe.ready(address);
        },
        () ->
            new HoldfastException(
                "node-not-ready",
                "node "
                    + name()
                    + " was not ready within "
                    + asked.toSeconds()
                    + " s\n"
                    + lastLines(),
                "its output is in " + output()));
  }

  /** Kills it at once, as a power cut would. */
  public void kill9() {
    signal("KILL");
    waitGone(Duration.ofSeconds(10));
  }

  /** Hangs it: it keeps its sockets and memory and does nothing. */
  public void hang() {
    signal("STOP");
    hung = true;
  }

  /** Lets a hung process go on. */
  public void resume() {
    signal("CONT");
    hung = false;
  }

  /** Asks it to stop in good order and waits until it has; kills it when it does not. */
  public void stop(Duration within) {
    if (!isAlive()) {
      return;
    }
    if (hung) {
      resume();
    }
    signal("TERM");
    if (!Deadline.in(within).holds(() -> !isAlive())) {
      kill9();
    }
  }

  /** Sends a signal by name, if the process still is the one that was started. */
  public synchronized void signal(String name) {
    ProcessIdentity known = identity;
    if (known == null || !known.isAlive()) {
      return;
    }
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(known.pid()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(5, TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot signal node " + name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until the process has ended; false when it has not by then. */
  public boolean waitGone(Duration within) {
    return Deadline.in(within).holds(() -> !isAlive());
  }

  public synchronized boolean isAlive() {
    Process started = process;
    if (started != null) {
      return started.isAlive();
    }
    ProcessIdentity known = identity;
    return known != null && known.isAlive();
  }

  public boolean isHung() {
    return hung;
  }

  /** The process' number; -1 when none was started. */
  public synchronized long pid() {
    ProcessIdentity known = identity;
    return known == null ? -1 : known.pid();
  }

  /** CPU time that it used so far, in milliseconds; -1 when it does not run. */
  public long cpuMillis() {
    return ProcessHandle.of(pid())
        .filter(handle -> isAlive())
        .flatMap(handle -> handle.info().totalCpuDuration())
        .map(Duration::toMillis)
        .orElse(-1L);
  }

  synchronized Optional<ProcessIdentity> identity() {
    return Optional.ofNullable(identity);
  }

  /** With what it ended; empty while it runs or when it was not started here. */
  public synchronized OptionalInt exitValue() {
    Process started = process;
    return started == null || started.isAlive()
        ? OptionalInt.empty()
        : OptionalInt.of(started.exitValue());
  }

  /** The end of what it printed. */
  public String lastLines() {
    try (Stream<String> lines = Files.lines(output())) {
      List<String> all = lines.toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - LINES_SHOWN), all.size()));
    } catch (IOException | UncheckedIOException e) {
      return "(nothing in " + output() + ")";
    }
  }

  private String exitWords() {
    OptionalInt value = exitValue();
    return value.isPresent() ? " with exit code " + value.getAsInt() : "";
  }
}

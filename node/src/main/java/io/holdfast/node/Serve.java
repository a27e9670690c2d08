package io.holdfast.node;

import io.holdfast.cluster.Seeding;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one node in the foreground of this process, from its configuration to its end: TERM, INT or
 * HUP stops it in good order; a second signal, or a stop that takes too long, halts it.
 */
public final class Serve {
  private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

  /** A log that nobody reads must not keep a node alive that has to halt. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /** One for whatever ends what runs: a signal, or that the node must start again. */
  private final Semaphore turn = new Semaphore(0);

  private final AtomicBoolean behind = new AtomicBoolean();
  private final AtomicInteger signals = new AtomicInteger();

  private Serve() {}

  /**
   * Runs a node until it is stopped; call it once per process.
   *
   * @param config {@code holdfast.yaml}
   * @param options settings that override the file, by key
   * @return the exit code; see {@link ExitCode}
   */
  public static int run(Path config, Map<String, String> options) {
    return new Serve().serve(config, options, System.out, System.err).number();
  }

  /** {@code --config FILE [--set KEY=VALUE]…}: for running a node without the command line. */
  public static void main(String[] arguments) {
    Map<String, String> options = new LinkedHashMap<>();
    Path config = Path.of("holdfast.yaml");
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      String value = arguments[i + 1];
      if (arguments[i].equals("--config")) {
        config = Path.of(value);
      } else {
        int at = value.indexOf('=');
        options.put(value.substring(0, Math.max(at, 0)), value.substring(at + 1));
      }
    }
    System.exit(run(config, options));
  }

  private ExitCode serve(Path file, Map<String, String> options, PrintStream out, PrintStream err) {
    NodeConfig config;
    try {
      config = NodeConfig.read(file, options, System.getenv());
      Logs.configure(config.log(), nodeId(config));
    } catch (HoldfastException e) {
      err.println("holdfast: " + line(e));
      return ExitCode.of(e);
    }
    for (String signal : new String[] {"TERM", "INT", "HUP"}) {
      Signals.on(signal, this::signalled);
    }
    while (true) {
      ExitCode ended = serveOnce(config, out);
      if (ended != null) {
        return ended;
      }
      LOG.info("starting again, to fetch what this node lacks");
    }
  }

  /** From a start to a stop; null when the node is to start again. */
  private @Nullable ExitCode serveOnce(NodeConfig config, PrintStream out) {
    Node node;
    try {
      LOG.info("Holdfast {} starts on {}", Version.text(), config.directory());
      if (!seeded(config)) {
        return ExitCode.STOPPED;
      }
      node = Node.start(config, new SystemClock(), this::fatal);
    } catch (HoldfastException e) {
      LOG.error("not started: {}", line(e));
      LOG.debug("where it happened", e);
      return ExitCode.of(e);
    } catch (RuntimeException | Error e) {
      LOG.error("not started", e);
      return ExitCode.UNEXPECTED;
    }
    out.println(node.readyLine());
    out.flush();
    try {
      turn.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ExitCode ended = stop(node, config.stopTimeout());
    boolean again = behind.getAndSet(false) && signals.get() == 0;
    return again && ended == ExitCode.STOPPED ? null : ended;
  }

  /** Brings the directory near to what the peers have, where that is due; false when stopped. */
  private boolean seeded(NodeConfig config) {
    if (!NodeSeeding.isDue(config)) {
      return true;
    }
    try (NodeSeeding seeding = NodeSeeding.start(config, new SystemClock())) {
      Thread.ofPlatform()
          .daemon()
          .name("stop-seeding")
          .start(
              () -> {
                turn.acquireUninterruptibly();
                turn.release();
                seeding.stop();
              });
      boolean done = seeding.run();
      if (done) {
        LOG.info("seeded");
      }
      return done;
    }
  }

  /** A node that lacks data or has wrong ones starts again, to fetch them; any other halts. */
  private void fatal(HoldfastException cause) {
    if (NodeSeeding.cures(cause)) {
      LOG.warn("{}", line(cause));
      behind.set(true);
      turn.release();
    } else {
      halt(cause);
    }
  }

  private static ExitCode stop(Node node, Duration patience) {
    long began = System.nanoTime();
    LOG.info("stopping");
    Thread watchdog =
        Thread.ofPlatform().daemon().name("stop-watchdog").unstarted(() -> cutShort(patience));
    watchdog.start();
    try {
      node.close();
    } catch (RuntimeException e) {
      LOG.error("the stop failed", e);
      return ExitCode.UNEXPECTED;
    }
    LOG.info("stopped in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    watchdog.interrupt();
    return ExitCode.STOPPED;
  }

  private static void cutShort(Duration patience) {
    try {
      Thread.sleep(patience);
      sayThenHalt(
          "the stop took longer than " + patience.toMillis() + " ms; halting",
          ExitCode.STOP_CUT_SHORT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // stopped in time
    }
  }

  private void signalled() {
    if (signals.incrementAndGet() == 1) {
      turn.release();
    } else {
      sayThenHalt("asked to stop twice; halting", ExitCode.STOP_CUT_SHORT);
    }
  }

  private static void halt(HoldfastException cause) {
    sayThenHalt("the node stopped itself: " + line(cause), ExitCode.ofHalt(cause));
  }

  private static void sayThenHalt(String words, ExitCode code) {
    Thread speaker = Thread.ofPlatform().daemon().start(() -> LOG.error("{}", words));
    try {
      speaker.join(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Runtime.getRuntime().halt(code.number());
    }
  }

  /** The node's name, or a dash where it is not known; why, its start will say. */
  private static String nodeId(NodeConfig config) {
    try {
      return Seeding.identity(config.directory()).nodeId();
    } catch (HoldfastException e) {
      return "-";
    }
  }

  /** A coded error in one line. */
  private static String line(HoldfastException e) {
    String hint = e.hint().isEmpty() ? "" : " Hint: " + e.hint() + ".";
    return e.code() + ": " + e.message() + "." + hint;
  }
}

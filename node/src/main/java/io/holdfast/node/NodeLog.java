package io.holdfast.node;

import io.holdfast.cluster.Genesis;
import io.holdfast.cluster.Site;
import io.holdfast.journal.Act;
import io.holdfast.journal.ActKind;
import io.holdfast.journal.SiteLog;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a node tells the site's log of its own life: start, stop, halt. */
final class NodeLog implements AutoCloseable {
  private static final String ACTOR = "node";

  /** A node that halts because of its disk must not wait for that disk. */
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

  private final SiteLog log;
  private final long opened = System.nanoTime();
  private volatile boolean running;

  private NodeLog(SiteLog log) {
    this.log = log;
  }

  static NodeLog open(Genesis genesis, Path directory, Clock clock) {
    SecureRandom random = new SecureRandom();
    return new NodeLog(
        SiteLog.open(
            new SiteLog.Setup(
                SystemDisk.INSTANCE,
                directory.resolve(SiteLog.DIRECTORY),
                genesis.dataKey(directory.resolve("keys")),
                genesis.ledgerId(),
                genesis.nodeId(),
                () -> new UInt128(random.nextLong(), random.nextLong()),
                clock)));
  }

  SiteLog acts() {
    return log;
  }

  /** The node serves. */
  void started(Site site) {
    running = true;
    List<String> fields = new ArrayList<>(List.of("version", Version.text()));
    fields.addAll(List.of("java", Runtime.version().toString()));
    fields.addAll(List.of("took_ms", millisSince(opened), "before", before()));
    fields.addAll(site.started());
    int most = Math.min(fields.size(), 2 * Act.FIELDS_MAX);
    log.add(ActKind.NODE_STARTED, ACTOR, fields.subList(0, most).toArray(String[]::new));
  }

  /** How the node ended the last time, as far as its log tells. */
  private String before() {
    Act last = log.before();
    if (last == null) {
      return "nothing is known";
    }
    return last.kind().equals(ActKind.NODE_STOPPED.label())
            || last.kind().equals(ActKind.NODE_HALTED.label())
        ? last.kind()
        : "it ended without a word";
  }

  /** It must not go on, or could not start; returns soon, whatever the disk does. */
  void halted(HoldfastException cause) {
    log.addDurably(
        ActKind.NODE_HALTED,
        LAST_WORDS,
        ACTOR,
        "code",
        cause.code(),
        "message",
        cause.message(),
        "while",
        running ? "running" : "starting");
  }

  /** All is synced; the last act of this boot. */
  void stopped(long beganNanos) {
    log.addDurably(ActKind.NODE_STOPPED, STOP_PATIENCE, ACTOR, "took_ms", millisSince(beganNanos));
  }

  private static String millisSince(long nanos) {
    return Long.toString(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos));
  }

  @Override
  public void close() {
    log.close();
  }
}

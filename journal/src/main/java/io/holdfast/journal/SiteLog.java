package io.holdfast.journal;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The node's share in the site's own log, beside the ledger's journal: what operators did, what
 * went wrong and when it was over, how the node started and ended. It is encrypted and hash-chained
 * and never enters the journal. Safe for use by many threads.
 *
 * <p>Acts wait in a bounded queue for a thread that writes and syncs one after the other. While the
 * disk refuses, that thread tries again each second; the node goes on, since no money depends on
 * it, and {@link #problem} says so.
 */
public final class SiteLog implements Acts, AutoCloseable {
  /** The directory of the log within a node's directory. */
  public static final String DIRECTORY = "site-log";

  /** Acts are rare: so many wait only while the disk refuses. */
  private static final int WAITING_MAX = 1_024;

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long POLL_MILLIS = 50;

  private final ActWriter writer;
  private final SiteLogReader reader;
  private final Clock clock;
  private final @Nullable Act before;
  private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(WAITING_MAX);
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;
  private volatile Head head;
  private volatile @Nullable HoldfastException failing;
  private volatile boolean closing;

  /** An act that is not on disk yet. */
  private record Waiting(
      long timeNanos,
      String kind,
      String actor,
      String[] fields,
      CompletableFuture<Boolean> durable) {}

  /**
   * Where the log ends.
   *
   * @param logId in hex
   * @param number of the last act
   * @param chain after it, in hex: noted elsewhere, it proves that nothing was cut off since
   */
  public record Head(String logId, long number, String chain) {}

  /**
   * What a log needs to know.
   *
   * @param directory of its files; made if it does not exist
   * @param node whose log it is
   * @param newLogId names a log that begins; random
   */
  public record Setup(
      Disk disk,
      Path directory,
      DataKey dataKey,
      UInt128 ledgerId,
      String node,
      Supplier<UInt128> newLogId,
      Clock clock) {}

  private SiteLog(Setup setup, ActWriter.Opened opened) {
    this.writer = opened.writer();
    this.reader = new SiteLogReader(setup.disk(), setup.directory(), setup.dataKey());
    this.clock = setup.clock();
    this.before = opened.last();
    this.head = headNow();
    this.thread = Thread.ofPlatform().name("holdfast-site-log").daemon().unstarted(this::write);
  }

  /**
   * Opens the log. What a crash left unfinished is cut off; a damaged log stays as it is, and a new
   * one begins beside it. Either is the first act to be recorded.
   *
   * @throws HoldfastException codes {@code wrong-data-key}, {@code disk-full}, {@code disk-failed}
   */
  public static SiteLog open(Setup setup) {
    try {
      ActWriter.Opened opened =
          ActWriter.open(
              new ActWriter.Setup(
                  setup.disk(),
                  setup.directory(),
                  setup.dataKey(),
                  setup.ledgerId(),
                  setup.node(),
                  setup.newLogId()),
              ActWriter.FILE_BYTES);
      SiteLog log = new SiteLog(setup, opened);
      log.tell(opened);
      log.thread.start();
      return log;
    } catch (IOException e) {
      throw DiskFaults.coded(e, setup.directory());
    }
  }

  private void tell(ActWriter.Opened opened) {
    ActScan damaged = opened.damaged();
    if (damaged != null && damaged.broken() != null) {
      ActScan.Broken broken = damaged.broken();
      add(
          ActKind.DAMAGE_FOUND,
          "site-log",
          "file",
          damaged.file().toString(),
          "byte",
          Long.toString(broken.offset()),
          "what",
          broken.what(),
          "last_whole_act",
          Long.toString(damaged.last()),
          "chain",
          Chain.hex(damaged.chain()));
    }
    if (opened.cutBytes() > 0) {
      add(ActKind.LOG_CUT, "site-log", "bytes", Long.toString(opened.cutBytes()));
    }
  }

  @Override
  public void add(ActKind kind, String actor, String... fields) {
    put(kind, actor, fields);
  }

  /**
   * Records an act and waits until it is on disk, at most for so long.
   *
   * @return whether it is
   */
  public boolean addDurably(ActKind kind, Duration patience, String actor, String... fields) {
    try {
      return put(kind, actor, fields).get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private CompletableFuture<Boolean> put(ActKind kind, String actor, String... fields) {
    Act.check(fields);
    Waiting act =
        new Waiting(
            clock.wallNanos(), kind.label(), actor, fields.clone(), new CompletableFuture<>());
    if (closing || !queue.offer(act)) {
      dropped.incrementAndGet();
      act.durable().complete(false);
    }
    return act.durable();
  }

  private void write() {
    try (ActWriter open = writer) {
      while (!closing || !queue.isEmpty()) {
        Waiting act = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (act != null) {
          act.durable().complete(written(open, act));
          tellDropped(open);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      failing = DiskFaults.coded(e, writer.directory());
    }
  }

  /** Tries until it is on disk, or the node stops. */
  private boolean written(ActWriter open, Waiting act) throws InterruptedException {
    while (true) {
      try {
        open.append(act.timeNanos(), act.kind(), act.actor(), act.fields());
        head = headNow();
        failing = null;
        return true;
      } catch (IOException e) {
        failing = DiskFaults.coded(e, open.directory());
        if (closing) {
          return false;
        }
        TimeUnit.NANOSECONDS.sleep(RETRY_NANOS);
      }
    }
  }

  private void tellDropped(ActWriter open) throws InterruptedException {
    long lost = dropped.getAndSet(0);
    if (lost > 0) {
      String[] fields = {"count", Long.toString(lost)};
      Waiting act =
          new Waiting(
              clock.wallNanos(),
              ActKind.ACTS_DROPPED.label(),
              "site-log",
              fields,
              new CompletableFuture<>());
      act.durable().complete(written(open, act));
    }
  }

  private Head headNow() {
    return new Head(writer.logId().toHex(), writer.number(), Chain.hex(writer.chain()));
  }

  /** The act that the log ended with when it was opened; null if there was none. */
  public @Nullable Act before() {
    return before;
  }

  public Head head() {
    return head;
  }

  @Override
  public @Nullable String problem() {
    HoldfastException reason = failing;
    return reason == null ? null : "site-log-failed: " + reason.message();
  }

  /** The last acts on disk that fit, the oldest first. */
  public List<Act> acts(SiteLogReader.Filter filter) {
    return reader.acts(filter);
  }

  /** Writes what waits, tries each act once, and ends. */
  @Override
  public void close() {
    closing = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

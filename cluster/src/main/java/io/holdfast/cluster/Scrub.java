package io.holdfast.cluster;

import io.holdfast.journal.DamagedFileException;
import io.holdfast.journal.FileCheck;
import io.holdfast.journal.Pace;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all that this node has on disk again and again, at a limited rate, and mends from the other
 * nodes what is not what was written. A file that someone else found damaged is mended at once,
 * between two files of a pass. One thread works; the others ask.
 */
final class Scrub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);

  /** How soon a file that a reader found damaged is looked at. */
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A node that is often restarted is scrubbed too, but not while it catches up. */
  private static final long FIRST_MILLIS_MAX = TimeUnit.MINUTES.toMillis(10);

  private final Path directory;
  private final Path log;
  private final Replica replica;
  private final FileCheck check;
  private final Mender mender;
  private final Clock clock;
  private final SiteConfig.Upkeep upkeep;
  private final ScrubFindings findings = new ScrubFindings();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong bytesEver = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread =
      Thread.ofPlatform().name("holdfast-scrub").daemon().unstarted(this::work);
  private long asked; // passes that were asked for, by the number of the one that will do
  private long begun; // passes
  private volatile long ended; // passes
  private volatile boolean running;
  private volatile boolean stopped;
  private volatile long totalBytes;
  private volatile @Nullable ScrubPass pass;
  private volatile long lastEndedMillis;
  private volatile long lastTookMillis;

  /**
   * @param log the directory of the log of consensus
   */
  Scrub(
      Path directory,
      Path log,
      Replica replica,
      FileCheck check,
      MenderFactory menders,
      Clock clock,
      SiteConfig.Upkeep upkeep) {
    this.directory = directory;
    this.log = log;
    this.replica = replica;
    this.check = check;
    this.mender = menders.mender(() -> stopped);
    this.clock = clock;
    this.upkeep = upkeep;
  }

  /** Makes a mender that ends early when asked to. */
  interface MenderFactory {
    Mender mender(java.util.function.BooleanSupplier stopped);
  }

  void start() {
    thread.start();
  }

  /**
   * Asks for a pass over all that is on disk now.
   *
   * @return its number: it is done when so many passes have ended
   */
  long ask() {
    lock.lock();
    try {
      asked = Math.max(asked, begun + 1);
      changed.signalAll();
      return asked;
    } finally {
      lock.unlock();
    }
  }

  ScrubStatus status() {
    ScrubPass current = pass;
    return new ScrubStatus(
        running,
        ended,
        bytes.get(),
        Math.max(totalBytes, bytes.get()),
        current == null ? 0 : current.files(),
        bytesEver.get(),
        lastEndedMillis,
        lastTookMillis,
        findings.found(),
        findings.mended(),
        findings.newest(),
        findings.unmended());
  }

  /** What is damaged now. */
  List<String> incidents() {
    return ScrubPass.incidents(findings);
  }

  private void work() {
    long first = Math.min(upkeep.scrubIntervalMillis(), FIRST_MILLIS_MAX);
    long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(first);
    while (!stopped) {
      try {
        ScrubPass next = newPass();
        mendSuspects(next);
        if (isAsked() || System.nanoTime() - due >= 0) {
          run(next);
          due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(upkeep.scrubIntervalMillis());
        }
      } catch (HoldfastException e) {
        LOG.warn("scrubbing was broken off, it is tried again: {}", e.message());
        due = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      } catch (RuntimeException e) {
        LOG.error("scrubbing was broken off, it is tried again", e);
        due = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      }
      await();
    }
  }

  private ScrubPass newPass() {
    Pace pace = new Pace(upkeep.scrubBytesPerSecond());
    return new ScrubPass(
        directory,
        log,
        replica,
        check,
        mender,
        findings,
        read -> {
          bytes.addAndGet(read);
          bytesEver.addAndGet(read);
          if (!stopped) {
            pace.accept(read);
          }
        },
        () -> {
          mendSuspects(suspectsPass());
          return stopped;
        });
  }

  /** For a file that is needed now: at once, and at full speed. */
  private ScrubPass suspectsPass() {
    return new ScrubPass(
        directory, log, replica, check, mender, findings, bytesEver::addAndGet, () -> stopped);
  }

  private void mendSuspects(ScrubPass with) {
    for (DamagedFileException suspect = replica.suspect();
        suspect != null && !stopped;
        suspect = replica.suspect()) {
      with.look(suspect.kind(), suspect.name());
    }
  }

  private void run(ScrubPass next) {
    long began = System.nanoTime();
    lock.lock();
    try {
      begun++;
    } finally {
      lock.unlock();
    }
    bytes.set(0);
    totalBytes = next.totalBytes();
    pass = next;
    running = true;
    try {
      next.run();
    } finally {
      running = false;
      lastTookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      lastEndedMillis = TimeUnit.NANOSECONDS.toMillis(clock.wallNanos());
      ended = begun;
    }
    LOG.info(
        "scrubbed {} files, {} bytes, in {} ms; {} are damaged",
        next.files(),
        bytes.get(),
        lastTookMillis,
        findings.unmended().size());
  }

  private boolean isAsked() {
    lock.lock();
    try {
      return asked > begun;
    } finally {
      lock.unlock();
    }
  }

  private void await() {
    lock.lock();
    try {
      long left = POLL_NANOS;
      while (!stopped && asked <= begun && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      stopped = true;
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Ends what runs, after the file at hand. */
  @Override
  public void close() {
    stopped = true;
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
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

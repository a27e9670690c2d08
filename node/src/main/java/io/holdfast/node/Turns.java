package io.holdfast.node;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that does one turn of work after the other until it is closed. */
final class Turns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  /** What a turn that failed in a way that nobody foresaw waits before the next one. */
  private static final Duration AFTER_FAULT = Duration.ofSeconds(10);

  /** Who is in the middle of something long is left alone: it ends with the process. */
  private static final Duration CLOSE_PATIENCE = Duration.ofMillis(500);

  private final Supplier<Duration> work;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param work one turn; returns how long to wait before the next
   */
  Turns(String name, Supplier<Duration> work) {
    this.work = work;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      Duration wait;
      try {
        wait = work.get();
      } catch (RuntimeException | Error e) {
        LOG.error("{} failed; it goes on in {} s", thread.getName(), AFTER_FAULT.toSeconds(), e);
        wait = AFTER_FAULT;
      }
      long until = System.nanoTime() + wait.toNanos();
      while (!closed && until - System.nanoTime() > 0) {
        LockSupport.parkNanos(until - System.nanoTime());
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(CLOSE_PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

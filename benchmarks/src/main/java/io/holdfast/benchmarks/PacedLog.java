package io.holdfast.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands in for the log of consensus: at a fixed pace batches fall due, are written to a file of
 * their own, all that wait with one sync, and are given out. The pace does not slow down when
 * something takes long. One thread takes.
 */
final class PacedLog implements AutoCloseable {
  private static final long FILE_BYTES_MAX = 64L << 20;
  private static final int WRITTEN_AT_ONCE_MAX = 64;

  private final Path file;
  private final long everyNanos;
  private final long count;
  private final ByteBuffer batch;
  private final BlockingQueue<Long> due = new LinkedBlockingQueue<>();
  private final Thread thread = Thread.ofPlatform().name("paced-log").daemon().unstarted(this::log);

  /**
   * @param count batches there will be
   * @param batchBytes of each
   */
  PacedLog(Path file, long everyNanos, long count, int batchBytes) {
    this.file = file;
    this.everyNanos = everyNanos;
    this.count = count;
    this.batch = ByteBuffer.allocateDirect(batchBytes);
  }

  PacedLog start() {
    thread.start();
    return this;
  }

  /** Waits for the next batch that is on disk; returns when it fell due, by the system's clock. */
  long take() throws InterruptedException {
    return due.take();
  }

  private void log() {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long from = System.nanoTime();
      long done = 0;
      long at = 0;
      while (done < count) {
        long next = from + done * everyNanos;
        for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        long waiting = Math.min(count, (System.nanoTime() - from) / everyNanos + 1) - done;
        long taken = Math.min(waiting, WRITTEN_AT_ONCE_MAX);
        for (long i = 0; i < taken; i++) {
          out.write(batch.clear(), at);
          at += batch.capacity();
        }
        out.force(false);
        for (long i = 0; i < taken; i++) {
          due.add(from + (done + i) * everyNanos);
        }
        done += taken;
        if (at > FILE_BYTES_MAX) {
          out.truncate(0);
          at = 0;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

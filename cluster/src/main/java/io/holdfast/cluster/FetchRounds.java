package io.holdfast.cluster;

import io.holdfast.journal.JournalReach;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches in rounds, each of what is lacking still, until that is near enough; waits for sources as
 * long as it takes. {@link #run} is for one thread; {@link #stop} ends it from any.
 */
final class FetchRounds {
  private static final Logger LOG = LoggerFactory.getLogger(FetchRounds.class);

  /** Until the sources have computed a few digests more, or can be reached again. */
  private static final long AGAIN_MILLIS = 500;

  private final Fetch fetch;
  private final NearEnough near;
  private final LongSupplier nanoTime;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicInteger round = new AtomicInteger(1);

  /**
   * @param nanoTime in place of {@link System#nanoTime}
   */
  FetchRounds(Fetch fetch, NearEnough near, LongSupplier nanoTime) {
    this.fetch = fetch;
    this.near = near;
    this.nanoTime = nanoTime;
  }

  /** The round that goes on, from 1. */
  int round() {
    return round.get();
  }

  /** Blocks until it is near enough; false when it was stopped before. */
  boolean run(List<? extends FileSource> sources) {
    long began = nanoTime.getAsLong();
    String complained = "";
    while (true) {
      long roundBegan = nanoTime.getAsLong();
      Fetch.Round result = fetch.round(sources);
      long now = nanoTime.getAsLong();
      long took = now - roundBegan;
      JournalReach reach = fetch.reach();
      if (result.files() > 0) {
        LOG.info(
            "round {}: fetched {} files, {} bytes, in {} ms; {} are lacking still; whole up to op"
                + " {}",
            round.get(),
            result.files(),
            result.bytes(),
            took / 1_000_000,
            result.unfinished(),
            reach.lastOp());
      }
      String complaint = String.join("; ", result.complaints());
      if (!complaint.equals(complained)) {
        LOG.warn("while fetching: {}", complaint);
        complained = complaint;
      }
      if (stop.getCount() == 0) {
        return false;
      }
      int rounds = round.getAndIncrement();
      if (near.after(result, reach, took, now)) {
        fetch.finish(reach);
        LOG.info(
            "has what is needed of the others, up to op {} of {}, after {} rounds, {} ms",
            reach.lastOp(),
            result.durableOp(),
            rounds,
            (nanoTime.getAsLong() - began) / 1_000_000);
        return true;
      }
      boolean mayBringMore = result.files() > 0 && result.unfinished() == 0;
      if (!mayBringMore && stopped()) {
        return false;
      }
    }
  }

  private boolean stopped() {
    try {
      return stop.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  void stop() {
    stop.countDown();
    fetch.stop();
  }
}

package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does by the clock: fails what is past its deadline, says hello to the others, moves
 * the durable pointer on, steps aside when its own clock is off, and notices when consensus has
 * ended.
 */
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final long CUT_LOG_MILLIS = 10_000;
  private static final long LEADERLESS_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Answers answers;
  private final LocalSubmission local;
  private final Leadership leadership;
  private final Peers peers;
  private final SiteClock clock;
  private final HandOver handOver;
  private final Replica replica;
  private final DetailsKeyring detailsKeys;
  private final Consensus consensus;
  private final Fatal fatal;
  private final LogPages logPages;
  private final Formation formation;
  private final ProgressWriter progress;
  private final Runnable ended;
  private final ScheduledExecutorService executor;

  Housekeeping(
      Answers answers,
      LocalSubmission local,
      Leadership leadership,
      Peers peers,
      SiteClock clock,
      HandOver handOver,
      Replica replica,
      DetailsKeyring detailsKeys,
      Consensus consensus,
      Fatal fatal,
      LogPages logPages,
      Formation formation,
      ProgressWriter progress,
      Runnable ended) {
    this.answers = answers;
    this.local = local;
    this.leadership = leadership;
    this.peers = peers;
    this.clock = clock;
    this.handOver = handOver;
    this.replica = replica;
    this.detailsKeys = detailsKeys;
    this.consensus = consensus;
    this.fatal = fatal;
    this.logPages = logPages;
    this.formation = formation;
    this.progress = progress;
    this.ended = ended;
    this.executor =
        new ScheduledThreadPoolExecutor(
            3, Thread.ofPlatform().name("holdfast-housekeeping-", 0).daemon().factory());
  }

  void start() {
    every(100, this::sweep);
    every(250, this::greet);
    every(250, logPages::letGo);
    every(1_000, progress::write);
    every(1_000, this::cutLog);
    every(500, detailsKeys::settle);
    every(1_000, this::stepAside);
  }

  /** Does this once a second, too. */
  void watch(Runnable task) {
    every(1_000, task);
  }

  private void every(long millis, Runnable task) {
    executor.scheduleWithFixedDelay(
        () -> fatal.guard("housekeeping", task), 0, millis, TimeUnit.MILLISECONDS);
  }

  private void greet() {
    peers.round();
    formation.takesPart();
  }

  private void sweep() {
    answers.expire(System.nanoTime(), leadership.leaderlessNanos() > LEADERLESS_NANOS);
    local.retry();
    if (!leadership.alive()) {
      ended.run();
    }
  }

  private void cutLog() {
    if (replica.advanceCovered()) {
      consensus
          .cutLog(CUT_LOG_MILLIS)
          .whenComplete(
              (reply, failure) -> {
                if (failure != null || !reply.isSuccess()) {
                  LOG.warn(
                      "the log was not cut, the next time will do: {}",
                      failure == null ? reply.getException() : failure);
                }
              });
    }
  }

  private void stepAside() {
    if (leadership.leadsReady() && Math.abs(clock.offsetNanos()) > SiteClock.TOLERANCE_NANOS) {
      LOG.warn(
          "this node's clock is {} s off the median of the members: it hands leadership over",
          clock.offsetNanos() / 1_000_000_000);
      try {
        handOver.run(null, Duration.ofSeconds(2));
      } catch (HoldfastException e) {
        LOG.warn("{}", e.message());
      }
    }
  }

  /** Lets what runs come to its end: an interrupt would fail a write and look like a bad disk. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(4, TimeUnit.SECONDS)) {
        LOG.warn("housekeeping did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.holdfast.cluster;

import io.holdfast.kernel.Clock;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A node's part in its site: requests in, results that are on disk on a majority out. */
@SuppressWarnings("DoNotCallSuggester")
public final class Site implements AutoCloseable {
  private Site() {}

  /**
   * Starts this node's part: scans what is stored, replays it, and joins its peers.
   *
   * @param fatal called once, from any thread, when the node must not go on; expected to halt
   */
  public static Site start(
      SiteConfig config, Clock clock, Consumer<io.holdfast.kernel.HoldfastException> fatal) {
    throw new IllegalStateException("under construction");
  }

  /** Submits a request through whichever node leads; see the codes of the client's seam. */
  public CompletableFuture<Reply> submit(Request request, Duration deadline) {
    throw new IllegalStateException("under construction");
  }

  /** What was read, at which op, and how far behind that may be. */
  public record Read<T>(T value, long op, long lagOps, long lagMillis) {}

  /** Reads this node's state; linearizable: after all that was acknowledged before the call. */
  public <T> CompletableFuture<Read<T>> read(
      boolean linearizable, Duration deadline, Function<Queries, T> query) {
    throw new IllegalStateException("under construction");
  }

  public SiteView view() {
    throw new IllegalStateException("under construction");
  }

  /** Waits until {@code op} is applied here, then scans the whole state. */
  public CompletableFuture<StateDigest> digest(long op, Duration deadline) {
    throw new IllegalStateException("under construction");
  }

  /**
   * Planned leader change: queued requests wait, those in flight are answered, then the other
   * leads.
   *
   * @param to the node that shall lead; null to let the site choose
   * @return the new leader
   */
  public CompletableFuture<String> handOver(@Nullable String to, Duration deadline) {
    throw new IllegalStateException("under construction");
  }

  /** Hands leadership over if this node has it, answers what is in flight, syncs and stops. */
  @Override
  public void close() {}
}

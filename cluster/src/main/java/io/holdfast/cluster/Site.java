package io.holdfast.cluster;

import io.holdfast.journal.Acts;
import io.holdfast.journal.Checkpoint;
import io.holdfast.journal.Checkpoints;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.IndexStats;
import io.holdfast.journal.JournalStats;
import io.holdfast.journal.StoredFiles;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.DetailsKeyName;
import io.holdfast.ledger.DetailsPeriod;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A node's part in its site: requests in, results that are on disk on a majority out. Safe for use
 * by many threads; nothing blocks but {@link #start} and {@link #close}.
 */
public final class Site implements AutoCloseable {
  private static final long LEADER_CHANGE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long ASK_AGAIN_MILLIS = 25;

  private final Lifecycle lifecycle;
  private final Assembly parts;
  private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
  private final Executor later =
      CompletableFuture.delayedExecutor(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS, readers);

  private volatile Supplier<List<String>> otherIncidents = List::of;

  private Site(Lifecycle lifecycle) {
    this.lifecycle = lifecycle;
    this.parts = lifecycle.parts();
    parts.recordIncidents(() -> view().incidents());
  }

  /**
   * Starts this node's part: scans what is stored, joins its peers and replays.
   *
   * @param fatal called once, from any thread, when the node must not go on; expected to halt
   * @throws HoldfastException when the directory, its keys or its log are not fit to start with
   */
  public static Site start(SiteConfig config, Clock clock, Consumer<HoldfastException> fatal) {
    return start(config, clock, Acts.NONE, fatal);
  }

  /**
   * As {@link #start(SiteConfig, Clock, Consumer)}, telling what happens here to the site's log:
   * leadership, incidents, renewed certificates.
   */
  public static Site start(
      SiteConfig config, Clock clock, Acts acts, Consumer<HoldfastException> fatal) {
    return start(config, clock, acts, UnaryOperator.identity(), fatal);
  }

  /** As {@link #start}, for a test that lets what a node applies differ. */
  static Site start(
      SiteConfig config,
      Clock clock,
      Acts acts,
      UnaryOperator<Payloads> payloads,
      Consumer<HoldfastException> fatal) {
    return new Site(Lifecycle.start(config, clock, acts, payloads, new Fatal(fatal)));
  }

  /** How the start went, as names and values in turns: this boot, where it is, times by phase. */
  public List<String> started() {
    return lifecycle.started();
  }

  /**
   * Submits a request through whichever node leads. Fails with {@code overloaded}, {@code
   * no-leader} (both: not taken) or {@code outcome-unknown}.
   */
  public CompletableFuture<Reply> submit(Request request, Duration deadline) {
    return parts.submission().submit(request, deadline);
  }

  /**
   * What was read.
   *
   * @param op the op that the state read was at
   * @param lagOps how many ops it may be behind
   * @param lagMillis for how long this node has not heard of the leader
   */
  public record Read<T>(T value, long op, long lagOps, long lagMillis) {}

  /**
   * Reads this node's state; linearizable: after all that was acknowledged before the call. Fails
   * with {@code unavailable} when no leader with a majority confirms that in time.
   */
  public <T> CompletableFuture<Read<T>> read(
      boolean linearizable, Duration deadline, Function<Queries, T> query) {
    if (!linearizable) {
      return CompletableFuture.supplyAsync(
          () -> lagging(parts.replica().reads().read(query)), readers);
    }
    return passed(System.nanoTime() + Math.min(deadline.toNanos(), LEADER_CHANGE_NANOS))
        .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .handleAsync(
            (passed, failure) -> {
              if (failure != null) {
                throw Refusals.readUnavailable(
                    parts.leadership().leader() == null ? "nobody leads" : "it did not answer");
              }
              return parts.replica().reads().read(query);
            },
            readers);
  }

  /** Asks again until then: while leaders change, nobody leads for a moment. */
  private CompletableFuture<?> passed(long untilNanos) {
    return parts
        .barrier()
        .pass()
        .handle(
            (passed, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedFuture(true);
              }
              return System.nanoTime() > untilNanos
                  ? CompletableFuture.<Boolean>failedFuture(failure)
                  : CompletableFuture.supplyAsync(() -> passed(untilNanos), later)
                      .thenCompose(again -> again.thenApply(done -> true));
            })
        .thenCompose(next -> next);
  }

  /** The time that the site has reached, as this node knows: by the clock, or by a batch. */
  public long timeNanos() {
    return Math.max(parts.siteClock().now(), parts.replica().reads().lastTimestamp());
  }

  private <T> Read<T> lagging(Read<T> read) {
    LastHeard.Lag lag = parts.peers().heard().lag(read.op());
    return new Read<>(read.value(), read.op(), lag.ops(), lag.millis());
  }

  public SiteView view() {
    Genesis genesis = parts.home().genesis();
    Position position = parts.replica().position();
    Leadership leadership = parts.leadership();
    String leader = leadership.leader();
    boolean leads = leadership.leads();
    List<String> incidents = new ArrayList<>(parts.peers().incidents());
    incidents.addAll(parts.scrub().incidents());
    if (leader == null) {
      incidents.add("no-leader: nobody leads the site as this node knows it");
    }
    String unlogged = parts.acts().problem();
    if (unlogged != null) {
      incidents.add(unlogged);
    }
    incidents.addAll(otherIncidents.get());
    return new SiteView(
        genesis.ledgerId().toHex(),
        genesis.site(),
        genesis.nodeId(),
        parts.self().role(),
        leader,
        leader != null && (!leads || leadership.leadsReady()),
        leadership.term(),
        position.op(),
        position.transfers(),
        position.accounts(),
        parts.peers().heard().view(),
        incidents);
  }

  /** The keys that details are sealed under, in the order of their first use, as this node is. */
  public List<DetailsKeyView> detailsKeys() {
    Set<DetailsKeyName> held = parts.home().detailsKeys().names();
    return parts.replica().reads().detailsKeys().stream()
        .map(state -> new DetailsKeyView(state, held.contains(state.name())))
        .toList();
  }

  /**
   * Erases, on all nodes and for good, the details of all transfers that came in a period up to
   * now. Fails with {@code unknown-period}, or as {@link #submit}; once more changes nothing.
   */
  public CompletableFuture<ErasedDetails> eraseDetails(DetailsPeriod period, Duration deadline) {
    return CompletableFuture.supplyAsync(
        () -> parts.detailsErasure().run(period, deadline), readers);
  }

  /** How far this node's index of its journal is. */
  public IndexStats index() {
    return parts.replica().index();
  }

  /** Where this node's checkpoints stand, and how often they were compared with the others'. */
  public CheckpointStatus checkpoints() {
    Checkpoints checkpoints = parts.replica().checkpoints();
    Checkpoint newest = checkpoints.newest();
    Roots.Counts compared = parts.peers().roots().counts();
    return new CheckpointStatus(
        newest == null ? 0 : newest.op(),
        checkpoints.writtenMillis(),
        compared.agreed(),
        compared.differing());
  }

  /** Shows from now on what is wrong beside the site itself, in words that begin with a code. */
  public void alsoShow(Supplier<List<String>> incidents) {
    otherIncidents = incidents;
  }

  /** Tells the other nodes from now on what this one leaves to them to do, by names in ASCII. */
  public void declines(Supplier<List<String>> names) {
    parts.self().declines(names);
  }

  /**
   * The files of this node's journal, for a backup.
   *
   * @throws HoldfastException code {@code unavailable}: they are not worth having, or not any more
   */
  public StoredFiles files() {
    return parts.replica().reads().filesForOthers();
  }

  /** The key that they are sealed under. */
  public DataKey dataKey() {
    return parts.home().dataKey();
  }

  /** Where this node's journal stands. */
  public JournalStats journal() {
    return parts.replica().journal();
  }

  /** Asks this node to read all that it has on disk; gives the number of the pass that will. */
  public long scrubNow() {
    return parts.scrub().ask();
  }

  /** How far this node is with reading again what it has on disk. */
  public ScrubStatus scrub() {
    return parts.scrub().status();
  }

  /** Batches handed to consensus by this node and not yet answered. */
  public int batchesInFlight() {
    return parts.submission().batchesInFlight();
  }

  /** Events that wait on this node to be collected into a batch. */
  public int queuedEvents() {
    return parts.submission().queuedEvents();
  }

  /** Waits until {@code op} is applied here, then scans the whole state. */
  public CompletableFuture<StateDigest> digest(long op, Duration deadline) {
    return CompletableFuture.supplyAsync(
        () -> parts.replica().reads().digest(op, deadline), readers);
  }

  /**
   * Planned leader change: queued requests wait, those in flight are answered, then the other
   * leads. Fails with {@code not-leader} or {@code hand-over-failed}.
   *
   * @param to the node that shall lead; null to let the site choose
   * @return the new leader
   */
  public CompletableFuture<String> handOver(@Nullable String to, Duration deadline) {
    return CompletableFuture.supplyAsync(() -> parts.handOver().run(to, deadline), readers);
  }

  /**
   * Makes a node a member no more, through whichever node leads; it stops itself then. Fails with
   * {@code unknown-node}, {@code last-node}, {@code no-majority-left}, {@code members-unchanged} or
   * {@code no-leader}.
   *
   * @return what came of it, in words
   */
  public CompletableFuture<String> removeNode(String nodeId, Duration deadline) {
    return CompletableFuture.supplyAsync(
        () -> parts.memberRemoval().run(nodeId, deadline), readers);
  }

  /** Hands leadership over if this node has it, answers what is in flight, syncs and stops. */
  @Override
  public void close() {
    lifecycle.close();
    readers.close();
  }
}

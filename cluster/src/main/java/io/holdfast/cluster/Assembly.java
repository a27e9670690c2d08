package io.holdfast.cluster;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.Recovery;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of one node's share in its site, put together, started and stopped in the right order.
 * It is also what consensus talks to: batches that are committed go to the replica, changes of
 * leadership to those who submit.
 */
final class Assembly implements ReplicaEvents, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

  private final Genesis genesis;
  private final Path directory;
  private final Fatal fatal;
  private final long boot = new SecureRandom().nextLong();
  private final Answers answers = new Answers();
  private final IngressQueue queue;
  private final SiteClock siteClock;
  private final Replica replica;
  private final Peers peers;
  private final PeerClient client;
  private final FileCalls fileCalls;
  private final Engine engine;
  private final Leadership leadership;
  private final LocalSubmission local;
  private final Ingress ingress;
  private final ReadBarrier barrier;
  private final HandOver handOver;
  private final Scrub scrub;
  private final Housekeeping housekeeping;
  private final AtomicReference<@Nullable Waiting> pulse = new AtomicReference<>();
  private final boolean fresh;
  private volatile boolean stopping;

  private Assembly(SiteConfig config, Clock clock, Fatal fatal) throws IOException {
    this.directory = config.directory();
    this.fatal = fatal;
    this.genesis = Genesis.read(directory);
    Path keys = directory.resolve("keys");
    DataKey dataKey = genesis.dataKey(keys);
    NodeTls tls = NodeTls.load(genesis, keys, clock);
    this.queue = new IngressQueue(config.queueEventsMax(), config.queueBytesMax());
    this.siteClock = new SiteClock(clock);
    Progress durable = Progress.read(directory);
    this.fresh = durable == null;
    Engine.Tls engineTls = Engine.Tls.of(tls);
    this.client = new PeerClient(genesis::member, engineTls.forClient());
    StoredState stored = new StoredState(config, genesis, dataKey, client, fatal);
    this.replica = stored.recover(answers, durable);
    this.peers =
        new Peers(
            genesis,
            clock,
            siteClock,
            client,
            () -> hello(dataKey, clock),
            durable == null ? Map.of() : durable.met(),
            fatal);
    Site.FromPeers fromPeers = new Site.FromPeers(this);
    this.fileCalls = new FileCalls(replica::files);
    try {
      this.engine =
          Engine.open(
              config,
              genesis,
              durable,
              replica.covered(),
              engineTls,
              new PeerServer(fromPeers, fromPeers::hello, fileCalls),
              new PeerGate(Assembly::memberOf, peers.refused()),
              new LedgerStateMachine(this, fatal));
    } catch (IOException | RuntimeException e) {
      replica.close();
      throw e;
    }
    this.leadership = new Leadership(genesis.nodeId(), engine.info());
    Seal seal = new Seal(dataKey, genesis.ledgerId(), genesis.nodeId(), boot);
    this.local =
        new LocalSubmission(
            new BatchWriter(siteClock, seal),
            engine.consensus(),
            leadership,
            queue,
            config.batchesInFlight());
    RemoteSubmission remote = new RemoteSubmission(client::submit, queue, answers);
    this.ingress =
        new Ingress(queue, leadership, local, remote, siteClock::sampled, this::pulseDue, fatal);
    this.barrier = new ReadBarrier(engine.consensus()::readIndex, Thread::startVirtualThread);
    this.handOver = new HandOver(ingress, local, leadership, engine.consensus(), peers);
    this.scrub =
        new Scrub(
            directory,
            Engine.log(directory, genesis),
            replica,
            stored.check(),
            stored::mender,
            clock,
            config.upkeep());
    this.housekeeping =
        new Housekeeping(
            answers,
            local,
            leadership,
            peers,
            siteClock,
            handOver,
            replica,
            engine.consensus(),
            fatal,
            directory,
            genesis.incarnation());
  }

  static Assembly start(SiteConfig config, Clock clock, Fatal fatal) {
    try {
      Assembly assembly = new Assembly(config, clock, fatal);
      assembly.startEngine();
      assembly.housekeeping.start();
      assembly.ingress.start();
      assembly.scrub.start();
      return assembly;
    } catch (IOException e) {
      throw Engine.startFailed(config.directory(), e);
    }
  }

  private void startEngine() throws IOException {
    try {
      if (fresh) {
        peers.introduce();
        new Progress(genesis.incarnation(), 0, -1, 0, 0, peers.met()).write(directory);
      }
      engine.start();
    } catch (CompletionException e) {
      throw closed(e.getCause() instanceof HoldfastException coded ? coded : e);
    } catch (IOException | RuntimeException e) {
      closeParts();
      throw e;
    }
  }

  private RuntimeException closed(RuntimeException reason) {
    closeParts();
    return reason;
  }

  private void closeParts() {
    stopping = true;
    engine.close();
    answers.close();
    client.close();
    fileCalls.close();
    replica.close();
  }

  private Hello hello(DataKey dataKey, Clock clock) {
    return new Hello(
        genesis.ledgerId().toHex(),
        dataKey.keyIdHex(),
        boot,
        fresh,
        clock.wallNanos(),
        replica.position().op(),
        roleNow());
  }

  private String roleNow() {
    return leadership == null ? "starting" : leadership.role();
  }

  private static @Nullable String memberOf(java.security.cert.X509Certificate certificate) {
    return NodeIdentity.claimedBy(certificate).map(NodeIdentity::nodeId).orElse(null);
  }

  CompletableFuture<Reply> take(Waiting request) {
    if (fatal.raised() || stopping) {
      return CompletableFuture.failedFuture(Refusals.stopping());
    }
    answers.expect(request);
    try {
      queue.offer(request);
    } catch (HoldfastException e) {
      answers.fail(request, e);
    }
    return request.answer();
  }

  private @Nullable Waiting pulseDue() {
    Waiting earlier = pulse.get();
    if ((earlier != null && !earlier.isDone())
        || replica.position().nextExpiryNanos() > siteClock.now()) {
      return null;
    }
    Waiting next =
        new Waiting(
            new Waiting.Origin(boot, -System.nanoTime()),
            Ingress.pulseRequest(),
            System.nanoTime() + TimeUnit.SECONDS.toNanos(5));
    answers.expect(next);
    pulse.set(next);
    return next;
  }

  @Override
  public long committed(long term, long index, ByteBuffer sealed) {
    long op = replica.apply(term, index, sealed);
    local.termApplied(term);
    return op;
  }

  @Override
  public void passed(long term, long index) {
    replica.pass(term, index);
    local.termApplied(term);
  }

  @Override
  public Recovery.@Nullable Point covered() {
    return replica.covered();
  }

  @Override
  public void leaderChanged(String nodeId) {
    LOG.info("{} leads in term {}", nodeId, leadership.term());
    leadership.signal();
  }

  @Override
  public void leaderReady() {
    siteClock.lead();
    leadership.signal();
  }

  @Override
  public void notLeader() {
    siteClock.follow();
    leadership.signal();
  }

  @Override
  public void logFailed(@Nullable Throwable cause) {
    fatal.raise(DiskFaults.coded(cause, directory));
  }

  @Override
  public void shutDown() {
    if (!stopping) {
      fatal.raise(
          new HoldfastException(
              "consensus-ended",
              "consensus was shut down on this node",
              "see its log for the cause, then start it again"));
    }
  }

  long boot() {
    return boot;
  }

  Genesis genesis() {
    return genesis;
  }

  Replica replica() {
    return replica;
  }

  Peers peers() {
    return peers;
  }

  Leadership leadership() {
    return leadership;
  }

  LocalSubmission local() {
    return local;
  }

  IngressQueue queue() {
    return queue;
  }

  ReadBarrier barrier() {
    return barrier;
  }

  Scrub scrub() {
    return scrub;
  }

  HandOver handOver() {
    return handOver;
  }

  @Override
  public void close() {
    if (leadership.leads() && genesis.members().size() > 1) {
      try {
        handOver.run(null, Duration.ofSeconds(2));
      } catch (HoldfastException e) {
        LOG.warn("stopping without a hand-over: {}", e.message());
      }
    }
    drainAnswers();
    stopping = true;
    scrub.close();
    housekeeping.close();
    ingress.close();
    answers.close();
    client.close();
    fileCalls.close();
    engine.close();
    housekeeping.writeProgress();
    replica.close();
  }

  /** Lets what was taken find its answer, for as long as a stop may take. */
  private void drainAnswers() {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    try {
      while (answers.size() > 0 && System.nanoTime() < until) {
        leadership.awaitChange(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

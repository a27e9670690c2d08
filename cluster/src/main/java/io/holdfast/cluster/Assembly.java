package io.holdfast.cluster;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.journal.ActKind;
import io.holdfast.journal.Acts;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.journal.Lineage;
import io.holdfast.journal.Recovery;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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

  /** How long after the end of consensus the others may still say why. */
  private static final Duration REASON = Duration.ofSeconds(2);

  /** The same process opens directory and port again right after that. */
  private static final Duration CLOSE_FOR_START = Duration.ofSeconds(5);

  /** A node that starts has said hello to all of them by then. */
  private static final Duration PEER_HEARD = Duration.ofSeconds(3);

  private final Genesis genesis;
  private final Members members;
  private final Path directory;
  private final Fatal fatal;
  private final long boot = new SecureRandom().nextLong();
  private final Answers answers = new Answers();
  private final IngressQueue queue;
  private final SiteClock siteClock;
  private final DetailsKeys detailsKeys;
  private final DetailsKeyring keyring;
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
  private final Joining joining;
  private final Membership membership;
  private final Scrub scrub;
  private final Housekeeping housekeeping;
  private final AtomicReference<@Nullable Waiting> pulse = new AtomicReference<>();
  private final boolean fresh;
  private final Lineage lineage;
  private final Clock clock;
  private final Acts acts;
  private final List<String> started = new CopyOnWriteArrayList<>();
  private volatile boolean led; // and told so
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean formed;
  private volatile boolean leftBehind;
  private final AtomicBoolean diverged = new AtomicBoolean();
  private volatile boolean stopping;

  private Assembly(
      SiteConfig config, Clock clock, Acts acts, UnaryOperator<Payloads> payloads, Fatal fatal)
      throws IOException {
    this.clock = clock;
    this.acts = acts;
    this.directory = config.directory();
    this.fatal = fatal;
    Ceremony.refuseUnfinished(directory);
    this.genesis = Genesis.read(directory);
    this.lineage = Lineage.ofNew(genesis.ledgerId());
    Path keys = directory.resolve("keys");
    DataKey dataKey = genesis.dataKey(keys);
    this.members = Members.open(directory, genesis);
    NodeTls tls = NodeTls.load(genesis, members, keys, clock, acts, "connections between nodes");
    this.queue = new IngressQueue(config.queueEventsMax(), config.queueBytesMax());
    this.siteClock = new SiteClock(clock);
    Progress durable = Progress.read(directory);
    this.fresh = durable == null;
    this.formed = !fresh;
    this.detailsKeys = detailsKeys(keys, dataKey);
    started("boot", String.format(Locale.ROOT, "%016x", boot));
    Engine.Tls engineTls = Engine.Tls.of(tls);
    this.client = new PeerClient(members::member, engineTls.forClient());
    StoredState stored =
        new StoredState(config, genesis, members, dataKey, detailsKeys, client, payloads, fatal);
    this.replica = stored.recover(answers, durable, this::started);
    started("op", Long.toString(replica.position().op()));
    this.peers =
        new Peers(
            genesis,
            members,
            clock,
            siteClock,
            client,
            () -> hello(dataKey, clock),
            durable == null ? Map.of() : durable.met(),
            this::odd,
            fatal);
    this.keyring =
        new DetailsKeyring(
            detailsKeys,
            this::others,
            client::keys,
            config.detailsPeriod(),
            siteClock::now,
            queue::wake,
            fatal);
    detailsKeys.askWhenMissing(keyring::fetch);
    Site.FromPeers fromPeers = new Site.FromPeers(this);
    this.fileCalls = new FileCalls(replica::filesForOthers);
    try {
      this.engine =
          Engine.open(
              config,
              genesis,
              durable,
              replica.covered(),
              engineTls,
              new PeerServer(
                  fromPeers,
                  fromPeers::hello,
                  keyring::answer,
                  fileCalls,
                  new MemberCalls(this::card, this::change)),
              new PeerGate(
                  Assembly::memberOf, genesis.nodeId(), this::mayTakePart, this::takesPart),
              new LedgerStateMachine(this, fatal));
    } catch (IOException | RuntimeException e) {
      replica.close();
      throw e;
    }
    this.leadership = new Leadership(genesis.nodeId(), engine.info());
    Seal seal = new Seal(dataKey, genesis.ledgerId(), genesis.nodeId(), boot);
    this.local =
        new LocalSubmission(
            new BatchWriter(
                siteClock, new DetailsSealer(detailsKeys, keyring, replica::sealedDetailsOf), seal),
            engine.consensus(),
            leadership,
            queue,
            config.batchesInFlight());
    RemoteSubmission remote = new RemoteSubmission(client::submit, queue, answers);
    this.ingress =
        new Ingress(queue, leadership, local, remote, siteClock::sampled, this::pulseDue, fatal);
    this.barrier = new ReadBarrier(engine.consensus()::readIndex, Thread::startVirtualThread);
    this.handOver = new HandOver(ingress, local, leadership, engine.consensus(), peers);
    this.joining = new Joining(directory, genesis, members, client, fatal);
    this.membership = new Membership(members, peers, leadership, engine.consensus(), handOver);
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
            keyring,
            engine.consensus(),
            fatal,
            directory,
            genesis.incarnation(),
            this::takesPart,
            this::shutDown);
  }

  /** Opens the keys of details; a file that is none is left for a look, and fetched again. */
  private static DetailsKeys detailsKeys(Path keys, DataKey dataKey) {
    DetailsKeys opened = DetailsKeys.open(SystemDisk.INSTANCE, keys.resolve("details"), dataKey);
    for (String file : opened.damaged()) {
      LOG.warn("{} is no whole key of details; if it is needed, it comes from another node", file);
    }
    return opened;
  }

  /** The other nodes of the site. */
  private List<String> others() {
    return members.all().stream()
        .map(Member::nodeId)
        .filter(nodeId -> !nodeId.equals(genesis.nodeId()))
        .toList();
  }

  private void started(String name, String value) {
    started.addAll(List.of(name, value));
  }

  private static String millisSince(long nanos) {
    return Long.toString(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos));
  }

  /** How the start went, as names and values in turns. */
  List<String> started() {
    return started;
  }

  /** Records the incidents that a supplier knows, from now on. */
  void recordIncidents(Supplier<List<String>> incidents) {
    List<String> nodes = genesis.members().stream().map(Member::nodeId).toList();
    housekeeping.watch(new IncidentRecorder(incidents, new IncidentBook(nodes), clock, acts));
  }

  /**
   * @param payloads what batches go through on their way to the replica; changes none of them
   */
  static Assembly start(
      SiteConfig config, Clock clock, Acts acts, UnaryOperator<Payloads> payloads, Fatal fatal) {
    try {
      Assembly assembly = new Assembly(config, clock, acts, payloads, fatal);
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
    long began = System.nanoTime();
    try {
      if (fresh) {
        peers.introduce();
        if (genesis.seeded() || takesPart()) {
          takePart();
        }
      }
      engine.start();
      started("consensus_ms", millisSince(began));
      if (genesis.seeded() && !members.isMember(genesis.nodeId())) {
        joining.start();
      }
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
        roleNow(),
        lineage,
        replica.checkpoints().roots());
  }

  String roleNow() {
    if (genesis.seeded() && !members.isMember(genesis.nodeId())) {
      return "joining";
    }
    return leadership == null ? "starting" : leadership.role();
  }

  /**
   * Whether this node takes part in consensus; see {@link Peers#heardAll}. From then on it is known
   * on disk to have started.
   */
  private boolean takesPart() {
    if (!formed && peers.heardAll()) {
      takePart();
    }
    return formed;
  }

  private synchronized void takePart() {
    if (formed) {
      return;
    }
    try {
      new Progress(genesis.incarnation(), 0, -1, 0, 0, peers.met()).write(directory);
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
    formed = true;
  }

  private boolean mayTakePart(String nodeId) {
    return members.mayTakePart(nodeId) && !peers.refused().contains(nodeId);
  }

  private SiteCard card() {
    return new SiteCard(
        genesis.ledgerId().toHex(),
        genesis.site(),
        genesis.dataKeyId(),
        genesis.base(),
        members.list());
  }

  private MemberChange.Answer change(String caller, MemberChange change) {
    return switch (change) {
      case MemberChange.Join join ->
          membership.join(new Member(caller, join.host(), join.port()), join.replaces());
      case MemberChange.Remove remove -> {
        if (!members.isMember(caller)) {
          throw new HoldfastException(
              "not-a-member", caller + " is no member of site " + genesis.site(), "");
        }
        yield membership.remove(remove.nodeId());
      }
    };
  }

  private static @Nullable String memberOf(java.security.cert.X509Certificate certificate) {
    return NodeIdentity.claimedBy(certificate).map(NodeIdentity::nodeId).orElse(null);
  }

  CompletableFuture<Reply> take(Waiting request) {
    if (fatal.raised() || diverged.get() || stopping) {
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
    long op = applied(term, index, sealed);
    local.termApplied(term);
    return op;
  }

  /**
   * A journal that is not what consensus brings again is another history than the others' if there
   * are others; without them this node refuses to go on, and keeps all in its place.
   */
  private long applied(long term, long index, ByteBuffer sealed) {
    try {
      return replica.apply(term, index, sealed);
    } catch (HoldfastException e) {
      if (e.code().equals("journal-differs") && awaitPeer()) {
        rebuild(replica.position().op(), List.of(), e.message());
      }
      throw e;
    }
  }

  private boolean awaitPeer() {
    long until = System.nanoTime() + PEER_HEARD.toNanos();
    try {
      while (!stopping && !peers.anyReachable() && System.nanoTime() < until) {
        leadership.awaitChange(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return peers.anyReachable();
  }

  /** A majority of the site has another state than this node. */
  private void odd(long op, List<String> majority) {
    rebuild(
        op,
        majority,
        "this node has another state at op "
            + op
            + " than "
            + String.join(" and ", majority)
            + ", which agree");
  }

  /** Stops answering, at once and for good; the next start fetches what the others have. */
  private void rebuild(long op, List<String> majority, String what) {
    if (!diverged.compareAndSet(false, true)) {
      return;
    }
    replica.withdraw();
    LOG.error("{}", what);
    Divergence.found(op, majority, replica.position().op(), Instant.now()).write(directory);
    peers.takeLeave();
    fatal.raise(
        new HoldfastException(
            Divergence.CODE,
            what + "; it stops answering, keeps its files in diverged/ and fetches the others'",
            "start it again, if it does not do so by itself, and find out why it differs"));
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

  /** Asks whichever node leads, again while that changes. */
  String removeNode(String nodeId, Duration deadline) {
    long until = System.nanoTime() + deadline.toNanos();
    HoldfastException last =
        new HoldfastException("no-leader", "nobody leads the site", "try again once somebody does");
    try {
      while (System.nanoTime() < until) {
        try {
          MemberChange.Answer answer = removeNow(nodeId);
          if (answer.done()) {
            while (members.isMember(nodeId) && System.nanoTime() < until) {
              leadership.awaitChange(20); // so that what is asked next shows it gone
            }
            return answer.text();
          }
          last = new HoldfastException("members-unchanged", answer.text(), "ask again");
        } catch (HoldfastException e) {
          if (!e.code().equals("not-leader") && !e.code().equals("no-leader")) {
            throw e;
          }
          last = e;
        }
        leadership.awaitChange(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw last;
  }

  private MemberChange.Answer removeNow(String nodeId) {
    String leader = leadership.leader();
    if (leader == null) {
      throw new HoldfastException("no-leader", "nobody leads the site", "try again in a while");
    }
    if (leader.equals(genesis.nodeId())) {
      return membership.remove(nodeId);
    }
    try {
      return client.change(leader, new MemberChange.Remove(nodeId)).join();
    } catch (CompletionException e) {
      throw MemberCalls.coded(e);
    }
  }

  @Override
  public void membersChanged(long index, List<Member> now) {
    boolean was = members.isMember(genesis.nodeId());
    if (!members.changed(index, now)) {
      return;
    }
    LOG.info("the members are {} now", now);
    if (was && !members.isMember(genesis.nodeId())) {
      fatal.raise(peers.removed(genesis.nodeId()));
    }
    leadership.signal();
  }

  @Override
  public boolean leftBehind(long firstIndex) {
    Recovery.Point covered = replica.covered();
    long next = covered == null ? 0 : covered.index() + 1;
    if (firstIndex <= next) {
      return false;
    }
    LOG.warn(
        "the log of the node that leads begins with entry {}, this node has what was before {}",
        firstIndex,
        next);
    leftBehind = true;
    Seeding.noteBehind(directory, firstIndex);
    fatal.raise(
        new HoldfastException(
            Seeding.BEHIND,
            "this node was away for longer than the log reaches back; it fetches what it lacks"
                + " from the others",
            "start it again, if it does not do so by itself"));
    return true;
  }

  @Override
  public void leaderChanged(String nodeId) {
    LOG.info("{} leads in term {}", nodeId, leadership.term());
    leadership.signal();
  }

  @Override
  public void leaderReady() {
    siteClock.lead();
    led = true;
    acts.add(ActKind.LEADERSHIP_GAINED, "site", "term", Long.toString(leadership.term()));
    leadership.signal();
  }

  @Override
  public void notLeader() {
    siteClock.follow();
    if (led) {
      led = false;
      acts.add(ActKind.LEADERSHIP_LOST, "site", "term", Long.toString(leadership.term()));
    }
    leadership.signal();
  }

  @Override
  public void logFailed(@Nullable Throwable cause) {
    fatal.raise(DiskFaults.coded(cause, directory));
  }

  @Override
  public void shutDown() {
    if (stopping || !ended.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual()
        .name("holdfast-ended")
        .start(
            () -> {
              awaitReason();
              if (!stopping) {
                fatal.raise(
                    new HoldfastException(
                        "consensus-ended",
                        "consensus was shut down on this node",
                        "see its log for the cause, then start it again"));
              }
            });
  }

  /** If the node was removed from its site, the others say so at the next hello. */
  private void awaitReason() {
    long until = System.nanoTime() + REASON.toNanos();
    try {
      while (!stopping && !fatal.raised() && System.nanoTime() < until) {
        leadership.awaitChange(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  long boot() {
    return boot;
  }

  Acts acts() {
    return acts;
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

  DetailsKeys detailsKeys() {
    return detailsKeys;
  }

  DetailsErasure detailsErasure(BiFunction<Request, Duration, CompletableFuture<Reply>> submit) {
    return new DetailsErasure(genesis.nodeId(), this::others, replica, keyring, barrier, submit);
  }

  Scrub scrub() {
    return scrub;
  }

  HandOver handOver() {
    return handOver;
  }

  @Override
  public void close() {
    if (leadership.leads() && members.size() > 1 && !diverged.get()) {
      try {
        handOver.run(null, Duration.ofSeconds(2));
      } catch (HoldfastException e) {
        LOG.warn("stopping without a hand-over: {}", e.message());
      }
    }
    if (!diverged.get()) {
      drainAnswers();
    }
    stopping = true;
    joining.close();
    scrub.close();
    housekeeping.close();
    ingress.close();
    answers.close();
    client.close();
    fileCalls.close();
    engine.close(leftBehind || diverged.get() ? CLOSE_FOR_START : Engine.CLOSE);
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

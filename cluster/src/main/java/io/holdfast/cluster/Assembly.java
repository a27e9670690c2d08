package io.holdfast.cluster;

import io.holdfast.journal.Acts;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of one node's share in its site, put together, started and stopped in the right order.
 */
final class Assembly implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

  /** The same process opens directory and port again right after that. */
  private static final Duration CLOSE_FOR_START = Duration.ofSeconds(5);

  /** What a stop waits for at most, first for another leader, then for answers. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

  private final NodeHome home;
  private final Clock clock;
  private final Acts acts;
  private final Answers answers = new Answers();
  private final Replica replica;
  private final Leadership leadership;
  private final OwnHello self;
  private final Rebuild rebuild;
  private final PeerClient client;
  private final Peers peers;
  private final Formation formation;
  private final FileCalls fileCalls;
  private final Engine engine;
  private final LocalSubmission local;
  private final Submission submission;
  private final ReadBarrier barrier;
  private final DetailsErasure detailsErasure;
  private final HandOver handOver;
  private final Joining joining;
  private final Membership membership;
  private final MemberRemoval memberRemoval;
  private final Scrub scrub;
  private final ProgressWriter progress;
  private final Housekeeping housekeeping;
  private final List<String> started = new CopyOnWriteArrayList<>();
  private volatile boolean stopping;

  private Assembly(
      SiteConfig config, Clock clock, Acts acts, UnaryOperator<Payloads> payloads, Fatal fatal)
      throws IOException {
    this.clock = clock;
    this.acts = acts;
    this.home = NodeHome.open(config.directory(), clock, acts);
    Genesis genesis = home.genesis();
    Members members = home.members();
    DetailsKeys detailsKeys = home.detailsKeys();
    IngressQueue queue = new IngressQueue(config.queueEventsMax(), config.queueBytesMax());
    SiteClock siteClock = new SiteClock(clock);
    this.leadership = new Leadership(genesis.nodeId());
    long boot = new SecureRandom().nextLong();
    started("boot", String.format(Locale.ROOT, "%016x", boot));
    Engine.Tls tls = Engine.Tls.of(home.tls());
    this.client = new PeerClient(members::member, tls.forClient());
    StoredState stored = new StoredState(config, home, client, payloads, fatal);
    this.replica = stored.recover(answers, this::started);
    started("op", Long.toString(replica.position().op()));
    this.self = new OwnHello(home, boot, clock, replica, leadership);
    this.rebuild = new Rebuild(home.directory(), replica, fatal);
    Progress durable = home.durable();
    this.peers =
        new Peers(
            members,
            clock,
            siteClock,
            client,
            self,
            durable == null ? Map.of() : durable.met(),
            rebuild,
            fatal);
    this.formation = new Formation(home, peers);
    DetailsKeyring keyring =
        new DetailsKeyring(
            detailsKeys,
            members::others,
            client::keys,
            config.detailsPeriod(),
            siteClock::now,
            queue::wake,
            fatal);
    detailsKeys.askWhenMissing(keyring::fetch);
    FromPeers fromPeers = new FromPeers(this);
    this.fileCalls = new FileCalls(replica.reads()::filesForOthers);
    SiteEvents events =
        new SiteEvents(
            home,
            replica,
            rebuild,
            peers.heard(),
            siteClock,
            leadership,
            acts,
            fatal,
            this::termApplied,
            () -> stopping);
    try {
      this.engine =
          Engine.open(
              config,
              genesis,
              durable,
              replica.covered(),
              tls,
              new PeerServer(
                  fromPeers,
                  fromPeers::hello,
                  keyring::answer,
                  fileCalls,
                  new MemberCalls(fromPeers::site, fromPeers::change)),
              new PeerGate(
                  NodeIdentity::nodeIdOf,
                  genesis.nodeId(),
                  peers.admission()::mayTakePart,
                  formation::takesPart),
              new LedgerStateMachine(events, fatal));
    } catch (IOException | RuntimeException e) {
      replica.close();
      throw e;
    }
    leadership.begin(engine.info());
    Consensus consensus = engine.consensus();
    DetailsSealer sealer =
        new DetailsSealer(detailsKeys, keyring, replica.reads()::sealedDetailsOf);
    Seal seal = new Seal(home.dataKey(), genesis.ledgerId(), genesis.nodeId(), boot);
    this.local =
        new LocalSubmission(
            new BatchWriter(siteClock, sealer, seal),
            consensus,
            leadership,
            queue,
            config.batchesInFlight());
    Ingress ingress =
        new Ingress(
            queue,
            leadership,
            local,
            new RemoteSubmission(client::submit, queue, answers),
            siteClock::sampled,
            new Pulses(boot, replica, siteClock, answers)::due,
            fatal);
    this.submission =
        new Submission(
            boot,
            answers,
            queue,
            local,
            ingress,
            () -> fatal.raised() || rebuild.isDiverged() || stopping);
    this.barrier = new ReadBarrier(consensus::readIndex, Thread::startVirtualThread);
    this.detailsErasure =
        new DetailsErasure(
            members.self(), members::others, replica, keyring, barrier, submission::submit);
    this.handOver = new HandOver(ingress, local, leadership, consensus, peers.heard());
    this.joining = new Joining(home.directory(), genesis, members, client, fatal);
    this.membership = new Membership(members, peers.heard(), leadership, consensus, handOver);
    this.memberRemoval = new MemberRemoval(members, membership, leadership, client);
    this.scrub =
        new Scrub(
            home.directory(),
            Engine.log(home.directory(), genesis),
            replica,
            stored.check(),
            stored::mender,
            clock,
            config.upkeep());
    this.progress = new ProgressWriter(home, formation, replica, peers.admission());
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
            consensus,
            fatal,
            new LogPages(Engine.log(home.directory(), genesis)),
            progress,
            events::shutDown);
  }

  /** Consensus begins to tell of entries when all parts are there. */
  private void termApplied(long term) {
    local.termApplied(term);
  }

  private void started(String name, String value) {
    started.addAll(List.of(name, value));
  }

  /** How the start went, as names and values in turns. */
  List<String> started() {
    return started;
  }

  /** Records the incidents that a supplier knows, from now on. */
  void recordIncidents(Supplier<List<String>> incidents) {
    List<String> nodes = home.genesis().members().stream().map(Member::nodeId).toList();
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
      assembly.submission.start();
      assembly.scrub.start();
      return assembly;
    } catch (IOException e) {
      throw Engine.startFailed(config.directory(), e);
    }
  }

  private void startEngine() throws IOException {
    long began = System.nanoTime();
    try {
      formation.begin();
      engine.start();
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      started("consensus_ms", Long.toString(millis));
      if (home.members().isJoining()) {
        joining.start();
      }
    } catch (CompletionException e) {
      closeParts();
      throw e.getCause() instanceof HoldfastException coded ? coded : e;
    } catch (IOException | RuntimeException e) {
      closeParts();
      throw e;
    }
  }

  private void closeParts() {
    stopping = true;
    engine.close();
    answers.close();
    client.close();
    fileCalls.close();
    replica.close();
  }

  Acts acts() {
    return acts;
  }

  Genesis genesis() {
    return home.genesis();
  }

  Members members() {
    return home.members();
  }

  DetailsKeys detailsKeys() {
    return home.detailsKeys();
  }

  OwnHello self() {
    return self;
  }

  Submission submission() {
    return submission;
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

  ReadBarrier barrier() {
    return barrier;
  }

  DetailsErasure detailsErasure() {
    return detailsErasure;
  }

  Scrub scrub() {
    return scrub;
  }

  HandOver handOver() {
    return handOver;
  }

  Membership membership() {
    return membership;
  }

  MemberRemoval memberRemoval() {
    return memberRemoval;
  }

  @Override
  public void close() {
    if (leadership.leads() && home.members().size() > 1 && !rebuild.isDiverged()) {
      try {
        handOver.run(null, STOP_PATIENCE);
      } catch (HoldfastException e) {
        LOG.warn("stopping without a hand-over: {}", e.message());
      }
    }
    if (!rebuild.isDiverged()) {
      leadership.awaitUntil(() -> answers.size() == 0, STOP_PATIENCE, 10);
    }
    stopping = true;
    joining.close();
    scrub.close();
    housekeeping.close();
    submission.close();
    answers.close();
    client.close();
    fileCalls.close();
    engine.close(rebuild.isDue() ? CLOSE_FOR_START : Engine.CLOSE);
    progress.write();
    replica.close();
  }
}

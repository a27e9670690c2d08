package io.holdfast.cluster;

import io.holdfast.journal.Acts;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.kernel.Clock;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The parts of one node's share in its site, put together; {@link Lifecycle} starts and stops them.
 */
final class Assembly {
  private final NodeHome home;
  private final Clock clock;
  private final Acts acts;
  private final SiteClock siteClock;
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

  /**
   * @param payloads what batches go through on their way to the replica; changes none of them
   * @param stopping whether the node was told to stop
   * @param phase is told how the start goes, as names and values
   */
  Assembly(
      SiteConfig config,
      Clock clock,
      Acts acts,
      UnaryOperator<Payloads> payloads,
      Fatal fatal,
      BooleanSupplier stopping,
      BiConsumer<String, String> phase)
      throws IOException {
    this.clock = clock;
    this.acts = acts;
    this.home = NodeHome.open(config.directory(), clock, acts);
    Genesis genesis = home.genesis();
    Members members = home.members();
    DetailsKeys detailsKeys = home.detailsKeys();
    IngressQueue queue = new IngressQueue(config.queueEventsMax(), config.queueBytesMax());
    this.siteClock = new SiteClock(clock);
    this.leadership = new Leadership(genesis.nodeId());
    long boot = new SecureRandom().nextLong();
    phase.accept("boot", String.format(Locale.ROOT, "%016x", boot));
    Engine.Tls tls = Engine.Tls.of(home.tls());
    this.client = new PeerClient(members::member, tls.forClient());
    StoredState stored = new StoredState(config, home, client, payloads, fatal);
    this.replica = stored.recover(answers, phase);
    phase.accept("op", Long.toString(replica.position().op()));
    this.self = new OwnHello(home, boot, clock, replica, leadership);
    this.rebuild = new Rebuild(home.directory(), replica, this::takeLeave, fatal);
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
    this.formation = new Formation(home, peers, self);
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
            stopping);
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
            () -> fatal.raised() || rebuild.isDiverged() || stopping.getAsBoolean());
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
            formation,
            progress,
            events::shutDown);
  }

  /** Nobody is told of a difference before the others are known. */
  private void takeLeave() {
    peers.takeLeave();
  }

  /** Consensus begins to tell of entries when all parts are there. */
  private void termApplied(long term) {
    local.termApplied(term);
  }

  /** Records the incidents that a supplier knows, from now on. */
  void recordIncidents(Supplier<List<String>> incidents) {
    List<String> nodes = home.genesis().members().stream().map(Member::nodeId).toList();
    housekeeping.watch(new IncidentRecorder(incidents, new IncidentBook(nodes), clock, acts));
  }

  Acts acts() {
    return acts;
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

  SiteClock siteClock() {
    return siteClock;
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

  NodeHome home() {
    return home;
  }

  Answers answers() {
    return answers;
  }

  PeerClient client() {
    return client;
  }

  Rebuild rebuild() {
    return rebuild;
  }

  Formation formation() {
    return formation;
  }

  FileCalls fileCalls() {
    return fileCalls;
  }

  Engine engine() {
    return engine;
  }

  Joining joining() {
    return joining;
  }

  ProgressWriter progress() {
    return progress;
  }

  Housekeeping housekeeping() {
    return housekeeping;
  }
}

package io.holdfast.cluster;

import io.holdfast.journal.Acts;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.FileCheck;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a node's directory near to what its peers have, before consensus is started on it: of a
 * node that is to be taken in, of one that was away for longer than the log reaches back, or of one
 * whose copy was found to differ from the others'. Files come in rounds, each of what is lacking
 * still, until that is {@link NearEnough}; what is left is in the log. The genesis of a new node is
 * written last, so whatever ends this before, it is gone on with.
 *
 * <p>{@link #run} blocks; {@link #close} ends it from any thread.
 */
public final class Seeding implements AutoCloseable {
  /** Code of the fault with which a node stops its share, to be seeded at the next start. */
  public static final String BEHIND = "log-left-behind";

  /** Code of the fault with which a node stops its share, to be rebuilt at the next start. */
  public static final String DIVERGED = Divergence.CODE;

  private static final Logger LOG = LoggerFactory.getLogger(Seeding.class);
  static final String BEHIND_FILE = "behind.json";
  private static final long AGAIN_MILLIS = 500;

  private final Path directory;
  private final Clock clock;
  private final long bytesPerSecond;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile @Nullable FetchRounds rounds;
  private volatile State state = new State("looking for peers", 0, 0, 0, 0);

  /**
   * @param bytesPerSecond received at most
   */
  public Seeding(Path directory, long bytesPerSecond, Clock clock) {
    this.directory = directory;
    this.bytesPerSecond = bytesPerSecond;
    this.clock = clock;
  }

  /**
   * How far it is.
   *
   * @param phase in words
   * @param round from 1
   * @param doneBytes of {@code totalBytes} that were lacking when the round began
   */
  public record State(
      String phase, int round, long doneBytes, long totalBytes, long bytesPerSecond) {
    /** Until the round ends; -1 when that cannot be told. */
    public long secondsLeft() {
      return bytesPerSecond <= 0 ? -1 : (totalBytes - doneBytes) / bytesPerSecond;
    }
  }

  /** Whether a directory must be seeded before a node can start on it. */
  public static boolean isDue(Path directory) {
    return isNew(directory)
        || Files.exists(directory.resolve(BEHIND_FILE))
        || Divergence.isNoted(directory);
  }

  private static boolean isNew(Path directory) {
    return JoinFile.existsIn(directory) && !Files.exists(directory.resolve(GenesisFile.NAME));
  }

  /** The name of the node that the directory is for, and what its certificate must say. */
  public static Genesis identity(Path directory) {
    return isNew(directory) ? JoinFile.read(directory).genesis() : Genesis.read(directory);
  }

  /** Notes for the next start that the log was cut past this node. */
  static void noteBehind(Path directory, long firstIndex) {
    try {
      SystemDisk.INSTANCE.writeDurably(
          directory.resolve(BEHIND_FILE),
          ("{\"first_index\":" + firstIndex + "}\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  public State state() {
    return state;
  }

  /**
   * Fetches until near enough; waits for peers as long as it takes.
   *
   * @param report told of progress, from any thread
   * @return whether it is done; false when it was closed
   * @throws HoldfastException codes of the directory's keys, {@code wrong-ledger}, {@code
   *     replica-diverged} when it rebuilt itself too often, {@code disk-full}, {@code disk-failed}
   */
  public boolean run(Consumer<State> report) {
    boolean isNew = isNew(directory);
    Genesis genesis = identity(directory);
    Divergence divergence = Divergence.isNoted(directory) ? Divergence.read(directory) : null;
    if (divergence != null) {
      divergence.moveAside(directory);
      LOG.warn("what differed is kept in diverged/{}", divergence.evidence());
    }
    Path keys = directory.resolve("keys");
    DataKey dataKey = genesis.dataKey(keys);
    Members members = isNew ? Members.of(genesis) : Members.open(directory, genesis);
    try {
      NodeTls tls = NodeTls.load(genesis, members, keys, clock, Acts.NONE, "seeding");
      try (PeerClient client = new PeerClient(members::member, Engine.Tls.of(tls).forClient())) {
        SiteCard card = find(genesis, members, client, report);
        if (card != null && !isNew) {
          checkIncarnation(genesis, card);
        }
        if (card == null || !fetch(genesis, dataKey, card, client, divergence, report)) {
          return false;
        }
        settle(isNew, genesis, card);
        return true;
      }
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  /** Asks until a member of this ledger says what the site is like; null when closed. */
  private @Nullable SiteCard find(
      Genesis genesis, Members members, PeerClient client, Consumer<State> report) {
    String said = "";
    while (true) {
      SiteCard best = null;
      Map<Member, CompletableFuture<SiteCard>> asked = new LinkedHashMap<>();
      for (Member member : others(genesis, members.all())) {
        asked.put(member, client.site(member.nodeId()));
      }
      for (Map.Entry<Member, CompletableFuture<SiteCard>> call : asked.entrySet()) {
        Member member = call.getKey();
        try {
          SiteCard card = call.getValue().join();
          check(genesis, member, card);
          if (best == null || card.members().index() > best.members().index()) {
            best = card;
          }
        } catch (CompletionException e) {
          String why = member.nodeId() + ": " + (e.getCause() == null ? e : e.getCause());
          if (!why.equals(said)) {
            LOG.info("no answer yet from {}", why);
            said = why;
          }
        }
      }
      if (best != null) {
        for (Member member : best.members().members()) {
          members.expect(member);
        }
        return best;
      }
      say(new State("looking for peers", 0, 0, 0, 0), report);
      if (stopped()) {
        return null;
      }
    }
  }

  private static void check(Genesis genesis, Member member, SiteCard card) {
    if (!card.ledgerId().equals(genesis.ledgerId().toHex())
        || !card.site().equals(genesis.site())
        || !card.dataKeyId().equals(genesis.dataKeyId())) {
      throw new HoldfastException(
          "wrong-ledger",
          member.nodeId()
              + " is of ledger "
              + card.ledgerId()
              + " and site "
              + card.site()
              + ", this directory was made for ledger "
              + genesis.ledgerId().toHex()
              + " and site "
              + genesis.site(),
          "make the directory again with 'holdfast node add' or 'holdfast node replace'");
    }
  }

  /** What a node of an old incarnation has may be another history. */
  private static void checkIncarnation(Genesis genesis, SiteCard card) {
    if (!card.members().incarnation().equals(genesis.incarnation())) {
      throw new HoldfastException(
          "other-incarnation",
          "this directory is of incarnation "
              + genesis.incarnation()
              + ", the site is "
              + card.members().incarnation()
              + " now",
          "keep the directory, and take a new node in with 'holdfast node add'");
    }
  }

  private static List<Member> others(Genesis genesis, List<Member> all) {
    return all.stream().filter(m -> !m.nodeId().equals(genesis.nodeId())).toList();
  }

  private boolean fetch(
      Genesis genesis,
      DataKey dataKey,
      SiteCard card,
      PeerClient client,
      @Nullable Divergence divergence,
      Consumer<State> report) {
    JournalPlaces places = JournalPlaces.in(directory);
    Fetch fetch =
        new Fetch(
            SystemDisk.INSTANCE,
            places,
            new FileCheck(SystemDisk.INSTANCE, places, dataKey, genesis.ledgerId()),
            genesis.ledgerId().toHex(),
            Fetch.STREAMS,
            bytesPerSecond,
            progress -> say(progress, report));
    FetchRounds running =
        new FetchRounds(fetch, new NearEnough(leastOp(divergence)), System::nanoTime);
    rounds = running;
    if (stop.getCount() == 0) {
      return false;
    }
    List<FileSource> sources = new ArrayList<>();
    String replaced = isNew(directory) ? JoinFile.read(directory).replaces() : "";
    List<String> trusted = divergence == null ? List.of() : divergence.peers();
    others(genesis, card.members().members()).stream()
        .filter(member -> !member.nodeId().equals(replaced))
        .filter(member -> trusted.isEmpty() || trusted.contains(member.nodeId()))
        .forEach(member -> sources.add(new PeerFiles(client, member.nodeId())));
    return running.run(sources);
  }

  /**
   * What the journal must reach at least: of a copy that is made anew, the last op that this node
   * is known to have had, for its log was cut up to that; the note may be an op or two older.
   */
  private long leastOp(@Nullable Divergence divergence) {
    Progress durable = Progress.read(directory);
    if (divergence == null) {
      return durable == null ? 0 : durable.journalOp();
    }
    return Math.max(divergence.appliedOp(), durable == null ? 0 : durable.op());
  }

  /** From here on the directory is a node's. */
  private void settle(boolean isNew, Genesis genesis, SiteCard card) throws IOException {
    if (!isNew) {
      Files.deleteIfExists(directory.resolve(BEHIND_FILE));
      Divergence.settle(directory);
      return;
    }
    JoinFile join = JoinFile.read(directory);
    List<Member> members = new ArrayList<>(card.members().members());
    members.removeIf(
        m -> m.nodeId().equals(join.replaces()) || m.nodeId().equals(genesis.nodeId()));
    List<Member> known = List.copyOf(card.members().members());
    members.add(join.self());
    new MemberList(
            card.members().incarnation(),
            card.members().index(),
            known,
            Set.copyOf(card.members().removed()))
        .write(directory);
    new Genesis(
            Genesis.laterFormat(card.lineage()),
            genesis.ledgerId(),
            genesis.site(),
            genesis.nodeId(),
            card.members().incarnation(),
            genesis.dataKeyId(),
            members,
            true,
            card.base(),
            card.lineage())
        .write(directory);
  }

  private void say(FetchProgress made, Consumer<State> report) {
    FetchRounds running = rounds;
    int round = running == null ? 0 : running.round();
    say(
        new State("fetching", round, made.doneBytes(), made.totalBytes(), made.bytesPerSecond()),
        report);
  }

  private void say(State next, Consumer<State> report) {
    state = next;
    report.accept(next);
  }

  private boolean stopped() {
    try {
      return stop.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void close() {
    stop.countDown();
    FetchRounds running = rounds;
    if (running != null) {
      running.stop();
    }
  }
}

package io.holdfast.cluster;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.journal.Journal;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stopped node the beginning of a new incarnation of its site, as operators signed. From
 * its first step on the node does not start until the last one is done, and each step can be done
 * again; so whatever interrupts it, it is gone on with by asking for it again.
 *
 * <pre>
 * APPROVED     recovery.json holds the signed proposal; the node refuses to start
 * LOG_APPLIED  what the log of consensus has beyond the journal is in the journal
 * SALVAGED     copies of what the next steps replace lie in salvage/OLD-INCARNATION
 * GENESIS      genesis.json names the new incarnation, with the journal's end as its base
 * MEMBERS      members.json and progress.json are the new incarnation's
 * LOG_MOVED    the old log and vote lie in salvage/OLD-INCARNATION
 * DONE         recovery.json lies there, too
 * </pre>
 *
 * <p>All of the log is taken, whether or not this node knew an entry to be committed: what was
 * acknowledged was on disk on a majority, which may have been this node and one that is lost. What
 * was not acknowledged then becomes part of history, too, which whoever asked for it was told may
 * happen. For one thread; whoever calls holds the directory.
 */
public final class Ceremony {
  /** Two, so that nobody decides alone. */
  public static final int SIGNERS_MIN = 2;

  private static final String FILE = "recovery.json";
  private static final String SALVAGE = "salvage";

  private final SiteConfig config;
  private final Path directory;
  private final RecoveryProposal proposal;
  private final Path salvage;
  private final Consumer<Step> done;

  /** What has been done; see the class. */
  enum Step {
    APPROVED,
    LOG_APPLIED,
    SALVAGED,
    GENESIS,
    MEMBERS,
    LOG_MOVED,
    DONE
  }

  private Ceremony(SiteConfig config, RecoveryProposal proposal, Consumer<Step> done) {
    this.config = config;
    this.directory = config.directory();
    this.proposal = proposal;
    this.salvage = directory.resolve(SALVAGE).resolve(proposal.oldIncarnation().toString());
    this.done = done;
  }

  /**
   * Does what was signed, or the rest of it.
   *
   * @param trusted the operators whose signatures count
   * @return where the new incarnation begins
   * @throws HoldfastException codes {@code not-enough-signatures}, {@code proposal-differs}, {@code
   *     recovery-unfinished}: another proposal was begun; and those of damaged data
   */
  public static Genesis.Base apply(
      SiteConfig config, RecoveryProposal proposal, List<Operator> trusted) {
    return apply(config, proposal, trusted, step -> {});
  }

  /** As {@link #apply(SiteConfig, RecoveryProposal, List)}, and tells after each step. */
  static Genesis.Base apply(
      SiteConfig config, RecoveryProposal proposal, List<Operator> trusted, Consumer<Step> done) {
    List<String> signers = proposal.signers(trusted);
    if (signers.size() < SIGNERS_MIN) {
      throw new HoldfastException(
          "not-enough-signatures",
          "the proposal is signed by "
              + (signers.isEmpty() ? "none" : signers)
              + " of the operators that were named; "
              + SIGNERS_MIN
              + " different ones must sign exactly this",
          "sign it with 'holdfast recover sign', and name each operator's public key with --trust");
    }
    try {
      return new Ceremony(config, proposal, done).run();
    } catch (IOException e) {
      throw DiskFaults.coded(e, config.directory());
    }
  }

  /** Refuses a directory whose ceremony was interrupted: it belongs to no incarnation. */
  static void refuseUnfinished(Path directory) {
    if (Files.exists(directory.resolve(FILE))) {
      throw new HoldfastException(
          "recovery-unfinished",
          directory + " is being made the beginning of a new incarnation, which was interrupted",
          "run the same 'holdfast recover apply' again");
    }
  }

  private Genesis.Base run() throws IOException {
    Genesis genesis = Genesis.read(directory);
    boolean begun = Files.exists(directory.resolve(FILE));
    if (begun) {
      RecoveryProposal other = RecoveryProposal.read(directory.resolve(FILE));
      if (!other.newIncarnation().equals(proposal.newIncarnation())) {
        throw new HoldfastException(
            "recovery-unfinished",
            "another proposal was begun here, of " + other.proposedAt() + ": " + other.reason(),
            "run 'holdfast recover apply' with that one again");
      }
    }
    checkIdentity(genesis);
    boolean isNew = genesis.incarnation().equals(proposal.newIncarnation());
    if (isNew && !begun) {
      return base(genesis); // all was done before
    }
    if (!isNew) {
      checkSame(genesis);
      moveToSalvage(directory.resolve(Seeding.BEHIND_FILE)); // nobody is ahead of it any more
      proposal.write(directory.resolve(FILE));
      done.accept(Step.APPROVED);
      Set<String> members = applyLog(genesis);
      Genesis.Base base = endOfJournal(genesis);
      done.accept(Step.LOG_APPLIED);
      copyToSalvage(GenesisFile.NAME);
      copyToSalvage(MemberList.FILE);
      copyToSalvage(Progress.FILE);
      keepNames(members);
      done.accept(Step.SALVAGED);
      genesis = begun(genesis, base);
      genesis.write(directory);
      done.accept(Step.GENESIS);
    }
    Genesis.Base base = base(genesis);
    new MemberList(genesis.incarnation(), -1, genesis.members(), namesThatLeft()).write(directory);
    new Progress(genesis.incarnation(), 0, -1, 0, base.op(), true, Map.of()).write(directory);
    done.accept(Step.MEMBERS);
    moveToSalvage(directory.resolve("raft").resolve(proposal.oldIncarnation().toString()));
    done.accept(Step.LOG_MOVED);
    moveToSalvage(directory.resolve(FILE));
    done.accept(Step.DONE);
    return base;
  }

  private static Genesis.Base base(Genesis genesis) {
    Genesis.Base base = genesis.base();
    if (base == null) {
      throw new HoldfastException(
          "proposal-differs", "incarnation " + genesis.incarnation() + " has no base", "");
    }
    return base;
  }

  private void checkIdentity(Genesis genesis) {
    same("the ledger", genesis.ledgerId().toHex(), proposal.ledgerId());
    same("the site", genesis.site(), proposal.site());
    same("the node", genesis.nodeId(), proposal.nodeId());
    same("its address", genesis.self().address(), proposal.host() + ":" + proposal.port());
    if (!genesis.incarnation().equals(proposal.newIncarnation())) {
      same(
          "the incarnation",
          genesis.incarnation().toString(),
          proposal.oldIncarnation().toString());
    }
  }

  /** What the operators signed must be all that there is, neither more nor less. */
  private void checkSame(Genesis genesis) {
    Survivor now = Survivor.read(directory, proposal.journalIndex());
    if (now.journalOp() < proposal.journalOp()) {
      same("the journal's last op", now.journalOp(), proposal.journalOp());
    }
    same(
        "the journal's chain after op " + proposal.journalOp(),
        proposal.journalOp() == 0
            ? proposal.journalChain()
            : Survivor.chainAfter(directory, genesis, proposal.journalOp()),
        proposal.journalChain());
    same("the term of the log's last entry", now.logTerm(), proposal.logTerm());
    same("the log's last entry", now.logIndex(), proposal.logIndex());
    same("the digest of the log beyond the journal", now.digestBeyond(), proposal.logDigest());
    same("the last op", proposal.journalOp() + now.batchesBeyond(), proposal.lastOp());
  }

  private void same(String what, Object found, Object signed) {
    if (!found.equals(signed)) {
      throw new HoldfastException(
          "proposal-differs",
          what + " is " + found + " in " + directory + "; signed was " + signed,
          "the proposal is of another directory, or this one changed since: look at it with 'holdfast"
              + " recover inspect', then propose and sign anew");
    }
  }

  /** Judges and journals what the log has beyond the journal; returns all members it names. */
  private Set<String> applyLog(Genesis genesis) {
    DataKey dataKey = genesis.dataKey(directory.resolve("keys"));
    Progress stored = Progress.read(directory);
    Progress durable =
        stored != null && stored.incarnation().equals(genesis.incarnation()) ? stored : null;
    AtomicReference<@Nullable HoldfastException> failed = new AtomicReference<>();
    Journal journal = StoredState.open(config, genesis, dataKey, durable, failed::set);
    Set<String> members = new TreeSet<>();
    try (Replica replica = recovered(genesis, dataKey, journal)) {
      StoredLog.entriesAfter(
          Engine.log(directory, genesis),
          replica.position().index(),
          entry -> applyEntry(replica, entry, members));
    }
    HoldfastException failure = failed.get();
    if (failure != null) {
      throw failure;
    }
    return members;
  }

  private Replica recovered(Genesis genesis, DataKey dataKey, Journal journal) {
    try {
      return Replica.recover(
          config,
          new Opener(dataKey, genesis.ledgerId()),
          new Answers(),
          journal,
          DetailsKeys.open(
              SystemDisk.INSTANCE, directory.resolve("keys").resolve("details"), dataKey),
          genesis.incarnation(),
          genesis.baseOp());
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private static void applyEntry(Replica replica, LogEntryProto entry, Set<String> members) {
    if (entry.hasStateMachineLogEntry()) {
      replica.apply(
          entry.getTerm(),
          entry.getIndex(),
          entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
      return;
    }
    if (entry.hasConfigurationEntry()) {
      entry
          .getConfigurationEntry()
          .getPeersList()
          .forEach(peer -> members.add(peer.getId().toStringUtf8()));
    }
    replica.pass(entry.getTerm(), entry.getIndex());
  }

  private Genesis.Base endOfJournal(Genesis genesis) {
    Survivor now = Survivor.read(directory);
    Invariants.check(
        now.journalOp() == proposal.lastOp() && now.batchesBeyond() == 0,
        "the journal ends with the last op that was signed");
    Invariants.check(genesis.baseOp() <= now.journalOp(), "a base lies behind the one before");
    return new Genesis.Base(now.journalOp(), now.journalChain());
  }

  private Genesis begun(Genesis old, Genesis.Base base) {
    return new Genesis(
        Genesis.laterFormat(old.lineage()),
        old.ledgerId(),
        old.site(),
        old.nodeId(),
        proposal.newIncarnation(),
        old.dataKeyId(),
        List.of(old.self()),
        false,
        base.op() == 0 ? null : base,
        old.lineage());
  }

  /** Every other name that was ever a member's, as the old files and the old log know. */
  private Set<String> namesThatLeft() throws IOException {
    Set<String> names = new TreeSet<>();
    Genesis.read(salvage).members().forEach(member -> names.add(member.nodeId()));
    MemberList old = MemberList.read(salvage);
    if (old != null) {
      names.addAll(old.removed());
      old.members().forEach(member -> names.add(member.nodeId()));
    }
    names.addAll(Files.readAllLines(salvage.resolve("names")));
    names.remove(proposal.nodeId());
    return names;
  }

  private void keepNames(Set<String> members) throws IOException {
    SystemDisk.INSTANCE.writeDurably(
        salvage.resolve("names"), String.join("\n", members).getBytes(StandardCharsets.US_ASCII));
  }

  private void copyToSalvage(String name) throws IOException {
    Path file = directory.resolve(name);
    if (Files.exists(file)) {
      Files.createDirectories(salvage);
      SystemDisk.INSTANCE.writeDurably(salvage.resolve(name), Files.readAllBytes(file));
    }
  }

  /** Renames within the disk: at any moment it is in one of the two places. */
  private void moveToSalvage(Path from) throws IOException {
    if (Files.exists(from)) {
      Files.createDirectories(salvage);
      Files.move(
          from, salvage.resolve(from.getFileName().toString()), StandardCopyOption.ATOMIC_MOVE);
      SystemDisk.INSTANCE.syncDirectory(salvage);
      SystemDisk.INSTANCE.syncDirectory(Objects.requireNonNull(from.getParent()));
    }
  }
}

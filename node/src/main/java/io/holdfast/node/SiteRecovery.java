package io.holdfast.node;

import io.holdfast.cluster.Ceremony;
import io.holdfast.cluster.Genesis;
import io.holdfast.cluster.Operator;
import io.holdfast.cluster.OperatorKey;
import io.holdfast.cluster.RecoveryProposal;
import io.holdfast.cluster.Survivor;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ceremony for a site that lost most of its nodes, as operators do it on the directories of
 * stopped nodes: look, propose, sign, apply. See docs/operate/lost-majority.md.
 */
public final class SiteRecovery {
  private SiteRecovery() {}

  /**
   * What a directory has.
   *
   * @param lastOp the last op, once the rest of the log is in the journal
   * @param problem why it can't be gone on from; empty when it can
   */
  public record Found(
      Path directory,
      String node,
      String ledger,
      String incarnation,
      long journalOp,
      String journalChain,
      long lastOp,
      long logTerm,
      long logIndex,
      long voteTerm,
      String problem) {}

  /** A proposal in short. */
  public record Summary(
      String ledger,
      String site,
      String node,
      String oldIncarnation,
      String newIncarnation,
      long journalOp,
      String journalChain,
      long lastOp,
      long logTerm,
      long logIndex,
      String reason,
      String proposedAt,
      List<String> signatures) {}

  /** Where the new incarnation begins. */
  public record Applied(String node, String incarnation, long op, String chain) {}

  /** Reads stopped nodes' directories; those furthest ahead come first. */
  public static List<Found> inspect(List<Path> directories) {
    record One(Found found, @Nullable Survivor survivor) {}
    List<One> all = new ArrayList<>();
    for (Path directory : directories) {
      try (DirectoryLock _ = DirectoryLock.take(directory)) {
        Survivor survivor = Survivor.read(directory);
        all.add(new One(found(directory, survivor), survivor));
      } catch (HoldfastException e) {
        all.add(
            new One(
                new Found(directory, "?", "", "", 0, "", 0, 0, 0, 0, e.code() + ": " + e.message()),
                null));
      }
    }
    all.sort(
        (a, b) -> {
          Survivor left = a.survivor();
          Survivor right = b.survivor();
          if (left == null || right == null) {
            return Boolean.compare(left == null, right == null);
          }
          return left.isAheadOf(right) ? -1 : right.isAheadOf(left) ? 1 : 0;
        });
    return all.stream().map(One::found).toList();
  }

  private static Found found(Path directory, Survivor survivor) {
    Genesis genesis = survivor.genesis();
    return new Found(
        directory,
        genesis.nodeId(),
        genesis.ledgerId().toHex(),
        genesis.incarnation().toString(),
        survivor.journalOp(),
        survivor.journalChain(),
        survivor.lastOp(),
        survivor.logTerm(),
        survivor.logIndex(),
        survivor.voteTerm(),
        survivor.isMember() ? "" : "not-a-member: it had left the site, or was never in it");
  }

  /** Makes an operator's key; its public part is in {@code FILE.pub}, and returned. */
  public static String createKey(String name, Path file) {
    return OperatorKey.create(name, file).operator().publicKey();
  }

  /** Writes a proposal to go on from a directory; changes nothing in it. */
  public static Summary propose(Path directory, String reason, Path file, Clock clock) {
    if (Files.exists(file)) {
      throw new HoldfastException(
          "proposal-exists", file + " exists", "name another file with --out");
    }
    try (DirectoryLock _ = DirectoryLock.take(directory)) {
      Instant now = Instant.ofEpochSecond(0, clock.wallNanos());
      RecoveryProposal proposal = RecoveryProposal.from(Survivor.read(directory), reason, now);
      proposal.write(file);
      return summary(proposal);
    } catch (IOException e) {
      throw DiskFaults.coded(e, file);
    }
  }

  /** Adds an operator's signature to a proposal. */
  public static Summary sign(Path file, Path key) {
    try {
      RecoveryProposal signed = RecoveryProposal.read(file).signedBy(OperatorKey.read(key));
      signed.write(file);
      return summary(signed);
    } catch (IOException e) {
      throw DiskFaults.coded(e, file);
    }
  }

  public static Summary read(Path file) {
    return summary(RecoveryProposal.read(file));
  }

  /**
   * Makes a directory begin the new incarnation; again from wherever it was interrupted.
   *
   * @param trusted files with public keys
   * @param environment variables that override settings of {@code holdfast.yaml}
   */
  public static Applied apply(
      Path file,
      Path directory,
      List<Path> trusted,
      Map<String, String> environment,
      String actor,
      Clock clock) {
    RecoveryProposal proposal = RecoveryProposal.read(file);
    List<Operator> operators = trusted.stream().map(Operator::read).toList();
    NodeConfig config = NodeConfig.read(directory.resolve("holdfast.yaml"), Map.of(), environment);
    try (DirectoryLock _ = DirectoryLock.take(config.directory());
        NodeLog log = NodeLog.open(Genesis.read(config.directory()), config.directory(), clock)) {
      OperatorAct act =
          OperatorAct.begin(
              log.acts(),
              actor,
              "recover-apply",
              "incarnation",
              proposal.newIncarnation().toString(),
              "after",
              proposal.oldIncarnation().toString(),
              "last_op",
              Long.toString(proposal.lastOp()),
              "signed_by",
              String.join(", ", proposal.signers(operators)),
              "reason",
              proposal.reason());
      String[] chain = {""};
      long op =
          act.outcomeOf(
              () -> {
                Genesis.Base base = Ceremony.apply(config.site(), proposal, operators);
                chain[0] = base.chain();
                return base.op();
              },
              "op");
      return new Applied(proposal.nodeId(), proposal.newIncarnation().toString(), op, chain[0]);
    }
  }

  private static Summary summary(RecoveryProposal proposal) {
    return new Summary(
        proposal.ledgerId(),
        proposal.site(),
        proposal.nodeId(),
        proposal.oldIncarnation().toString(),
        proposal.newIncarnation().toString(),
        proposal.journalOp(),
        proposal.journalChain(),
        proposal.lastOp(),
        proposal.logTerm(),
        proposal.logIndex(),
        proposal.reason(),
        proposal.proposedAt(),
        proposal.signatures().stream().map(RecoveryProposal.Signed::name).toList());
  }
}

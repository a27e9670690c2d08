package io.holdfast.cluster;

import io.holdfast.journal.DataKey;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a node starts from that is to be taken into a running site.
 *
 * <pre>
 * DIR/join.json                                   which site, and who is asked
 * DIR/keys/{ca.crt, node.crt, node.key, data.key}
 * DIR/…                                           what the plan adds
 * </pre>
 */
public final class JoinInit {
  private JoinInit() {}

  /**
   * Makes the directory of a node that is to be taken into a running site: keys, certificate and
   * {@code join.json}. It becomes a node by being served.
   *
   * @param authority the ledger's {@code ca} directory
   * @param site the directory of any node of the site, or the copy of it that {@code init} made, or
   *     where several of them lie
   * @param replaces the member whose place it takes; null for none
   * @param target must not exist or be empty
   * @throws HoldfastException codes {@code directory-not-empty}, {@code unknown-node}, {@code
   *     bad-site} (name, address, too many nodes), {@code wrong-authority}, {@code genesis-…},
   *     {@code init-failed}
   */
  public static void prepare(
      Path authority,
      Path site,
      SiteInit.NodePlan node,
      @Nullable String replaces,
      Path target,
      Clock clock) {
    Path like = newest(site, replaces);
    Genesis genesis = Genesis.read(like);
    List<Member> members = remaining(like, genesis, node.member(), replaces);
    CertificateAuthority ca = CertificateAuthority.loadFor(like, authority, clock);
    JoinFile join =
        new JoinFile(
            genesis.ledgerId(),
            genesis.site(),
            node.member(),
            genesis.dataKeyId(),
            replaces == null ? "" : replaces,
            members);
    try {
      Genesis checked = join.genesis();
      Invariants.check(checked.seeded(), "a node that is taken in is seeded");
    } catch (HoldfastException e) {
      throw new HoldfastException("bad-site", e.message(), e.hint(), e);
    }
    NewDirectory.make(
        target,
        home -> {
          node.writeKeys(
              home, join.genesis().identity(), ca, genesis.dataKey(like.resolve("keys")));
          join.write(home);
        });
  }

  /** The members beside the new one, whose name the site must never have had. */
  private static List<Member> remaining(
      Path like, Genesis genesis, Member added, @Nullable String replaces) {
    MemberList list = MemberList.read(like);
    List<Member> members = new ArrayList<>(list == null ? genesis.members() : list.members());
    if (replaces != null && !members.removeIf(m -> m.nodeId().equals(replaces))) {
      throw new HoldfastException(
          "unknown-node",
          replaces + " is no member; there are " + members.stream().map(Member::nodeId).toList(),
          "name a member of the site");
    }
    boolean taken =
        added.nodeId().equals(replaces)
            || (list != null && list.removed().contains(added.nodeId()))
            || members.stream().anyMatch(m -> m.nodeId().equals(added.nodeId()));
    if (taken) {
      throw new HoldfastException(
          "bad-site",
          added.nodeId() + " is or was a member already",
          "give the node a name that the site never had");
    }
    return members;
  }

  /** The node's directory that knows the latest members. */
  private static Path newest(Path site, @Nullable String replaces) {
    if (Files.exists(site.resolve(GenesisFile.NAME))) {
      return site;
    }
    Path best = null;
    long bestBase = -1; // of two incarnations, the one that began later
    long bestIndex = -2;
    try (Stream<Path> directories = Files.list(site)) {
      for (Path home : directories.sorted().toList()) {
        boolean node =
            Files.exists(home.resolve(GenesisFile.NAME))
                && Files.exists(home.resolve("keys").resolve(DataKey.FILE))
                && !String.valueOf(home.getFileName()).equals(replaces);
        if (!node) {
          continue;
        }
        MemberList list = MemberList.read(home);
        long index = list == null ? -1 : list.index();
        long base = Genesis.read(home).baseOp();
        if (base > bestBase || (base == bestBase && index > bestIndex)) {
          best = home;
          bestBase = base;
          bestIndex = index;
        }
      }
    } catch (IOException e) {
      throw NewDirectory.failed(site, e);
    }
    if (best == null) {
      throw new HoldfastException(
          "genesis-missing",
          "there is no node's directory in " + site,
          "name a directory of a node of the site, or where 'holdfast init' made them");
    }
    return best;
  }
}

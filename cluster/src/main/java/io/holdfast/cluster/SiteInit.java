package io.holdfast.cluster;

import io.holdfast.journal.DataKey;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Makes what a new site starts from: ledger id, data key, authority, and per node genesis,
 * certificate and key.
 *
 * <pre>
 * DIR/ca/{ca.crt, ca.key}                    the operators', for renewals; no node needs it
 * DIR/NODE/genesis.json
 * DIR/NODE/keys/{ca.crt, node.crt, node.key, data.key}
 * DIR/NODE/…                                 what the plan adds
 * </pre>
 *
 * DIR is there whole or not at all, and never overwritten; see {@link NewDirectory}.
 */
public final class SiteInit {
  private SiteInit() {}

  /**
   * A node to be.
   *
   * @param hosts DNS names and addresses that clients use, besides the member's own host
   * @param files more files of the node's directory, by name
   */
  public record NodePlan(Member member, List<String> hosts, Map<String, byte[]> files) {
    public NodePlan {
      hosts = List.copyOf(hosts);
      files = Map.copyOf(files);
    }

    /** Writes keys, a certificate for all the hosts, and the files into the node's directory. */
    void writeKeys(Path home, NodeIdentity identity, CertificateAuthority ca, DataKey dataKey)
        throws IOException {
      Path keys = NewDirectory.inside(home.resolve("keys"));
      List<String> names = new ArrayList<>(List.of(member.host()));
      names.addAll(hosts);
      ca.writeCertificate(keys);
      ca.issue(identity, names, CertificateAuthority.NODE_VALIDITY).write(keys);
      dataKey.write(keys.resolve(DataKey.FILE));
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        SystemDisk.INSTANCE.writeDurably(home.resolve(file.getKey()), file.getValue());
      }
    }
  }

  /**
   * Makes the directories of a new ledger.
   *
   * @return the ledger's id
   * @throws HoldfastException code {@code directory-not-empty}, {@code bad-site} (name, number of
   *     nodes, names or addresses of nodes), {@code init-failed} (disk)
   */
  public static UInt128 create(Path directory, String site, List<NodePlan> nodes, Clock clock) {
    checkPlan(site, nodes);
    UInt128 ledgerId = randomLedgerId();
    NewDirectory.make(directory, root -> write(root, ledgerId, site, nodes, clock));
    return ledgerId;
  }

  private static void write(
      Path root, UInt128 ledgerId, String site, List<NodePlan> nodes, Clock clock)
      throws IOException {
    UUID incarnation = UUID.randomUUID();
    DataKey dataKey = DataKey.create();
    CertificateAuthority authority = CertificateAuthority.create(ledgerId, clock);
    authority.write(NewDirectory.inside(root.resolve("ca")));
    List<Member> members = nodes.stream().map(NodePlan::member).toList();
    for (NodePlan node : nodes) {
      Genesis genesis =
          new Genesis(
              Genesis.FORMAT,
              ledgerId,
              site,
              node.member().nodeId(),
              incarnation,
              dataKey.keyIdHex(),
              members);
      Path home = NewDirectory.inside(root.resolve(node.member().nodeId()));
      node.writeKeys(home, genesis.identity(), authority, dataKey);
      genesis.write(home);
    }
  }

  static void checkPlan(String site, List<NodePlan> nodes) {
    NodeIdentity.checkName("site", site, "bad-site");
    if (nodes.size() != 1 && nodes.size() != 3 && nodes.size() != 5) {
      throw new HoldfastException(
          "bad-site",
          "a site of " + nodes.size() + " nodes; allowed: 1, 3 or 5",
          "an even number of nodes survives no more failures than one node less");
    }
    try {
      Genesis.checkMembers(nodes.stream().map(NodePlan::member).toList());
    } catch (HoldfastException e) {
      throw new HoldfastException("bad-site", e.message(), e.hint(), e);
    }
    for (NodePlan node : nodes) {
      if (node.member().nodeId().equals("ca")) {
        throw new HoldfastException(
            "bad-site", "a node is named 'ca', which is the authority's directory", "");
      }
    }
  }

  private static UInt128 randomLedgerId() {
    SecureRandom random = new SecureRandom();
    return new UInt128(random.nextLong() | Long.MIN_VALUE, random.nextLong());
  }
}

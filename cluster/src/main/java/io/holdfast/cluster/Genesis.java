package io.holdfast.cluster;

import io.holdfast.journal.Branch;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a node is, fixed when its directory is made: a directory without it belongs to no site, and
 * is never given to the consensus engine, which would take an empty directory for a new member.
 *
 * @param format the version of the file, {@value #FORMAT}, {@value #FORMAT_LATER} or {@value
 *     #FORMAT_BRANCHED}
 * @param ledgerId the ledger, for its whole life
 * @param site the site's name
 * @param nodeId which of the members this directory is
 * @param incarnation the consensus group: a site that is restored or seeded gets a fresh one, so
 *     that members of the old one cannot even talk to it
 * @param dataKeyId names the ledger's data key without telling anything about it
 * @param members all nodes of the site when the directory was made, this one among them; later
 *     changes are the log's
 * @param seeded whether the node got its data from its peers: what it is in its site, only
 *     consensus says
 * @param base where the incarnation began; null when it began with an empty ledger
 * @param lineage the history that the node's ledger is and goes on with
 */
public record Genesis(
    int format,
    UInt128 ledgerId,
    String site,
    String nodeId,
    UUID incarnation,
    String dataKeyId,
    List<Member> members,
    boolean seeded,
    @Nullable Base base,
    Lineage lineage) {
  /** Of a directory that {@code init} made. */
  public static final int FORMAT = 1;

  /** Of a directory that was seeded, or goes on from another incarnation. */
  public static final int FORMAT_LATER = 2;

  /** Of a directory of a ledger that was restored: its history has several branches. */
  public static final int FORMAT_BRANCHED = 3;

  private static final String CODE = "genesis-invalid";
  private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{16}");
  private static final Pattern HOST =
      Pattern.compile("(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");

  public Genesis {
    members = List.copyOf(members);
    if (format < FORMAT || format > FORMAT_BRANCHED) {
      throw new HoldfastException(
          "genesis-version",
          "format is "
              + format
              + "; this version of Holdfast reads "
              + FORMAT
              + " to "
              + FORMAT_BRANCHED,
          "run the version of Holdfast that made the directory, or a newer one");
    }
    if (ledgerId.isZero()) {
      throw refused("ledger_id", "0", "any number but 0");
    }
    NodeIdentity.checkName("site", site, CODE);
    NodeIdentity.checkName("node_id", nodeId, CODE);
    if (!KEY_ID.matcher(dataKeyId).matches()) {
      throw refused("data_key_id", dataKeyId, "16 hex digits");
    }
    checkLineage(format, ledgerId, lineage);
    checkMembers(members);
    if (find(members, nodeId) == null) {
      throw refused("node_id", nodeId, "one of the members");
    }
  }

  /** As {@code init} makes it. */
  public Genesis(
      int format,
      UInt128 ledgerId,
      String site,
      String nodeId,
      UUID incarnation,
      String dataKeyId,
      List<Member> members) {
    this(
        format,
        ledgerId,
        site,
        nodeId,
        incarnation,
        dataKeyId,
        members,
        false,
        null,
        Lineage.ofNew(ledgerId));
  }

  /**
   * The last op before an incarnation's first, which all its nodes must have alike.
   *
   * @param chain of the journal after it, 64 hex digits
   */
  public record Base(long op, String chain) {}

  /** The format that a directory needs that {@code init} did not make, or not as a new ledger. */
  static int laterFormat(Lineage lineage) {
    return lineage.branches().size() == 1 ? FORMAT_LATER : FORMAT_BRANCHED;
  }

  /** Reads {@code genesis.json} of a node's directory; see {@link GenesisFile} for its errors. */
  public static Genesis read(Path directory) {
    return GenesisFile.read(directory);
  }

  /** Writes {@code genesis.json} into a node's directory. */
  public void write(Path directory) {
    GenesisFile.write(directory, this);
  }

  /**
   * Reads {@code data.key} of a node and checks that it is the key of its ledger: a leader that
   * sealed with another would bring all others to a halt.
   *
   * @throws HoldfastException as {@link DataKey#read}, and code {@code wrong-data-key}
   */
  public DataKey dataKey(Path keys) {
    Path file = keys.resolve(DataKey.FILE);
    DataKey found = DataKey.read(file);
    if (!found.keyIdHex().equals(dataKeyId)) {
      throw new HoldfastException(
          "wrong-data-key",
          file
              + " is data key "
              + found.keyIdHex()
              + "; allowed: "
              + dataKeyId
              + ", the one of ledger "
              + ledgerId.toHex(),
          "copy keys/data.key from another node of the ledger");
    }
    return found;
  }

  /** The last op before this incarnation; 0 if it began with an empty ledger. */
  long baseOp() {
    return base == null ? 0 : base.op();
  }

  /** This node as a member. */
  public Member self() {
    return member(nodeId);
  }

  /** The member of this name, which must be one. */
  public Member member(String name) {
    Member found = find(members, name);
    if (found == null) {
      throw new IllegalArgumentException(name + " is no member of site " + site);
    }
    return found;
  }

  /** Who this node is, as its certificate must say. */
  public NodeIdentity identity() {
    return new NodeIdentity(ledgerId, site, nodeId);
  }

  /** Every history begins as that of a new ledger, and each branch lies behind the one before. */
  private static void checkLineage(int format, UInt128 ledgerId, Lineage lineage) {
    List<Branch> branches = lineage.branches();
    boolean several = branches.size() > 1;
    if (!lineage.ledgerId().equals(ledgerId)
        || !branches.getFirst().equals(Lineage.ofNew(ledgerId).current())
        || several != (format == FORMAT_BRANCHED)) {
      throw refused(
          "lineage", lineage.describe(), "the branches of this ledger, from its first on");
    }
    for (int i = 1; i < branches.size(); i++) {
      Branch before = branches.get(i - 1);
      Branch branch = branches.get(i);
      if (branch.epoch() <= before.epoch() || branch.firstOp() < before.firstOp()) {
        throw refused("lineage", lineage.describe(), "each branch later than the one before it");
      }
    }
  }

  /** Refuses members that could not form a site, naming the first that is wrong. */
  static void checkMembers(List<Member> members) {
    if (members.isEmpty() || members.size() > Limits.SITE_NODES_MAX) {
      throw refused("members", members.size() + " nodes", "1 to " + Limits.SITE_NODES_MAX);
    }
    Set<String> names = new HashSet<>();
    Set<String> addresses = new HashSet<>();
    for (Member member : members) {
      NodeIdentity.checkName("members.node_id", member.nodeId(), CODE);
      if (!HOST.matcher(member.host()).matches()) {
        throw refused("members.host", member.host(), "a DNS name or an IPv4 address");
      }
      if (member.port() < 1 || member.port() > 65_535) {
        throw refused("members.port", String.valueOf(member.port()), "1 to 65535");
      }
      if (!names.add(member.nodeId())) {
        throw refused("members.node_id", member.nodeId() + " twice", "each name once");
      }
      if (!addresses.add(member.address())) {
        throw refused("members.address", member.address() + " twice", "each address once");
      }
    }
  }

  private static @Nullable Member find(List<Member> members, String name) {
    return members.stream().filter(m -> m.nodeId().equals(name)).findFirst().orElse(null);
  }

  private static HoldfastException refused(String field, String value, String allowed) {
    return new HoldfastException(CODE, field + " is " + value + "; allowed: " + allowed, "");
  }
}

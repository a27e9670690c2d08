package io.holdfast.cluster;

import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the site as this node knows them: what consensus committed last, or the genesis
 * before it ever did; and the names that left, none of which comes back. Safe for use by many
 * threads.
 */
final class Members {
  /** Code of the refusal of a node that left. */
  static final String REMOVED = "node-removed";

  private final Genesis genesis;
  private final @Nullable Path directory;
  private final Map<String, Member> expected = new ConcurrentHashMap<>();
  private volatile MemberList list;

  private Members(Genesis genesis, @Nullable Path directory, MemberList list) {
    this.genesis = genesis;
    this.directory = directory;
    this.list = list;
  }

  /** As this node's directory has them. */
  static Members open(Path directory, Genesis genesis) {
    MemberList stored = MemberList.read(directory);
    return new Members(
        genesis,
        directory,
        stored != null && stored.incarnation().equals(genesis.incarnation())
            ? stored
            : ofGenesis(genesis));
  }

  /** As the genesis has them; kept in memory alone. */
  static Members of(Genesis genesis) {
    return new Members(genesis, null, ofGenesis(genesis));
  }

  /** A node that was seeded is no member before consensus says so. */
  private static MemberList ofGenesis(Genesis genesis) {
    List<Member> members =
        genesis.seeded()
            ? genesis.members().stream()
                .filter(member -> !member.nodeId().equals(genesis.nodeId()))
                .toList()
            : genesis.members();
    return new MemberList(genesis.incarnation(), -1, members, Set.of());
  }

  MemberList list() {
    return list;
  }

  List<Member> all() {
    return list.members();
  }

  /** This node's id; it is a member or is to be one. */
  String self() {
    return genesis.nodeId();
  }

  /** Whether this node was seeded and is no member yet. */
  boolean isJoining() {
    return genesis.seeded() && !isMember(self());
  }

  /** The other nodes of the site. */
  List<String> others() {
    return list.members().stream()
        .map(Member::nodeId)
        .filter(nodeId -> !nodeId.equals(self()))
        .toList();
  }

  int size() {
    return list.members().size();
  }

  boolean isMember(String nodeId) {
    return find(nodeId) != null;
  }

  /** Whether a node of this name was a member once and is none any more. */
  boolean isRemoved(String nodeId) {
    return list.removed().contains(nodeId);
  }

  /** The refusal of a node that left the site, or was replaced: it has nothing to do here. */
  HoldfastException removed(String nodeId) {
    return new HoldfastException(
        REMOVED,
        nodeId + " was removed from site " + genesis.site() + " and is none of its nodes any more",
        "stop it for good; a name that left does not come back: take another node in with 'holdfast"
            + " node add'");
  }

  /** Whether consensus may hear a node of this name: a member, or one that is being taken in. */
  boolean mayTakePart(String nodeId) {
    return isMember(nodeId) || expected.containsKey(nodeId);
  }

  /** Where a member, or one that is about to be one, is reached. */
  Member member(String nodeId) {
    Member found = find(nodeId);
    if (found == null) {
      found = expected.get(nodeId);
    }
    if (found == null) {
      throw new HoldfastException(
          "unknown-node", nodeId + " is no member of site " + genesis.site(), "");
    }
    return found;
  }

  /**
   * The nodes that may answer at an address. More than one when a node is replaced by one on the
   * same machine.
   */
  List<Member> at(@Nullable String host, int port) {
    List<Member> found = new ArrayList<>(list.members());
    found.addAll(expected.values());
    found.removeIf(member -> !member.host().equalsIgnoreCase(host) || member.port() != port);
    return found;
  }

  /** A node that consensus will call before it is a member. */
  void expect(Member candidate) {
    expected.put(candidate.nodeId(), candidate);
  }

  /**
   * Consensus committed a configuration.
   *
   * @return whether it is news
   */
  synchronized boolean changed(long index, List<Member> members) {
    if (index <= list.index()) {
      return false;
    }
    Set<String> removed = new TreeSet<>(list.removed());
    list.members().forEach(member -> removed.add(member.nodeId()));
    members.forEach(member -> removed.remove(member.nodeId()));
    boolean news = !members.equals(list.members());
    MemberList next = new MemberList(genesis.incarnation(), index, members, removed);
    write(next);
    list = next;
    members.forEach(member -> expected.remove(member.nodeId()));
    return news;
  }

  private void write(MemberList next) {
    if (directory == null) {
      return;
    }
    try {
      next.write(directory);
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
  }

  private @Nullable Member find(String nodeId) {
    return list.members().stream().filter(m -> m.nodeId().equals(nodeId)).findFirst().orElse(null);
  }
}

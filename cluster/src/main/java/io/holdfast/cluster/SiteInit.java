package io.holdfast.cluster;

import io.holdfast.journal.DataKey;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
 * All of it is written beside DIR and renamed at the end: DIR is there whole or not at all, and
 * never overwritten.
 */
public final class SiteInit {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

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
    make(directory, root -> write(root, ledgerId, site, nodes, clock));
    return ledgerId;
  }

  /**
   * Issues a fresh key and certificate for a node, for the same hosts as before.
   *
   * @param authority the {@code ca} directory
   * @param nodeDirectory the node's directory as {@code init} made it, or where it runs; its keys
   *     are replaced, which a running node notices by itself
   * @return until when the new certificate is valid
   * @throws HoldfastException code {@code genesis-…}, {@code key-file-…}, {@code wrong-authority}
   *     when the node belongs to another ledger, {@code init-failed} (disk)
   */
  public static Instant renew(Path authority, Path nodeDirectory, Clock clock) {
    Genesis genesis = Genesis.read(nodeDirectory);
    Path keys = nodeDirectory.resolve("keys");
    CertificateAuthority ca = CertificateAuthority.load(authority, clock);
    X509Certificate trusted =
        Pem.readCertificate(keys.resolve(CertificateAuthority.CERTIFICATE_FILE));
    if (!ca.certificate().equals(trusted)) {
      throw new HoldfastException(
          "wrong-authority",
          authority + " is not the authority of the node in " + nodeDirectory,
          "each ledger has its own, beside the directories of its nodes that 'holdfast init' made");
    }
    X509Certificate old = Pem.readCertificate(keys.resolve(NodeTls.CERTIFICATE_FILE));
    SequencedSet<String> hosts = new LinkedHashSet<>(CertificateAuthority.hostsOf(old));
    hosts.addFirst(genesis.self().host());
    try {
      CertificateAuthority.Issued issued =
          ca.issue(genesis.identity(), hosts, CertificateAuthority.NODE_VALIDITY);
      issued.write(keys);
      return issued.certificate().getNotAfter().toInstant();
    } catch (IOException e) {
      throw new HoldfastException("init-failed", "cannot write keys in " + keys + ": " + e, "", e);
    }
  }

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
      NodePlan node,
      @Nullable String replaces,
      Path target,
      Clock clock) {
    Path like = newest(site, replaces);
    Genesis genesis = Genesis.read(like);
    MemberList list = MemberList.read(like);
    List<Member> members = new ArrayList<>(list == null ? genesis.members() : list.members());
    if (replaces != null && !members.removeIf(m -> m.nodeId().equals(replaces))) {
      throw new HoldfastException(
          "unknown-node",
          replaces + " is no member; there are " + members.stream().map(Member::nodeId).toList(),
          "name a member of the site");
    }
    boolean taken =
        node.member().nodeId().equals(replaces)
            || (list != null && list.removed().contains(node.member().nodeId()))
            || members.stream().anyMatch(m -> m.nodeId().equals(node.member().nodeId()));
    if (taken) {
      throw new HoldfastException(
          "bad-site",
          node.member().nodeId() + " is or was a member already",
          "give the node a name that the site never had");
    }
    CertificateAuthority ca = CertificateAuthority.load(authority, clock);
    X509Certificate trusted =
        Pem.readCertificate(like.resolve("keys").resolve(CertificateAuthority.CERTIFICATE_FILE));
    if (!ca.certificate().equals(trusted)) {
      throw new HoldfastException(
          "wrong-authority",
          authority + " is not the authority of the node in " + like,
          "each ledger has its own, beside the directories of its nodes that 'holdfast init' made");
    }
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
    make(target, home -> fill(home, genesis, join, node, like, ca));
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
      throw failed(site, e);
    }
    if (best == null) {
      throw new HoldfastException(
          "genesis-missing",
          "there is no node's directory in " + site,
          "name a directory of a node of the site, or where 'holdfast init' made them");
    }
    return best;
  }

  private static void fill(
      Path home, Genesis site, JoinFile join, NodePlan node, Path like, CertificateAuthority ca)
      throws IOException {
    Path keys = Files.createDirectory(home.resolve("keys"), OWNER_ONLY);
    List<String> hosts = new ArrayList<>(List.of(node.member().host()));
    hosts.addAll(node.hosts());
    ca.writeCertificate(keys);
    ca.issue(join.genesis().identity(), hosts, CertificateAuthority.NODE_VALIDITY).write(keys);
    site.dataKey(like.resolve("keys")).write(keys.resolve(DataKey.FILE));
    for (Map.Entry<String, byte[]> file : node.files().entrySet()) {
      SystemDisk.INSTANCE.writeDurably(home.resolve(file.getKey()), file.getValue());
    }
    join.write(home);
  }

  /** Fills a directory that is there whole or not at all. */
  private interface Filling {
    void fill(Path directory) throws IOException;
  }

  private static void make(Path directory, Filling filling) {
    Path target = directory.toAbsolutePath().normalize();
    Path beside = target.resolveSibling("." + target.getFileName() + ".partial");
    boolean done = false;
    try {
      checkEmpty(target);
      Path parent = target.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      deleteTree(beside);
      Files.createDirectory(beside, OWNER_ONLY);
      filling.fill(beside);
      Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
      done = true;
      if (parent != null) {
        SystemDisk.INSTANCE.syncDirectory(parent);
      }
    } catch (IOException e) {
      throw failed(target, e);
    } finally {
      if (!done) {
        cleanUp(beside);
      }
    }
  }

  private static void write(
      Path root, UInt128 ledgerId, String site, List<NodePlan> nodes, Clock clock)
      throws IOException {
    UUID incarnation = UUID.randomUUID();
    DataKey dataKey = DataKey.create();
    CertificateAuthority authority = CertificateAuthority.create(ledgerId, clock);
    authority.write(Files.createDirectory(root.resolve("ca"), OWNER_ONLY));
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
      Path home = Files.createDirectory(root.resolve(node.member().nodeId()), OWNER_ONLY);
      Path keys = Files.createDirectory(home.resolve("keys"), OWNER_ONLY);
      List<String> hosts = new ArrayList<>(List.of(node.member().host()));
      hosts.addAll(node.hosts());
      authority.writeCertificate(keys);
      authority.issue(genesis.identity(), hosts, CertificateAuthority.NODE_VALIDITY).write(keys);
      dataKey.write(keys.resolve(DataKey.FILE));
      for (Map.Entry<String, byte[]> file : node.files().entrySet()) {
        SystemDisk.INSTANCE.writeDurably(home.resolve(file.getKey()), file.getValue());
      }
      genesis.write(home);
    }
  }

  private static void checkPlan(String site, List<NodePlan> nodes) {
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

  private static void checkEmpty(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (Files.isDirectory(target)) {
      try (Stream<Path> entries = Files.list(target)) {
        if (entries.findAny().isEmpty()) {
          return;
        }
      }
    }
    throw new HoldfastException(
        "directory-not-empty",
        target + " is there already and not an empty directory; init never overwrites anything",
        "name another directory, or move this one away if its ledger is not needed any more");
  }

  private static UInt128 randomLedgerId() {
    SecureRandom random = new SecureRandom();
    return new UInt128(random.nextLong() | Long.MIN_VALUE, random.nextLong());
  }

  private static HoldfastException failed(Path target, IOException cause) {
    return new HoldfastException(
        "init-failed",
        "cannot make " + target + ": " + cause,
        "name a directory that does not exist yet, on a disk with room, whose parent you may"
            + " write to; a mount point cannot be it, but a directory inside can",
        cause);
  }

  private static void cleanUp(Path beside) {
    try {
      deleteTree(beside);
    } catch (IOException e) {
      throw new HoldfastException(
          "init-failed", "cannot remove " + beside + ": " + e, "remove it: it holds keys", e);
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
              throws IOException {
            if (error != null) {
              throw error;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

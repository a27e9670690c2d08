package io.holdfast.node;

import io.holdfast.cluster.CertificateRenewal;
import io.holdfast.cluster.Genesis;
import io.holdfast.cluster.JoinInit;
import io.holdfast.cluster.RestoredSite;
import io.holdfast.cluster.SiteInit;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.Restore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the directories of a new site, each with a {@code holdfast.yaml} that serves it. */
public final class NewSite {
  private NewSite() {}

  /**
   * Gives a node a fresh key and certificate, for the same hosts as before.
   *
   * @param authority the ledger's authority, as {@link #create} made it
   * @return until when the certificate is valid
   * @throws HoldfastException as {@link CertificateRenewal#renew}
   */
  public static Instant renew(Path authority, Path nodeDirectory, Clock clock) {
    return CertificateRenewal.renew(authority, nodeDirectory, clock);
  }

  /**
   * Makes the directory of a node that a running site is to take in.
   *
   * @param replaces the member whose place it takes; null for none
   * @throws HoldfastException as {@link JoinInit#prepare}
   */
  public static void prepare(
      Path authority,
      Path like,
      NewNode node,
      @Nullable String replaces,
      Path target,
      Clock clock) {
    JoinInit.prepare(authority, like, plan(node), replaces, target, clock);
  }

  private static SiteInit.NodePlan plan(NewNode node) {
    return new SiteInit.NodePlan(
        node.member(),
        hosts(node),
        Map.of("holdfast.yaml", configuration(node).getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Makes a ledger id, keys, certificates and a directory per node below {@code directory}.
   *
   * @return the ledger's id
   * @throws HoldfastException as {@link SiteInit#create}; code {@code bad-site} also for two nodes
   *     that would listen at the same address
   */
  public static UInt128 create(Path directory, String site, List<NewNode> nodes, Clock clock) {
    return SiteInit.create(directory, site, plans(nodes), clock);
  }

  /**
   * Makes the directories of a site that goes on with a history that was restored.
   *
   * @throws HoldfastException as {@link RestoredSite#create}; code {@code bad-site} also for two
   *     nodes that would listen at the same address
   */
  public static void restored(
      Path directory,
      String site,
      List<NewNode> nodes,
      Restore.Restored restored,
      Clock clock,
      Consumer<Path> more) {
    RestoredSite.create(
        directory,
        site,
        plans(nodes),
        new RestoredSite.History(
            restored.dataKey(),
            restored.lineage(),
            restored.op() == 0 ? null : new Genesis.Base(restored.op(), restored.chain()),
            restored.places(),
            restored.detailsKeys()),
        clock,
        more);
  }

  /**
   * Refuses what {@link #restored} would refuse.
   *
   * @throws HoldfastException codes {@code directory-not-empty}, {@code bad-site}
   */
  public static void checkRestored(Path directory, String site, List<NewNode> nodes) {
    RestoredSite.check(directory, site, plans(nodes));
  }

  private static List<SiteInit.NodePlan> plans(List<NewNode> nodes) {
    checkAddresses(nodes);
    return nodes.stream().map(NewSite::plan).toList();
  }

  /** Nodes on one machine must not share a port; on others they may. */
  private static void checkAddresses(List<NewNode> nodes) {
    Map<String, String> taken = new HashMap<>();
    for (NewNode node : nodes) {
      for (Address address : List.of(node.rest(), node.admin())) {
        String machine = node.member().host() + " " + address;
        String other = taken.put(machine, node.member().nodeId());
        if (other != null && address.port() != 0) {
          throw new HoldfastException(
              "bad-site",
              other + " and " + node.member().nodeId() + " would both listen at " + address,
              "give them different ports: " + node.member().nodeId() + "=…,rest=HOST:PORT,admin=…");
        }
      }
    }
  }

  private static List<String> hosts(NewNode node) {
    String host = node.rest().host();
    boolean name = !host.contains(":") && !host.equals("0.0.0.0");
    return name ? List.of(host) : List.of();
  }

  private static String configuration(NewNode node) {
    boolean onlyHere = node.rest().loopback() && node.admin().loopback();
    StringBuilder text = new StringBuilder();
    text.append("# Node ").append(node.member().nodeId());
    text.append(" of a Holdfast site. Every setting: docs/operate/settings.md\n");
    text.append("node:\n  directory: .\n");
    text.append("rest:\n  address: ").append(node.rest()).append('\n');
    text.append("admin:\n  address: ").append(node.admin()).append('\n');
    if (!onlyHere) {
      text.append("# REST or admin can be reached from other machines, without access control.\n");
      text.append("# Serving starts only once that is accepted in so many words:\n");
      text.append("# insecure: true\n");
    }
    return text.toString();
  }
}

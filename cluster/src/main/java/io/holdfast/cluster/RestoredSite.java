package io.holdfast.cluster;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the directories of a site that goes on with a ledger's history, as {@link SiteInit} does
 * for a new ledger: each node gets a copy of the files, and all of them an incarnation and an
 * authority that are new, so that no node of another site of this ledger can talk to them.
 *
 * <p>None of the nodes takes part yet: the first start waits for all of them, as that of a new site
 * does.
 */
public final class RestoredSite {
  private RestoredSite() {}

  /**
   * What the site goes on with.
   *
   * @param dataKey of the ledger
   * @param lineage whose last branch is the site's own and begins after the base
   * @param base the last op of the journal, and the chain after it; null when it is empty
   * @param files where segments, runs and checkpoints lie, as in a node's directory
   * @param detailsKeys the directory of the keys of details
   */
  public record History(
      DataKey dataKey,
      Lineage lineage,
      Genesis.@Nullable Base base,
      JournalPlaces files,
      Path detailsKeys) {}

  /**
   * Refuses a target or a plan that {@link #create} would refuse, before any work goes into it.
   *
   * @throws HoldfastException codes {@code directory-not-empty}, {@code bad-site}
   */
  public static void check(Path directory, String site, List<SiteInit.NodePlan> nodes) {
    SiteInit.checkPlan(site, nodes);
    try {
      NewDirectory.checkEmpty(directory.toAbsolutePath().normalize());
    } catch (IOException e) {
      throw NewDirectory.failed(directory, e);
    }
  }

  /**
   * Makes the directories; they have their name when all is in them.
   *
   * @param more is told of the directory at the end, to write what else belongs in it
   * @throws HoldfastException codes {@code directory-not-empty}, {@code bad-site}, {@code
   *     init-failed} (disk)
   */
  public static void create(
      Path directory,
      String site,
      List<SiteInit.NodePlan> nodes,
      History history,
      Clock clock,
      Consumer<Path> more) {
    SiteInit.checkPlan(site, nodes);
    NewDirectory.make(
        directory,
        root -> {
          write(root, site, nodes, history, clock);
          more.accept(root);
        });
  }

  private static void write(
      Path root, String site, List<SiteInit.NodePlan> nodes, History history, Clock clock)
      throws IOException {
    UUID incarnation = UUID.randomUUID();
    CertificateAuthority authority =
        CertificateAuthority.create(history.lineage().ledgerId(), clock);
    authority.write(NewDirectory.inside(root.resolve("ca")));
    List<Member> members = nodes.stream().map(SiteInit.NodePlan::member).toList();
    for (SiteInit.NodePlan node : nodes) {
      Genesis genesis =
          new Genesis(
              Genesis.laterFormat(history.lineage()),
              history.lineage().ledgerId(),
              site,
              node.member().nodeId(),
              incarnation,
              history.dataKey().keyIdHex(),
              members,
              false,
              history.base(),
              history.lineage());
      Path home = NewDirectory.inside(root.resolve(node.member().nodeId()));
      node.writeKeys(home, genesis.identity(), authority, history.dataKey());
      copy(history, home, node.equals(nodes.getLast()));
      genesis.write(home);
    }
  }

  /**
   * Files that never change need not be there twice: the last node's are those that were given, by
   * another name.
   */
  private static void copy(History history, Path home, boolean last) throws IOException {
    for (FileKind kind : FileKind.values()) {
      copy(history.files().directory(kind), JournalPlaces.in(home).directory(kind), last);
    }
    copy(history.detailsKeys(), home.resolve("keys").resolve("details"), false);
  }

  private static void copy(Path from, Path to, boolean last) throws IOException {
    NewDirectory.inside(to);
    if (Files.exists(from)) {
      try (Stream<Path> files = Files.list(from)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          copyFile(file, to.resolve(file.getFileName()), last);
        }
      }
    }
    SystemDisk.INSTANCE.syncDirectory(to);
  }

  private static void copyFile(Path file, Path copy, boolean last) throws IOException {
    boolean linked = last && linked(file, copy);
    if (!linked) {
      Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
    try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static boolean linked(Path file, Path copy) throws IOException {
    try {
      Files.createLink(copy, file);
      return true;
    } catch (UnsupportedOperationException | java.nio.file.FileSystemException e) {
      Files.deleteIfExists(copy);
      return false; // another disk, or one that has no links
    }
  }
}

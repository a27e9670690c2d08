package io.holdfast.vault;

import io.holdfast.journal.Branch;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The histories that repositories hold backups of; each has its last branch for its own. */
final class Histories {
  /** Longer than any epoch will be, shorter than what names a branch for certain. */
  private static final Pattern EPOCH = Pattern.compile("[0-9]{1,4}");

  private final Map<String, History> byLineage = new LinkedHashMap<>();

  /**
   * One of them.
   *
   * @param sources the repositories that hold backups of it, in the order that was given
   */
  record History(Lineage lineage, List<Source> sources) {
    Branch branch() {
      return lineage.current();
    }
  }

  /**
   * A repository's backups of one history.
   *
   * @param backups in the order of their last ops; at least one
   */
  record Source(Vault vault, List<Manifests.Named> backups) {}

  /**
   * Reads all manifests. A repository that cannot be read is passed over as long as there is
   * another.
   *
   * @throws HoldfastException what the first one failed with, if none can be read
   */
  static Histories read(List<Vault> vaults, Incidents incidents) {
    Histories found = new Histories();
    HoldfastException failed = null;
    int read = 0;
    for (Vault vault : vaults) {
      try {
        Manifests.All all = Manifests.all(vault);
        all.faults().forEach(incidents::add);
        found.add(vault, all.backups());
        read++;
      } catch (HoldfastException e) {
        incidents.add(vault.repository().describe() + ": " + e.message());
        failed = failed == null ? e : failed;
      }
    }
    if (read == 0 && failed != null) {
      throw failed;
    }
    return found;
  }

  private void add(Vault vault, List<Manifests.Named> backups) {
    Map<String, List<Manifests.Named>> grouped = new LinkedHashMap<>();
    for (Manifests.Named named : backups) {
      grouped.computeIfAbsent(named.manifest().lineage(), lineage -> new ArrayList<>()).add(named);
    }
    grouped.forEach(
        (lineage, own) ->
            byLineage
                .computeIfAbsent(
                    lineage, text -> new History(lineage(own.getFirst(), text), new ArrayList<>()))
                .sources()
                .add(new Source(vault, own)));
  }

  private static Lineage lineage(Manifests.Named named, String text) {
    Lineage lineage;
    try {
      lineage = Lineage.parse(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException e) {
      lineage = null;
    }
    if (lineage == null) {
      throw new HoldfastException(
          "object-damaged", named.name() + " names no history", "it may be of a later version");
    }
    return lineage;
  }

  /**
   * The history whose last branch is meant.
   *
   * @param named its epoch, or how its id begins; empty when there is but one
   * @throws HoldfastException codes {@code no-such-backup}, {@code branch-ambiguous}, {@code
   *     no-such-branch}
   */
  History choose(String named) {
    if (byLineage.isEmpty()) {
      throw new HoldfastException(
          "no-such-backup",
          "there is no backup to restore from",
          "see what there is with 'holdfast backup list'");
    }
    List<History> meant =
        byLineage.values().stream().filter(history -> is(history.branch(), named)).toList();
    if (meant.isEmpty()) {
      throw new HoldfastException(
          "no-such-branch", "there is no branch " + named + "; there are " + describe(), "");
    }
    if (meant.size() > 1) {
      throw new HoldfastException(
          "branch-ambiguous",
          "there are backups of several branches: " + describe(),
          "name one with --branch: its epoch, or how its id begins");
    }
    return meant.getFirst();
  }

  private static boolean is(Branch branch, String named) {
    return named.isEmpty()
        || (EPOCH.matcher(named).matches()
            ? branch.epoch() == Long.parseLong(named)
            : branch.id().toHex().startsWith(named));
  }

  private String describe() {
    return String.join(", ", byLineage.values().stream().map(Histories::describe).toList());
  }

  private static String describe(History history) {
    Branch branch = history.branch();
    BackupManifest newest = history.sources().getFirst().backups().getLast().manifest();
    return branch.id().toHex()
        + " (epoch "
        + branch.epoch()
        + ", ledger "
        + history.lineage().ledgerId().toHex()
        + ", from op "
        + branch.firstOp()
        + ", backed up to op "
        + newest.lastOp()
        + " of "
        + RestoreTarget.instant(newest.lastTime())
        + ")";
  }
}

package io.holdfast.vault;

import java.util.List;

/**
 * What an expiry does, or would do.
 *
 * @param decisions about each backup, by branch, the newest first
 * @param deleted names of objects that nothing needs once the backups that go are gone
 * @param freedBytes of those objects and of the manifests that go
 * @param young objects that nothing refers to, left since a backup may be about to
 * @param unknown objects that nothing refers to and that cannot be read: left, for nobody knows
 *     what they are
 * @param locked names of what the store does not let go, when it was tried
 */
public record ExpirePlan(
    List<Decided> decisions,
    List<String> deleted,
    long freedBytes,
    Left young,
    List<String> unknown,
    List<String> locked) {
  public ExpirePlan {
    decisions = List.copyOf(decisions);
    deleted = List.copyOf(deleted);
    unknown = List.copyOf(unknown);
    locked = List.copyOf(locked);
  }

  /**
   * What becomes of a backup.
   *
   * @param reasons why it stays; empty when it goes
   */
  public record Decided(Manifests.Named backup, String branch, List<String> reasons) {
    public Decided {
      reasons = List.copyOf(reasons);
    }

    public boolean kept() {
      return !reasons.isEmpty();
    }
  }

  /** Objects that stay. */
  public record Left(int objects, long bytes) {}

  public List<Decided> going() {
    return decisions.stream().filter(decided -> !decided.kept()).toList();
  }
}

package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.Repository.StoredObject;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells the end of a stream from a hole in it. The next tail is found by its name, so that one that
 * a store lost looks like the end; but then those after it are there. What a listing shows is proof
 * enough of that; what it does not show proves nothing, so that the last one of all can be lost
 * unseen.
 */
final class LaterTails {
  /** Objects that were stored about when the last tail was, or later, may be tails after it. */
  private static final long EARLIER_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private final Histories.History history;
  private final Incidents incidents;
  private final UInt128 branch;

  LaterTails(Histories.History history, Incidents incidents) {
    this.history = history;
    this.incidents = incidents;
    this.branch = history.branch().id();
  }

  /**
   * Refuses a plan that ends where a tail is missing.
   *
   * @throws HoldfastException code {@code tail-missing}
   */
  void refuseHole(RestorePlan plan) {
    for (Histories.Source source : history.sources()) {
      refuseHole(source, plan);
    }
  }

  private void refuseHole(Histories.Source source, RestorePlan plan) {
    Vault vault = source.vault();
    Tails tails = new Tails(vault, branch);
    long lastOp = plan.lastOp();
    for (String name : candidates(source, plan)) {
      Tail tail = tail(vault, name);
      if (tail != null
          && tail.branch().equals(branch)
          && tail.firstOp() > lastOp + 1
          && tails.find(lastOp + 1) == null) { // else the stream went on meanwhile
        throw new HoldfastException(
            "tail-missing",
            String.format(
                Locale.ROOT,
                "%s: %s, the tail that begins with op %,d, is gone, though a later one up to op %,d"
                    + " is there",
                vault.repository().describe(),
                tails.name(lastOp + 1),
                lastOp + 1,
                tail.lastOp()),
            String.format(
                Locale.ROOT,
                "name a second repository that has it, or restore what is before it with --to-op"
                    + " %d; a new backup closes the hole, if the ledger still runs",
                lastOp));
      }
    }
  }

  /** Objects that nothing is known to need and that are not older than the plan's last one. */
  private List<String> candidates(Histories.Source source, RestorePlan plan) {
    Set<String> known = new HashSet<>();
    source.backups().forEach(named -> known.addAll(References.named(named.manifest())));
    plan.tails().forEach(tail -> known.add(tail.name()));
    Repository repository = source.vault().repository();
    try {
      List<StoredObject> listed = repository.list("objects/");
      long from =
          plan.tails().isEmpty()
              ? stored(repository.list("backups/"), plan.base().name())
              : stored(listed, plan.tails().getLast().name());
      return listed.stream()
          .filter(object -> object.storedMillis() >= from - EARLIER_MILLIS)
          .map(StoredObject::name)
          .filter(name -> !known.contains(name))
          .toList();
    } catch (HoldfastException e) {
      incidents.add(repository.describe() + ": whether a tail is missing: " + e.message());
      return List.of();
    }
  }

  /** When an object was; long ago if the listing does not tell. */
  private static long stored(List<StoredObject> listed, String name) {
    return listed.stream()
        .filter(object -> object.name().equals(name))
        .mapToLong(StoredObject::storedMillis)
        .findAny()
        .orElse(0);
  }

  /** Null when it is something else, or cannot be read. */
  private static @Nullable Tail tail(Vault vault, String name) {
    try {
      return Tail.decode(name, vault.load(name));
    } catch (HoldfastException e) {
      return null;
    }
  }
}

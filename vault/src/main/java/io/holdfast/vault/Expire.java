package io.holdfast.vault;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Deletes backups that nobody wants any more, and then what only they needed. What any backup that
 * stays needs is never touched; so it deletes nothing at all when a manifest is missing or damaged,
 * since what that one needs is not known.
 *
 * <p>First it stores the names of those that go, so that nobody misses them; then their manifests
 * go, then objects, found anew from all manifests that are there still. Ended at any step, it
 * leaves nothing but objects that nothing refers to, which the next one finds.
 */
public final class Expire {
  /** Between two looks at whether the turn lasts. */
  private static final int DELETED_BETWEEN = 256;

  /** A store on the network takes its time for each, and does not mind several. */
  private static final int DELETED_AT_ONCE = 8;

  private final Vault vault;
  private final Clock clock;
  private final Pause pause;
  private final Telling telling;

  public Expire(Vault vault, Clock clock, Pause pause, Telling telling) {
    this.vault = vault;
    this.clock = clock;
    this.pause = pause;
    this.telling = telling;
  }

  /**
   * What to keep.
   *
   * @param acceptedLost names of manifests that are missing or damaged, and given up
   */
  public record Wanted(Retention retention, Set<String> acceptedLost) {
    public Wanted {
      acceptedLost = Set.copyOf(acceptedLost);
    }
  }

  /**
   * Says what {@link #apply} would do; writes nothing.
   *
   * @throws HoldfastException code {@code repository-damaged}
   */
  public ExpirePlan plan(Wanted wanted) {
    List<ExpirePlan.Decided> decisions = decide(wanted);
    List<BackupManifest> going = going(decisions);
    Sweep.Found found =
        found(
            sweep(staying(decisions), References.needed(vault, going)),
            clock.wallNanos() / 1_000_000);
    return new ExpirePlan(
        decisions,
        found.going().stream().map(Repository.StoredObject::name).toList(),
        found.bytes() + manifestBytes(decisions),
        found.young(),
        found.unknown(),
        List.of());
  }

  /**
   * Deletes what is not wanted.
   *
   * @param patience how long to wait for a backup that runs
   * @throws HoldfastException codes {@code repository-damaged}, {@code repository-busy}, {@code
   *     turn-lost}
   */
  public ExpirePlan apply(Wanted wanted, Duration patience) {
    try (Turn turn = turn(patience)) {
      List<ExpirePlan.Decided> planned = decide(wanted);
      Set<String> expired = new HashSet<>(References.needed(vault, going(planned)));
      Set<String> locked = new ConcurrentSkipListSet<>();
      long before = manifestBytes(planned);
      deleteManifests(planned, wanted.acceptedLost(), turn, locked);
      long freed = before - manifestBytes(planned);
      List<ExpirePlan.Decided> decisions = withLocked(planned, locked);

      Manifests.All left = Manifests.all(vault);
      checkWhole(left.lost(), left.faults(), Set.of());
      Sweep.Found found = found(sweep(left.backups(), expired), turn.storedMillis());
      List<String> deleted = new ArrayList<>();
      freed += deleteObjects(found, turn, deleted, locked);
      turn.check();
      ExpiredBackups.tidy(
          vault,
          clock.wallNanos(),
          left.backups().stream().map(Manifests.Named::manifest).toList());
      return new ExpirePlan(
          decisions, deleted, freed, found.young(), found.unknown(), List.copyOf(locked));
    }
  }

  /** It writes before it deletes, also where there is no room for anything else. */
  private Turn turn(Duration patience) {
    Writers writers = new Writers(vault, clock, pause);
    try {
      return writers.enter(Writers.Role.EXPIRE, patience);
    } catch (HoldfastException e) {
      if (!e.code().equals("repository-full") || !vault.repository().giveUpReserve()) {
        throw e;
      }
      return writers.enter(Writers.Role.EXPIRE, patience);
    }
  }

  private Sweep sweep(List<Manifests.Named> staying, Set<String> expired) {
    List<BackupManifest> manifests = staying.stream().map(Manifests.Named::manifest).toList();
    Set<String> needed = References.needed(vault, manifests);
    needed.addAll(StreamBeginnings.find(vault, staying).tails());
    return new Sweep(vault, needed, expired, Coverage.of(manifests));
  }

  private List<ExpirePlan.Decided> decide(Wanted wanted) {
    Manifests.All all = Manifests.all(vault);
    checkLost(all, wanted.acceptedLost());
    checkWhole(all.lost(), all.faults(), wanted.acceptedLost());
    List<Holds.Named> holds = Holds.all(vault);
    Map<String, Manifests.Named> byName = new HashMap<>();
    all.backups().forEach(named -> byName.put(named.name(), named));
    for (Holds.Named held : holds) {
      if (!byName.containsKey(held.hold().backup())) {
        throw new HoldfastException(
            "repository-damaged",
            "nothing is deleted from "
                + vault.repository().describe()
                + ", since "
                + held.hold().backup()
                + " is held and not there",
            "bring it back from a copy of the repository, or lift the hold with 'holdfast backup"
                + " hold remove "
                + held.id()
                + "'");
      }
    }
    List<Retention.Backup> backups =
        all.backups().stream()
            .map(
                named ->
                    new Retention.Backup(
                        named.name(),
                        Coverage.branch(named.manifest()),
                        named.manifest().lastOp(),
                        named.manifest().takenAt()))
            .toList();
    Collection<Manifests.Named> beginnings =
        StreamBeginnings.find(vault, all.backups()).byBranch().values();
    List<ExpirePlan.Decided> decisions = new ArrayList<>();
    for (Retention.Decision decision :
        wanted.retention().decide(backups, Holds.reasons(holds), clock.wallNanos())) {
      Manifests.Named named = byName.get(decision.backup().name());
      if (named != null) {
        List<String> reasons = new ArrayList<>(decision.reasons());
        if (reasons.isEmpty() && beginnings.contains(named)) {
          reasons.add("the stream goes on after it");
        }
        decisions.add(new ExpirePlan.Decided(named, decision.backup().branch(), reasons));
      }
    }
    return decisions;
  }

  /** Only what is lost can be given up: a name that was mistyped must not delete a backup. */
  private void checkLost(Manifests.All all, Set<String> accepted) {
    Set<String> lost = new TreeSet<>(all.lost());
    if (lost.containsAll(accepted)) {
      return;
    }
    // Given up by a run that was interrupted: then it may be again.
    lost.addAll(ExpiredBackups.names(vault));
    all.backups().forEach(whole -> lost.remove(whole.name()));
    for (String name : accepted) {
      if (!lost.contains(name)) {
        throw new HoldfastException(
            "no-such-backup",
            "'" + name + "' is none of the lost backups of " + vault.repository().describe(),
            all.lost().isEmpty()
                ? "none is lost; leave --accept-lost out"
                : "allowed: " + String.join(", ", all.lost()));
      }
    }
  }

  private void checkWhole(List<String> lost, List<String> faults, Set<String> accepted) {
    List<String> open = lost.stream().filter(name -> !accepted.contains(name)).toList();
    if (!open.isEmpty()) {
      throw new HoldfastException(
          "repository-damaged",
          "nothing is deleted from "
              + vault.repository().describe()
              + ", since what a lost backup needs is not known: "
              + String.join("; ", faults),
          "bring it back from a copy of the repository, or give it up for good with '--accept-lost "
              + open.getFirst()
              + "'");
    }
  }

  private void deleteManifests(
      List<ExpirePlan.Decided> decisions, Set<String> acceptedLost, Turn turn, Set<String> locked) {
    Set<String> going = new TreeSet<>(acceptedLost);
    decisions.stream()
        .filter(decided -> !decided.kept())
        .forEach(decided -> going.add(decided.backup().name()));
    if (going.isEmpty()) {
      return;
    }
    turn.check();
    ExpiredBackups.publish(vault, clock.wallNanos(), going);
    for (String name : going) {
      turn.check();
      delete(name, locked);
    }
  }

  private long deleteObjects(
      Sweep.Found found, Turn turn, List<String> deleted, Set<String> locked) {
    AtomicLong done = new AtomicLong();
    List<Repository.StoredObject> going = found.going();
    long freed = 0;
    for (int from = 0; from < going.size(); from += DELETED_BETWEEN) {
      turn.check();
      List<Repository.StoredObject> next =
          going.subList(from, Math.min(from + DELETED_BETWEEN, going.size()));
      List<Boolean> gone = deleteObjects(next, done, found.bytes(), locked);
      for (int i = 0; i < next.size(); i++) {
        if (gone.get(i)) {
          deleted.add(next.get(i).name());
          freed += next.get(i).sizeBytes();
        }
      }
    }
    return freed;
  }

  private List<Boolean> deleteObjects(
      List<Repository.StoredObject> objects, AtomicLong done, long all, Set<String> locked) {
    try (InFlight<Boolean> deleting = new InFlight<>("holdfast-expire-", DELETED_AT_ONCE)) {
      for (Repository.StoredObject object : objects) {
        deleting.submit(
            () -> {
              boolean gone = delete(object.name(), locked);
              telling.progress("deleting", done.addAndGet(object.sizeBytes()), all);
              return gone;
            });
      }
      return deleting.finish();
    } catch (IOException e) {
      throw DiskFaults.coded(e, Path.of(""));
    }
  }

  private static Sweep.Found found(Sweep sweep, long nowMillis) {
    try {
      return sweep.find(nowMillis);
    } catch (IOException e) {
      throw DiskFaults.coded(e, Path.of(""));
    }
  }

  private boolean delete(String name, Set<String> locked) {
    try {
      vault.repository().delete(name);
      return true;
    } catch (HoldfastException e) {
      if (!e.code().equals("object-locked")) {
        throw e;
      }
      locked.add(name);
      return false;
    }
  }

  private static List<ExpirePlan.Decided> withLocked(
      List<ExpirePlan.Decided> planned, Set<String> locked) {
    return planned.stream()
        .map(
            decided ->
                decided.kept() || !locked.contains(decided.backup().name())
                    ? decided
                    : new ExpirePlan.Decided(
                        decided.backup(), decided.branch(), List.of("locked by the store")))
        .toList();
  }

  private static List<Manifests.Named> staying(List<ExpirePlan.Decided> decisions) {
    return decisions.stream()
        .filter(ExpirePlan.Decided::kept)
        .map(ExpirePlan.Decided::backup)
        .toList();
  }

  private static List<BackupManifest> going(List<ExpirePlan.Decided> decisions) {
    return decisions.stream()
        .filter(decided -> !decided.kept())
        .map(decided -> decided.backup().manifest())
        .toList();
  }

  private long manifestBytes(List<ExpirePlan.Decided> decisions) {
    Set<String> going = new HashSet<>();
    decisions.stream()
        .filter(decided -> !decided.kept())
        .forEach(decided -> going.add(decided.backup().name()));
    return vault.repository().list(Manifests.PREFIX + "/").stream()
        .filter(object -> going.contains(object.name()))
        .mapToLong(Repository.StoredObject::sizeBytes)
        .sum();
  }
}

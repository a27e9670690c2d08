package io.holdfast.vault;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets backups and expiry take turns at a repository: while one of a role is in, none of the other
 * is. Several backups may be in at once, one expiry only. Who comes puts its own mark first and
 * then looks for others, so of two that come together at least one sees the other.
 *
 * <p>A backup needs this since it leaves out what the repository has already, which an expiry might
 * delete. The continuous stream relies on nothing that is there and needs no turn.
 *
 * <p>A mark is renewed every minute. One that was not for 15 minutes is of a dead process: told by
 * the store's clock, which is one for all hosts, and, since that may jump, only after it was
 * watched for three minutes more by the own clock that only grows. One that was watched for 15
 * minutes is dead whatever any clock says. Of a process on the same machine the system knows
 * whether it has ended: then the next look takes its mark away.
 */
public final class Writers {
  /** How often a mark is renewed. */
  static final Duration RENEWED = Duration.ofMinutes(1);

  /** So long a store may fail, or a process stand still, without losing its turn. */
  static final Duration DEAD = Duration.ofMinutes(15);

  /** Three renewals: who lives shows it within this time, whatever happened to a clock. */
  static final Duration WATCHED = Duration.ofMinutes(3);

  /** What a process sent that has ended since has arrived at the store by then, or never will. */
  static final Duration ARRIVED = Duration.ofSeconds(5);

  /** How often one that waits looks again. */
  static final Duration LOOKED = Duration.ofSeconds(5);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Vault vault;
  private final Clock clock;
  private final Pause pause;
  private final Map<String, Watched> watched = new HashMap<>();

  public Writers(Vault vault, Clock clock, Pause pause) {
    this.vault = vault;
    this.clock = clock;
    this.pause = pause;
  }

  /** What a writer does. */
  public enum Role {
    BACKUP,
    EXPIRE;

    boolean excludes(Role other) {
      return this == EXPIRE || other == EXPIRE;
    }
  }

  /** Since when the newest mark of a writer is known, by the own clock that only grows. */
  private record Watched(long number, long sinceNanos) {}

  /** A writer that keeps others out: its newest mark, and what that says if it can be read. */
  private record Other(
      WriterMark.Name name, @Nullable WriterMark mark, boolean quiet, boolean dead) {

    String describe() {
      return mark == null
          ? "somebody whose mark " + name + " cannot be read"
          : (mark.role() == Role.BACKUP ? "a backup" : "an expiry")
              + " of host "
              + mark.host()
              + ", process "
              + mark.pid();
    }
  }

  /**
   * Takes a turn. One whose mark is no longer renewed is waited for until it is known to be dead;
   * others only as long as the patience reaches.
   *
   * @throws HoldfastException code {@code repository-busy}
   */
  public Turn enter(Role role, Duration patience) {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    String id = HexFormat.of().formatHex(random);
    WriterMark mark =
        new WriterMark(
            WriterMark.FORMAT,
            role,
            Host.name(),
            ProcessHandle.current().pid(),
            clock.wallNanos(),
            OwnProcess.here(),
            false);
    Turn turn = new Turn(vault, clock, id, mark);
    long began = clock.monotonicNanos();
    try {
      while (true) {
        List<Other> others = others(role, turn);
        others.stream().filter(Other::dead).forEach(this::remove);
        List<Other> alive = others.stream().filter(other -> !other.dead()).toList();
        if (alive.isEmpty()) {
          turn.check();
          turn.keepRenewing();
          return turn;
        }
        boolean allQuiet = alive.stream().allMatch(Other::quiet);
        if (!allQuiet && clock.monotonicNanos() - began >= patience.toNanos()) {
          throw busy(alive.stream().filter(other -> !other.quiet()).findFirst().orElseThrow());
        }
        pause.pause(LOOKED);
        turn.renewIfDue();
      }
    } catch (Throwable t) {
      turn.close();
      throw t;
    }
  }

  private List<Other> others(Role role, Turn own) {
    Map<String, WriterMark.Name> newest = new HashMap<>();
    Map<WriterMark.Name, Long> stored = new HashMap<>();
    for (Repository.StoredObject object : vault.repository().list(WriterMark.PREFIX)) {
      WriterMark.Name name = WriterMark.Name.parse(object.name());
      if (name != null) {
        newest.merge(name.id(), name, (a, b) -> a.number() > b.number() ? a : b);
        stored.put(name, object.storedMillis());
      }
    }
    WriterMark.Name ownName = newest.remove(own.id());
    if (ownName == null) {
      throw new HoldfastException(
          "repository-unavailable",
          vault.repository().describe() + " does not list what was just stored in it",
          "try again; a store whose listings lag behind for long is not fit for backups");
    }
    List<Other> found = new ArrayList<>();
    for (WriterMark.Name name : newest.values()) {
      WriterMark mark = WriterMark.read(vault, name);
      if (mark == null && !vault.repository().has(name.toString())) {
        return others(role, own); // renewed or gone meanwhile: a new listing tells which
      }
      if (mark != null && (mark.ended() || !role.excludes(mark.role()))) {
        continue;
      }
      Watched since = watch(name);
      long watchedNanos = clock.monotonicNanos() - since.sinceNanos();
      long age = stored.getOrDefault(ownName, 0L) - stored.getOrDefault(name, 0L);
      boolean quiet = age >= DEAD.toMillis();
      boolean ended = mark != null && mark.process() != null && mark.process().hasEnded();
      boolean dead =
          (ended && watchedNanos >= ARRIVED.toNanos())
              || (quiet && watchedNanos >= WATCHED.toNanos())
              || watchedNanos >= DEAD.toNanos();
      found.add(new Other(name, mark, quiet || ended, dead));
    }
    return found;
  }

  private Watched watch(WriterMark.Name name) {
    return watched.compute(
        name.id(),
        (id, before) ->
            before != null && before.number() == name.number()
                ? before
                : new Watched(name.number(), clock.monotonicNanos()));
  }

  /** Takes away what a dead writer left; what is locked stays, and is found dead again. */
  private void remove(Other dead) {
    Turn.deleteMarks(vault, dead.name().id());
  }

  private HoldfastException busy(Other other) {
    return new HoldfastException(
        "repository-busy",
        other.describe() + " is at work in " + vault.repository().describe(),
        "try again when it is done; if that process has ended, its mark counts no longer "
            + DEAD.toMinutes()
            + " minutes after it was renewed last");
  }
}

package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Which backups stay: decided from records alone, for each branch of a ledger by itself. A backup
 * stays if any rule wants it; the newest of each branch always does, since with it and the stream
 * after it every moment of that branch can be restored. All calendar times are UTC.
 *
 * @param keepLast so many of the newest
 * @param keepDaily the newest of each of the last so many days that have one
 * @param keepWeekly the same of ISO weeks
 * @param keepMonthly the same of months
 * @param keepWithin those not older than this: counted back from the newest of the branch, or from
 *     now if that is earlier, so that no clock that is ahead makes all look old
 */
public record Retention(
    int keepLast, int keepDaily, int keepWeekly, int keepMonthly, Duration keepWithin) {
  /** A century: all that nanoseconds since 1970 can be taken from without overflow. */
  private static final Duration WITHIN_MAX = Duration.ofDays(36_500);

  private static final String NEWEST = "newest of its branch";

  /** By ops, for the time of day may have been wrong. */
  private static final Comparator<Backup> NEWEST_FIRST =
      Comparator.comparingLong(Backup::lastOp)
          .thenComparingLong(Backup::takenAt)
          .thenComparing(Backup::name)
          .reversed();

  private static final Comparator<Backup> LATEST_FIRST =
      Comparator.comparingLong(Backup::takenAt).reversed().thenComparing(NEWEST_FIRST);

  public Retention {
    check("keep-last", keepLast);
    check("keep-daily", keepDaily);
    check("keep-weekly", keepWeekly);
    check("keep-monthly", keepMonthly);
    if (keepWithin.isNegative()) {
      throw new HoldfastException(
          "no-retention",
          "keep-within is " + shown(keepWithin) + "; allowed: 0 or more",
          "leave it out for none");
    }
    if (keepWithin.compareTo(WITHIN_MAX) > 0) {
      throw new HoldfastException(
          "no-retention",
          "keep-within is " + shown(keepWithin) + "; allowed: up to " + shown(WITHIN_MAX),
          "leave expire out to keep everything for ever");
    }
    if (keepLast + keepDaily + keepWeekly + keepMonthly == 0 && keepWithin.isZero()) {
      throw new HoldfastException(
          "no-retention",
          "no rule says which backups to keep",
          "give at least one of keep-last, keep-daily, keep-weekly, keep-monthly and keep-within");
    }
  }

  private static void check(String rule, int value) {
    if (value < 0) {
      throw new HoldfastException(
          "no-retention", rule + " is " + value + "; allowed: 0 or more", "leave it out for none");
    }
  }

  /**
   * A backup, as far as it matters here.
   *
   * @param branch what history it is of
   * @param takenAt nanoseconds since 1970
   */
  public record Backup(String name, String branch, long lastOp, long takenAt) {}

  /**
   * What becomes of a backup.
   *
   * @param reasons why it stays; empty when it goes
   */
  public record Decision(Backup backup, List<String> reasons) {
    public Decision {
      reasons = List.copyOf(reasons);
    }

    public boolean kept() {
      return !reasons.isEmpty();
    }
  }

  /**
   * Decides about all of a repository.
   *
   * @param holds by a backup's name, why it must not go
   * @return by branch, the newest first
   */
  public List<Decision> decide(
      Collection<Backup> backups, Map<String, List<String>> holds, long nowNanos) {
    TreeMap<String, List<Backup>> branches = new TreeMap<>();
    for (Backup backup : backups) {
      branches.computeIfAbsent(backup.branch(), branch -> new ArrayList<>()).add(backup);
    }
    List<Decision> all = new ArrayList<>();
    for (List<Backup> branch : branches.values()) {
      branch.sort(NEWEST_FIRST);
      Map<Backup, List<String>> reasons = reasons(branch, nowNanos);
      for (Backup backup : branch) {
        List<String> of = reasons.getOrDefault(backup, List.of());
        List<String> held = holds.getOrDefault(backup.name(), List.of());
        List<String> both = new ArrayList<>(of);
        held.forEach(why -> both.add("held: " + why));
        all.add(new Decision(backup, both));
      }
    }
    return all;
  }

  private Map<Backup, List<String>> reasons(List<Backup> newestFirst, long nowNanos) {
    Map<Backup, List<String>> reasons = new HashMap<>();
    add(reasons, newestFirst.getFirst(), NEWEST);
    for (int i = 0; i < Math.min(keepLast, newestFirst.size()); i++) {
      add(reasons, newestFirst.get(i), "last " + (i + 1) + " of " + keepLast);
    }
    List<Backup> latestFirst = newestFirst.stream().sorted(LATEST_FIRST).toList();
    calendar(reasons, latestFirst, keepDaily, "daily", day -> day.toString());
    calendar(reasons, latestFirst, keepWeekly, "weekly", Retention::week);
    calendar(reasons, latestFirst, keepMonthly, "monthly", day -> YearMonth.from(day).toString());
    if (!keepWithin.isZero()) {
      long reference = Math.min(nowNanos, latestFirst.getFirst().takenAt());
      long oldest = reference - keepWithin.toNanos();
      for (Backup backup : latestFirst) {
        if (backup.takenAt() >= oldest) {
          add(reasons, backup, "within " + shown(keepWithin));
        }
      }
    }
    return reasons;
  }

  /** As people write it: in the largest unit of which it is a whole number. */
  private static String shown(Duration length) {
    long seconds = length.toSeconds();
    if (seconds % Duration.ofDays(1).toSeconds() == 0) {
      return length.toDays() + "d";
    } else if (seconds % Duration.ofHours(1).toSeconds() == 0) {
      return length.toHours() + "h";
    }
    return seconds % Duration.ofMinutes(1).toSeconds() == 0
        ? length.toMinutes() + "m"
        : seconds + "s";
  }

  private static void calendar(
      Map<Backup, List<String>> reasons,
      List<Backup> latestFirst,
      int keep,
      String rule,
      Function<LocalDate, String> period) {
    Set<String> seen = new HashSet<>();
    for (Backup backup : latestFirst) {
      LocalDate day =
          Instant.ofEpochSecond(0, backup.takenAt()).atOffset(ZoneOffset.UTC).toLocalDate();
      String in = period.apply(day);
      if (seen.size() < keep && seen.add(in)) {
        add(reasons, backup, rule + " " + in);
      }
    }
  }

  private static String week(LocalDate day) {
    return String.format(
        Locale.ROOT,
        "%d-W%02d",
        day.get(IsoFields.WEEK_BASED_YEAR),
        day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
  }

  private static void add(Map<Backup, List<String>> reasons, Backup backup, String reason) {
    reasons.computeIfAbsent(backup, of -> new ArrayList<>()).add(reason);
  }
}

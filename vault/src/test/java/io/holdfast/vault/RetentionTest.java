package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.Retention.Backup;
import io.holdfast.vault.Retention.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionTest {
  private static final long NOW = nanos("2026-11-26T12:00:00Z");

  /** One of each day at noon, the newest first: d0 is of today. */
  private static List<Backup> daily(int count) {
    List<Backup> backups = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      backups.add(new Backup("d" + i, "main", 10_000 - i, NOW - Duration.ofDays(i).toNanos()));
    }
    return backups;
  }

  @ParameterizedTest
  @CsvSource({
    // last, daily, weekly, monthly, within; kept
    "1, 0, 0, 0, PT0S, d0",
    "3, 0, 0, 0, PT0S, d0 d1 d2",
    "99, 0, 0, 0, PT0S, d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 d10 d11",
    "0, 4, 0, 0, PT0S, d0 d1 d2 d3",
    // Thursday; the weeks end with the Sundays d4 and d11
    "0, 0, 2, 0, PT0S, d0 d4",
    "0, 0, 3, 0, PT0S, d0 d4 d11",
    "0, 0, 0, 1, PT0S, d0",
    "0, 0, 0, 0, PT72H, d0 d1 d2 d3",
    "0, 0, 0, 0, PT1H, d0",
    "2, 0, 2, 0, PT72H, d0 d1 d2 d3 d4",
  })
  void each_rule_keeps_what_it_says(
      int last, int daily, int weekly, int monthly, Duration within, String kept) {
    List<Decision> decided =
        new Retention(last, daily, weekly, monthly, within).decide(daily(12), Map.of(), NOW);
    assertThat(keptNames(decided)).containsExactly(kept.split(" "));
  }

  @Test
  void of_a_month_the_newest_stays() {
    List<Backup> backups = daily(60); // from 2026-09-28
    List<Decision> decided =
        new Retention(0, 0, 0, 3, Duration.ZERO).decide(backups, Map.of(), NOW);
    assertThat(keptNames(decided)).containsExactly("d0", "d26", "d57");
    assertThat(decided.get(26).reasons()).containsExactly("monthly 2026-10");
    assertThat(decided.get(57).reasons()).containsExactly("monthly 2026-09");
  }

  @Test
  void of_a_day_the_newest_stays_and_days_without_any_do_not_count() {
    List<Backup> backups =
        List.of(
            backup("a", 1, "2026-11-20T00:00:00Z"),
            backup("b", 2, "2026-11-20T23:59:59Z"),
            backup("c", 3, "2026-11-25T01:00:00Z"),
            backup("d", 4, "2026-11-25T02:00:00Z"));
    List<Decision> decided =
        new Retention(0, 2, 0, 0, Duration.ZERO).decide(backups, Map.of(), NOW);
    assertThat(keptNames(decided)).containsExactly("d", "b");
  }

  @Test
  void the_week_of_the_turn_of_the_year_is_one() {
    List<Backup> backups =
        List.of(
            backup("a", 1, "2024-12-30T10:00:00Z"),
            backup("b", 2, "2025-01-02T10:00:00Z"),
            backup("c", 3, "2025-01-06T10:00:00Z"));
    List<Decision> decided =
        new Retention(0, 0, 9, 0, Duration.ZERO).decide(backups, Map.of(), NOW);
    assertThat(keptNames(decided)).containsExactly("c", "b");
    assertThat(decided.get(1).reasons()).containsExactly("weekly 2025-W01");
  }

  @Test
  void every_branch_keeps_its_newest_whatever_its_age() {
    List<Backup> backups =
        List.of(
            new Backup("a", "old", 500, nanos("2020-01-01T00:00:00Z")),
            new Backup("b", "old", 400, nanos("2020-01-02T00:00:00Z")),
            new Backup("c", "new", 10, NOW));
    List<Decision> decided =
        new Retention(0, 0, 0, 0, Duration.ofHours(1)).decide(backups, Map.of(), NOW);
    // b, too: counted back from the last that was taken, by a clock that was wrong or not
    assertThat(keptNames(decided)).containsExactly("c", "a", "b");
    assertThat(decided.get(1).reasons()).containsExactly("newest of its branch");
  }

  @Test
  void a_clock_that_is_a_century_ahead_makes_nothing_old() {
    Retention retention = new Retention(0, 0, 0, 0, Duration.ofDays(3));
    List<Decision> today = retention.decide(daily(12), Map.of(), NOW);
    List<Decision> ahead =
        retention.decide(daily(12), Map.of(), NOW + Duration.ofDays(36_500).toNanos());
    assertThat(keptNames(ahead)).isEqualTo(keptNames(today));
  }

  @Test
  void a_backup_whose_clock_was_ahead_makes_none_of_the_others_old() {
    List<Backup> backups = daily(12);
    backups.add(new Backup("x", "main", 20_000, nanos("2099-01-01T00:00:00Z")));
    List<Decision> decided =
        new Retention(0, 0, 0, 0, Duration.ofDays(2)).decide(backups, Map.of(), NOW);
    assertThat(keptNames(decided)).containsExactly("x", "d0", "d1", "d2");
  }

  @Test
  void what_is_held_stays_and_says_why() {
    List<Decision> decided =
        new Retention(1, 0, 0, 0, Duration.ZERO)
            .decide(daily(5), Map.of("d3", List.of("case 17 (anna)")), NOW);
    assertThat(keptNames(decided)).containsExactly("d0", "d3");
    assertThat(decided.get(3).reasons()).containsExactly("held: case 17 (anna)");
  }

  @Test
  void no_rule_at_all_is_refused_and_so_is_a_negative_one() {
    for (int[] rules : new int[][] {{0, 0, 0, 0}, {-1, 3, 0, 0}, {1, -3, 0, 0}, {1, 0, 0, -1}}) {
      assertThatThrownBy(() -> new Retention(rules[0], rules[1], rules[2], rules[3], Duration.ZERO))
          .isInstanceOfSatisfying(
              HoldfastException.class, e -> assertThat(e.code()).isEqualTo("no-retention"));
    }
  }

  @Property
  void deciding_again_about_what_stayed_lets_nothing_go(
      @ForAll("backups") List<Backup> backups, @ForAll("retentions") Retention retention) {
    Set<Backup> kept = kept(retention.decide(backups, Map.of(), NOW));
    assertThat(kept(retention.decide(kept, Map.of(), NOW))).isEqualTo(kept);
  }

  @Property
  void a_rule_that_keeps_more_lets_nothing_go_that_stayed(
      @ForAll("backups") List<Backup> backups,
      @ForAll("retentions") Retention one,
      @ForAll("retentions") Retention other) {
    Retention wider =
        new Retention(
            Math.max(one.keepLast(), other.keepLast()),
            Math.max(one.keepDaily(), other.keepDaily()),
            Math.max(one.keepWeekly(), other.keepWeekly()),
            Math.max(one.keepMonthly(), other.keepMonthly()),
            one.keepWithin().compareTo(other.keepWithin()) > 0
                ? one.keepWithin()
                : other.keepWithin());
    assertThat(kept(wider.decide(backups, Map.of(), NOW)))
        .containsAll(kept(one.decide(backups, Map.of(), NOW)))
        .containsAll(kept(other.decide(backups, Map.of(), NOW)));
  }

  @Property
  void every_branch_can_be_restored_to_all_that_it_could(
      @ForAll("backups") List<Backup> backups, @ForAll("retentions") Retention retention) {
    Set<Backup> kept = kept(retention.decide(backups, Map.of(), NOW));
    assertThat(furthest(kept)).isEqualTo(furthest(backups));
  }

  @Property
  void the_order_in_which_backups_are_listed_does_not_matter(
      @ForAll("backups") List<Backup> backups,
      @ForAll("retentions") Retention retention,
      @ForAll long seed) {
    List<Backup> shuffled = new ArrayList<>(backups);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(retention.decide(shuffled, Map.of(), NOW))
        .isEqualTo(retention.decide(backups, Map.of(), NOW));
  }

  @Provide
  Arbitrary<List<Backup>> backups() {
    return Combinators.combine(
            Arbitraries.of("main", "restored", "other"),
            Arbitraries.longs().between(1, 50),
            Arbitraries.longs().between(-900, 30)) // hours from now; a clock may be ahead
        .as((branch, op, hours) -> new Backup("", branch, op, NOW + hours * 3_600_000_000_000L))
        .list()
        .ofMaxSize(40)
        .map(RetentionTest::named);
  }

  private static List<Backup> named(List<Backup> unnamed) {
    List<Backup> named = new ArrayList<>();
    for (Backup each : unnamed) {
      named.add(new Backup("b" + named.size(), each.branch(), each.lastOp(), each.takenAt()));
    }
    return named;
  }

  @Provide
  Arbitrary<Retention> retentions() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 4),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 500))
        .filter(
            (last, daily, weekly, monthly, hours) -> last + daily + weekly + monthly + hours > 0)
        .as(
            (last, daily, weekly, monthly, hours) ->
                new Retention(last, daily, weekly, monthly, Duration.ofHours(hours)));
  }

  private static Map<String, Long> furthest(Iterable<Backup> backups) {
    Map<String, Long> furthest = new TreeMap<>();
    backups.forEach(each -> furthest.merge(each.branch(), each.lastOp(), Math::max));
    return furthest;
  }

  private static Set<Backup> kept(List<Decision> decided) {
    return decided.stream()
        .filter(Decision::kept)
        .map(Decision::backup)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static List<String> keptNames(List<Decision> decided) {
    return decided.stream().filter(Decision::kept).map(each -> each.backup().name()).toList();
  }

  private static Backup backup(String name, long op, String time) {
    return new Backup(name, "main", op, nanos(time));
  }

  private static long nanos(String time) {
    Instant at = Instant.parse(time);
    return at.getEpochSecond() * 1_000_000_000L + at.getNano();
  }
}

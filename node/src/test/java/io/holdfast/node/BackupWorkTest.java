package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.ActKind;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is done for a repository beside the stream, and when, by a clock that a test moves. */
class BackupWorkTest {
  private static final Schedule EVERY_6H = new Schedule.Every(Duration.ofHours(6));
  private static final Duration TICK = Duration.ofMillis(200);
  private static final RepositoryConfig.Keep KEEP =
      new RepositoryConfig.Keep(3, 0, 0, 0, Duration.ZERO, true);

  private final ManualClock clock = new ManualClock();
  private final FakeActs acts = new FakeActs(clock);
  private final List<ActKind> logged = new ArrayList<>();
  private final List<RepositoryProgress> watched = new ArrayList<>();
  private final Relief relief = new Relief(BackupWork.FAILURES_MAX, clock);
  private boolean onDuty = true;
  private long nodeOp = 9;

  private BackupWork work(
      boolean continuous,
      Schedule schedule,
      Schedule verify,
      RepositoryConfig.@Nullable Keep keep) {
    RepositoryConfig config =
        RepositoryConfigs.main(
            Path.of("/backup"), Path.of("/key"), continuous, schedule, verify, keep);
    RepositoryProgress progress =
        new RepositoryProgress(config, () -> nodeOp, clock::wallNanos, clock);
    watched.add(progress);
    NoSource source = new NoSource();
    OpenVault noVault =
        new OpenVault(
            () -> {
              throw new HoldfastException("repository-missing", "none is opened here", "");
            });
    StreamWork stream =
        new StreamWork(
            "main",
            noVault,
            source,
            () -> onDuty,
            new Relief(StreamWork.FAILURES_MAX, clock),
            progress,
            () -> {});
    return new BackupWork(
        config,
        acts,
        source,
        () -> onDuty,
        relief,
        progress,
        stream,
        (kind, actor, fields) -> logged.add(kind),
        clock);
  }

  private BackupWork scheduled() {
    return work(false, EVERY_6H, RepositoryConfigs.NEVER, null);
  }

  private RepositoryProgress progress() {
    return watched.getFirst();
  }

  private List<String> incidents() {
    return progress().incidents(relief.wanted());
  }

  /** All that is done in so much time, without trying the key. */
  private List<String> pass(BackupWork work, Duration time) {
    List<String> done = new ArrayList<>();
    for (Duration left = time; left.isPositive(); left = left.minus(TICK)) {
      work.turn();
      clock.advance(left.compareTo(TICK) < 0 ? left : TICK);
      done.addAll(acts.done());
    }
    done.removeIf("key"::equals);
    return done;
  }

  /** As {@link #pass}, in few steps: for hours. */
  private List<String> passCoarsely(BackupWork work, Duration time, Duration step) {
    List<String> done = new ArrayList<>();
    for (Duration left = time; left.isPositive(); left = left.minus(step)) {
      done.addAll(pass(work, TICK.multipliedBy(4)));
      clock.advance(step.minus(TICK.multipliedBy(4)));
    }
    done.removeIf("look-up"::equals);
    return done;
  }

  @Test
  void a_backup_is_taken_when_it_is_due_and_not_again_before_the_next_is() {
    BackupWork work = scheduled();
    assertThat(pass(work, Duration.ofSeconds(1))).containsExactly("look-up", "backup");
    assertThat(passCoarsely(work, Duration.ofMinutes(355), Duration.ofMinutes(5))).isEmpty();
    assertThat(passCoarsely(work, Duration.ofMinutes(10), Duration.ofMinutes(5)))
        .containsExactly("backup");
    assertThat(logged).containsExactly(ActKind.BACKUP_TAKEN, ActKind.BACKUP_TAKEN);
  }

  @Test
  void what_another_node_took_counts_and_what_was_missed_is_done_once() {
    acts.takenElsewhere();
    clock.advance(Duration.ofHours(5));
    BackupWork work = scheduled();
    assertThat(passCoarsely(work, Duration.ofMinutes(30), Duration.ofMinutes(5))).isEmpty();
    onDuty = false;
    clock.advance(Duration.ofDays(30));
    onDuty = true;
    assertThat(passCoarsely(work, Duration.ofMinutes(30), Duration.ofMinutes(5)))
        .containsExactly("backup");
  }

  @Test
  void each_day_at_its_time_a_backup_is_taken() {
    BackupWork work =
        work(false, new Schedule.Daily(LocalTime.of(2, 0)), RepositoryConfigs.NEVER, null);
    pass(work, Duration.ofSeconds(1));
    assertThat(passCoarsely(work, Duration.ofDays(3), Duration.ofMinutes(30)))
        .containsExactly("backup", "backup", "backup");
  }

  @Test
  void a_backup_that_failed_is_tried_again_after_five_seconds_then_twice_as_long_each_time() {
    acts.fail("backup", "repository-full");
    BackupWork work = scheduled();
    assertThat(pass(work, Duration.ofSeconds(1))).containsExactly("look-up", "backup");
    for (int seconds : new int[] {5, 10, 20, 40}) {
      List<String> until = pass(work, Duration.ofSeconds(seconds).minus(Duration.ofSeconds(1)));
      assertThat(until).as("before %d s", seconds).doesNotContain("backup");
      assertThat(pass(work, Duration.ofSeconds(1))).as("%d s", seconds).contains("backup");
    }
    assertThat(incidents()).anyMatch(words -> words.startsWith("backup-failed: "));
    assertThat(logged).containsOnly(ActKind.BACKUP_FAILED);
    assertThat(progress().status().failures()).isEqualTo(5);

    acts.mend("backup");
    assertThat(pass(work, Duration.ofSeconds(81))).contains("backup");
    assertThat(incidents()).noneMatch(words -> words.startsWith("backup-failed: "));
    assertThat(logged.getLast()).isEqualTo(ActKind.BACKUP_TAKEN);
  }

  @Test
  void it_is_tried_at_least_every_hour() {
    acts.fail("backup", "repository-full");
    BackupWork work = scheduled();
    passCoarsely(work, Duration.ofHours(3), Duration.ofMinutes(1));
    assertThat(passCoarsely(work, Duration.ofMinutes(62), Duration.ofMinutes(1)))
        .contains("backup");
  }

  @Test
  void a_node_that_fails_three_times_in_a_row_leaves_it_to_others() {
    acts.fail("backup", "journal-damaged");
    BackupWork work = scheduled();
    pass(work, Duration.ofSeconds(10));
    assertThat(relief.wanted()).isFalse();
    pass(work, Duration.ofSeconds(10));
    assertThat(relief.wanted()).isTrue();
    assertThat(incidents())
        .anyMatch(
            words ->
                words.startsWith("repository-declined: ") && words.contains("journal-damaged"));
  }

  @Test
  void one_that_left_it_may_do_it_again_once_it_can_open_the_repository() {
    acts.fail("backup", "repository-unavailable");
    acts.fail("key", "repository-unavailable");
    BackupWork work = scheduled();
    pass(work, Duration.ofSeconds(20));
    onDuty = false;
    passCoarsely(work, Duration.ofMinutes(30), Duration.ofMinutes(1));
    assertThat(relief.wanted()).as("it can't yet").isTrue();
    acts.mend("key");
    passCoarsely(work, Duration.ofMinutes(62), Duration.ofMinutes(1));
    assertThat(relief.wanted()).isFalse();
  }

  @Test
  void a_node_off_duty_takes_none_unless_somebody_asks_it() {
    onDuty = false;
    BackupWork work = scheduled();
    assertThat(pass(work, Duration.ofSeconds(5))).isEmpty();
    long run = work.ask("operator zoe");
    assertThat(pass(work, Duration.ofSeconds(5))).containsExactly("backup");
    assertThat(progress().status().run().ended()).isEqualTo(run);
    assertThat(progress().status().run().outcome()).isEqualTo("done");
  }

  @Test
  void somebody_who_asks_is_told_when_it_failed_and_need_not_wait_for_the_next_try() {
    acts.fail("backup", "repository-full");
    BackupWork work = scheduled();
    pass(work, Duration.ofSeconds(1));
    long run = work.ask("operator zoe");
    assertThat(pass(work, Duration.ofSeconds(1))).containsExactly("backup");
    assertThat(progress().status().run().ended()).isEqualTo(run);
    assertThat(progress().status().run().outcome()).startsWith("repository-full: ");
  }

  @Test
  void a_new_key_of_details_makes_a_backup_at_once_and_once() {
    BackupWork work = work(true, RepositoryConfigs.NEVER, RepositoryConfigs.NEVER, null);
    acts.detailsKeys("2026-01-a");
    work.want();
    assertThat(pass(work, Duration.ofSeconds(3))).containsExactly("look-up", "backup");
    acts.detailsKeys("2026-01-a", "2026-02-b");
    assertThat(pass(work, Duration.ofSeconds(3))).containsExactly("backup");
    acts.detailsKeys("2026-02-b");
    assertThat(pass(work, Duration.ofSeconds(3))).as("one destroyed").containsExactly("backup");
  }

  @Test
  void after_each_backup_by_schedule_what_no_rule_keeps_is_deleted_if_that_is_wanted() {
    BackupWork work = work(false, EVERY_6H, RepositoryConfigs.NEVER, KEEP);
    assertThat(pass(work, Duration.ofSeconds(1))).containsExactly("look-up", "backup", "expire");
    assertThat(passCoarsely(work, Duration.ofHours(13), Duration.ofMinutes(10)))
        .containsExactly("backup", "expire", "backup", "expire");

    RepositoryConfig.Keep shown = new RepositoryConfig.Keep(3, 0, 0, 0, Duration.ZERO, false);
    BackupWork other = work(false, EVERY_6H, RepositoryConfigs.NEVER, shown);
    assertThat(passCoarsely(other, Duration.ofHours(13), Duration.ofMinutes(10)))
        .doesNotContain("expire");
  }

  @Test
  void an_expiry_that_fails_is_told_and_leaves_the_backup_as_it_is() {
    acts.fail("expire", "repository-denied");
    BackupWork work = work(false, EVERY_6H, RepositoryConfigs.NEVER, KEEP);
    assertThat(pass(work, Duration.ofMinutes(5))).containsExactly("look-up", "backup", "expire");
    RepositoryStatus.LastFailure failure = progress().status().lastFailure();
    assertThat(failure).isNotNull();
    assertThat(String.valueOf(failure)).contains("expire", "repository-denied");
    assertThat(progress().status().run().outcome()).isEqualTo("done");
    assertThat(incidents()).noneMatch(words -> words.startsWith("backup-failed"));
  }

  @Test
  void what_cannot_be_restored_is_an_incident_until_it_is_proved() {
    BackupWork work = work(false, EVERY_6H, new Schedule.Every(Duration.ofHours(24)), null);
    acts.provesWhole(false);
    assertThat(pass(work, Duration.ofSeconds(1))).containsExactly("look-up", "backup", "prove");
    assertThat(incidents())
        .anyMatch(words -> words.startsWith("backup-unproved: ") && words.contains("objects/aa"));
    acts.provesWhole(true);
    passCoarsely(work, Duration.ofHours(25), Duration.ofMinutes(10));
    assertThat(incidents()).isEmpty();
  }

  @Test
  void a_proof_that_failed_is_tried_again_later_each_time() {
    BackupWork work = work(false, EVERY_6H, new Schedule.Every(Duration.ofHours(24)), null);
    acts.fail("prove", "repository-unavailable");
    assertThat(pass(work, Duration.ofSeconds(4))).containsExactly("look-up", "backup", "prove");
    assertThat(pass(work, Duration.ofSeconds(10))).containsExactly("prove");
    assertThat(pass(work, Duration.ofSeconds(10))).containsExactly("prove");
  }

  @Test
  void a_master_key_that_is_lost_while_the_node_runs_is_told_and_so_is_its_return() {
    BackupWork work = scheduled();
    pass(work, Duration.ofSeconds(1));
    assertThat(progress().status().key()).isEqualTo("ok");
    acts.fail("key", "key-file-missing");
    passCoarsely(work, Duration.ofHours(25), Duration.ofMinutes(10));
    assertThat(progress().status().key()).isEqualTo("lost");
    assertThat(incidents())
        .anyMatch(
            words ->
                words.startsWith("backup-key-lost: ")
                    && words.contains("repository main (file:/backup)")
                    && words.contains("key-file-missing"));
    onDuty = false;
    pass(work, Duration.ofSeconds(1));
    assertThat(incidents()).as("it is this node's own").anyMatch(w -> w.startsWith("backup-key"));
    acts.mend("key");
    passCoarsely(work, Duration.ofMinutes(62), Duration.ofMinutes(1));
    assertThat(progress().status().key()).isEqualTo("ok");
    assertThat(incidents()).isEmpty();
  }

  @Test
  void a_repository_that_is_away_does_not_mean_that_its_key_is_lost() {
    acts.fail("key", "repository-unavailable");
    BackupWork work = scheduled();
    passCoarsely(work, Duration.ofHours(3), Duration.ofMinutes(10));
    assertThat(progress().status().key()).isEqualTo("unknown");
    assertThat(incidents()).noneMatch(words -> words.startsWith("backup-key-lost"));
  }

  @Test
  void a_repository_that_is_away_for_more_than_a_minute_is_an_incident_until_it_is_back() {
    acts.fail("backup", "repository-missing");
    BackupWork work = scheduled();
    pass(work, Duration.ofSeconds(50));
    assertThat(incidents()).noneMatch(words -> words.startsWith("repository-away"));
    pass(work, Duration.ofSeconds(15));
    assertThat(incidents()).anyMatch(words -> words.startsWith("repository-away: "));
    acts.mend("backup");
    pass(work, Duration.ofSeconds(90));
    assertThat(incidents()).isEmpty();
  }

  @Test
  void without_a_stream_the_age_of_what_is_lacking_is_told_when_it_passes_its_bound() {
    BackupWork work = scheduled();
    pass(work, Duration.ofSeconds(1));
    assertThat(incidents()).isEmpty();
    nodeOp = 10;
    pass(work, Duration.ofSeconds(1));
    progress().look();
    pass(work, Duration.ofSeconds(31));
    assertThat(incidents())
        .anyMatch(words -> words.startsWith("backup-late: repository main (file:/backup)"));
    onDuty = false;
    pass(work, Duration.ofSeconds(1));
    progress().elsewhere();
    assertThat(incidents()).as("for the node on duty to say").isEmpty();
  }

  @Test
  void two_nodes_that_both_believe_to_be_on_duty_take_one_backup_each_and_then_go_on_as_one() {
    BackupWork one = scheduled();
    BackupWork other = scheduled();
    List<String> both = new ArrayList<>();
    one.turn(); // both look the repository up before either has taken a backup
    other.turn();
    both.addAll(pass(one, Duration.ofSeconds(1)));
    both.addAll(pass(other, Duration.ofSeconds(1)));
    assertThat(both).filteredOn("backup"::equals).hasSize(2);

    List<String> later = new ArrayList<>();
    for (int i = 0; i < 24 * 6; i++) {
      later.addAll(pass(one, TICK.multipliedBy(2)));
      later.addAll(pass(other, TICK.multipliedBy(2)));
      clock.advance(Duration.ofMinutes(10));
    }
    assertThat(later).filteredOn("backup"::equals).hasSizeBetween(3, 5);
  }
}

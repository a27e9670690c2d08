package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.Clock;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.testkit.ManualClock;
import io.holdfast.vault.Writers.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class WritersTest {
  private final ManualClock world = new ManualClock();
  private long storeAheadMillis;
  private final ShelfRepository shelf =
      new ShelfRepository(() -> world.wallNanos() / 1_000_000 + storeAheadMillis);
  private final Vault vault = new Vault(shelf, RepositoryKeys.create());
  private final List<Runnable> meanwhile = new ArrayList<>();

  /** A host whose wall clock may be wrong by any amount, and may jump. */
  private final class HostClock implements Clock {
    private long ahead;

    HostClock(Duration ahead) {
      this.ahead = ahead.toNanos();
    }

    @Override
    public long wallNanos() {
      return world.wallNanos() + ahead;
    }

    @Override
    public long monotonicNanos() {
      return world.monotonicNanos();
    }
  }

  private final HostClock here = new HostClock(Duration.ZERO);

  private Writers writers(Clock clock) {
    return new Writers(
        vault,
        clock,
        length -> {
          world.advance(length);
          List.copyOf(meanwhile).forEach(Runnable::run);
        });
  }

  private Turn enter(Role role) {
    return writers(here).enter(role, Duration.ZERO);
  }

  /** What a process leaves that was killed: marks that nobody renews or takes away. */
  private void killed(Role role, Clock clock) {
    new WriterMark(WriterMark.FORMAT, role, "elsewhere", 7, clock.wallNanos(), null, false)
        .put(vault, new WriterMark.Name("00112233445566778899aabbccddeeff", 1));
  }

  private void markOf(OwnProcess process) {
    new WriterMark(WriterMark.FORMAT, Role.EXPIRE, "here", process.pid(), 0, process, false)
        .put(vault, new WriterMark.Name("00112233445566778899aabbccddeeff", 1));
  }

  private void renewed(long number) {
    new WriterMark(WriterMark.FORMAT, Role.BACKUP, "elsewhere", 7, 0, null, false)
        .put(vault, new WriterMark.Name("00112233445566778899aabbccddeeff", number));
  }

  @Test
  void several_backups_are_in_at_once_and_an_expiry_is_not() {
    try (Turn one = enter(Role.BACKUP);
        Turn two = enter(Role.BACKUP)) {
      one.check();
      two.check();
      refused("repository-busy", () -> enter(Role.EXPIRE));
    }
    enter(Role.EXPIRE).close();
    assertThat(shelf.names()).isEmpty();
  }

  @Test
  void a_process_of_this_machine_that_was_killed_keeps_nobody_out_for_longer_than_a_look()
      throws Exception {
    Process other = new ProcessBuilder("sleep", "600").start();
    OwnProcess here = Objects.requireNonNull(OwnProcess.here());
    OwnProcess of = new OwnProcess(here.machine(), other.pid(), OwnProcess.startOf(other.pid()));
    markOf(of);
    refused("repository-busy", () -> enter(Role.BACKUP));
    other.destroyForcibly().waitFor();
    long before = world.monotonicNanos();
    enter(Role.BACKUP).close();
    assertThat(Duration.ofNanos(world.monotonicNanos() - before))
        .isBetween(Writers.ARRIVED, Writers.ARRIVED.plus(Writers.LOOKED));
    assertThat(shelf.names()).isEmpty();
  }

  @Test
  void a_number_that_was_given_to_another_process_says_nothing_of_the_first() {
    OwnProcess here = Objects.requireNonNull(OwnProcess.here());
    markOf(new OwnProcess(here.machine(), here.pid(), here.startedTicks() - 1));
    enter(Role.BACKUP).close();
  }

  @Test
  void nobody_knows_of_a_process_of_another_machine_whether_it_runs() {
    OwnProcess here = Objects.requireNonNull(OwnProcess.here());
    for (String machine : List.of("another", here.machine() + "1")) {
      markOf(new OwnProcess(machine, Long.MAX_VALUE, 0));
      refused("repository-busy", () -> enter(Role.BACKUP));
      shelf.lose("writers/00112233445566778899aabbccddeeff-00000001");
    }
  }

  @Test
  void one_expiry_keeps_another_out() {
    try (Turn expiry = enter(Role.EXPIRE)) {
      expiry.check();
      refused("repository-busy", () -> enter(Role.EXPIRE));
    }
  }

  @Test
  void a_backup_waits_for_an_expiry_to_end() {
    Turn expiry = enter(Role.EXPIRE);
    meanwhile.add(expiry::close);
    try (Turn backup = writers(here).enter(Role.BACKUP, Duration.ofMinutes(1))) {
      backup.check();
    }
    assertThat(meanwhile).hasSize(1);
  }

  @Test
  void who_refuses_leaves_no_mark_and_names_the_other() {
    try (Turn backup = enter(Role.BACKUP)) {
      backup.check();
      assertThatThrownBy(() -> enter(Role.EXPIRE))
          .hasMessageContaining("a backup of host")
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      assertThat(shelf.names()).hasSize(1);
    }
  }

  @Test
  void a_killed_backup_keeps_an_expiry_out_for_fifteen_minutes_and_three_of_watching() {
    killed(Role.BACKUP, here);
    world.advance(Duration.ofMinutes(14));
    refused("repository-busy", () -> enter(Role.EXPIRE));
    world.advance(Duration.ofMinutes(1));
    long began = world.monotonicNanos();
    try (Turn expiry = enter(Role.EXPIRE)) {
      expiry.check();
    }
    assertThat(Duration.ofNanos(world.monotonicNanos() - began))
        .isBetween(Writers.WATCHED, Writers.WATCHED.plus(Writers.LOOKED));
    assertThat(shelf.names()).isEmpty();
  }

  @Test
  void a_backup_that_lives_is_never_taken_for_dead_when_the_clock_of_the_store_jumps() {
    killed(Role.BACKUP, here);
    storeAheadMillis = Duration.ofDays(3).toMillis();
    AtomicInteger looks = new AtomicInteger();
    meanwhile.add(
        () -> {
          if (looks.incrementAndGet() == 10) {
            renewed(2); // within its minute
          }
        });
    refused("repository-busy", () -> enter(Role.EXPIRE));
    assertThat(looks).hasValue(10);
  }

  @Test
  void the_clocks_of_hosts_do_not_matter() {
    for (Duration ahead : List.of(Duration.ofDays(-400), Duration.ofDays(400))) {
      HostClock there = new HostClock(ahead);
      try (Turn backup = writers(there).enter(Role.BACKUP, Duration.ZERO)) {
        backup.check();
        refused("repository-busy", () -> enter(Role.EXPIRE));
      }
    }
  }

  @Test
  void a_mark_of_times_to_come_is_dead_when_it_was_watched_for_fifteen_minutes() {
    storeAheadMillis = Duration.ofDays(4000).toMillis();
    killed(Role.BACKUP, here);
    storeAheadMillis = 0;
    refused("repository-busy", () -> enter(Role.EXPIRE));
    try (Turn expiry = writers(here).enter(Role.EXPIRE, Duration.ofMinutes(16))) {
      expiry.check();
    }
  }

  @Test
  void a_mark_that_cannot_be_read_keeps_all_out() {
    shelf.put("writers/00112233445566778899aabbccddeeff-00000001", new byte[] {1, 2, 3});
    refused("repository-busy", () -> enter(Role.EXPIRE));
    refused("repository-busy", () -> enter(Role.BACKUP));
  }

  @Test
  void who_could_not_renew_for_ten_minutes_has_lost_its_turn() {
    try (Turn backup = enter(Role.BACKUP)) {
      shelf.setUnavailable(true);
      world.advance(Turn.LOST.minusMinutes(1));
      shelf.setUnavailable(false);
      backup.renewIfDue();
      world.advance(Turn.LOST.minusMinutes(1));
      assertThatCode(backup::check).doesNotThrowAnyException();
      shelf.setUnavailable(true);
      world.advance(Duration.ofMinutes(1));
      refused("turn-lost", backup::check);
      shelf.setUnavailable(false);
    }
  }

  @Test
  void who_slept_with_its_machine_has_lost_its_turn() {
    try (Turn backup = enter(Role.BACKUP)) {
      here.ahead += Turn.LOST.toNanos();
      refused("turn-lost", backup::check);
    }
  }

  @Test
  void who_was_found_dead_has_lost_its_turn() {
    try (Turn backup = enter(Role.BACKUP)) {
      shelf.names().forEach(shelf::lose);
      refused("turn-lost", backup::check);
    }
  }

  @Test
  void a_turn_keeps_its_last_two_marks_so_that_no_listing_misses_it() {
    try (Turn backup = enter(Role.BACKUP)) {
      for (int i = 0; i < 5; i++) {
        world.advance(Writers.RENEWED);
        backup.renewIfDue();
        backup.check();
        assertThat(shelf.names()).hasSize(2);
      }
    }
    assertThat(shelf.names()).isEmpty();
  }

  @Test
  void a_turn_that_ended_where_nothing_can_be_deleted_keeps_nobody_out() {
    shelf.beforePut(shelf::lock);
    enter(Role.BACKUP).close();
    assertThat(shelf.names()).isNotEmpty();
    enter(Role.EXPIRE).close();
    enter(Role.BACKUP).close();
  }

  @Test
  void a_store_that_does_not_list_what_was_just_put_is_refused() {
    shelf.beforePut(name -> {});
    ShelfRepository forgetful = new ShelfRepository(() -> 0);
    Vault lagging = new Vault(new Lagging(forgetful), RepositoryKeys.create());
    refused(
        "repository-unavailable",
        () -> new Writers(lagging, here, world::advance).enter(Role.EXPIRE, Duration.ZERO));
  }

  @Test
  void of_two_that_come_together_never_are_both_roles_in() throws Exception {
    AtomicInteger backups = new AtomicInteger();
    AtomicInteger expiries = new AtomicInteger();
    AtomicInteger both = new AtomicInteger();
    AtomicInteger entered = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (Role role : List.of(Role.BACKUP, Role.EXPIRE, Role.BACKUP, Role.EXPIRE)) {
        AtomicInteger own = role == Role.BACKUP ? backups : expiries;
        all.add(
            threads.submit(
                () -> {
                  go.await();
                  for (int i = 0; i < 200; i++) {
                    try (Turn turn =
                        new Writers(vault, here, length -> {}).enter(role, Duration.ZERO)) {
                      own.incrementAndGet();
                      entered.incrementAndGet();
                      int e = expiries.get();
                      if (e > 1 || (e == 1 && backups.get() > 0)) {
                        both.incrementAndGet();
                      }
                      turn.check();
                      own.decrementAndGet();
                    } catch (HoldfastException busy) {
                      assertThat(busy.code()).isEqualTo("repository-busy");
                    }
                  }
                  return null;
                }));
      }
      go.countDown();
      for (Future<?> each : all) {
        each.get();
      }
    }
    assertThat(both).hasValue(0);
    assertThat(entered.get()).isPositive();
  }

  /** A store whose listings lag behind. */
  private record Lagging(Repository store) implements Repository {
    @Override
    public String describe() {
      return store.describe();
    }

    @Override
    public boolean put(String name, byte[] bytes) {
      return store.put(name, bytes);
    }

    @Override
    public byte[] get(String name) {
      return store.get(name);
    }

    @Override
    public boolean has(String name) {
      return store.has(name);
    }

    @Override
    public List<StoredObject> list(String prefix) {
      return List.of();
    }

    @Override
    public void delete(String name) {
      store.delete(name);
    }

    @Override
    public void close() {}
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(HoldfastException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}

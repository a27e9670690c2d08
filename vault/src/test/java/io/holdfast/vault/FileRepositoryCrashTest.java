package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.testkit.HostileDisk;
import io.holdfast.testkit.HostileDisk.Fault;
import io.holdfast.testkit.ManualClock;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The power goes, or the disk fails, at each call that a put makes. */
class FileRepositoryCrashTest {
  private static final Path ROOT = Path.of("/backup");
  private static final String BEFORE = "objects/ab/before";
  private static final String NAME = "objects/ab/now";
  private static final int SEEDS = 40;
  private static final byte[] CONTENT = RepositoryContract.random(5_000, 7);

  private static Repository open(HostileDisk disk) {
    return FileRepository.open(ROOT, disk, new ManualClock());
  }

  private static Repository prepared(HostileDisk disk) {
    FileRepository.create(ROOT, disk);
    Repository repository = open(disk);
    repository.put(BEFORE, CONTENT);
    return repository;
  }

  private static byte @Nullable [] found(Repository repository, String name) {
    return repository.has(name) ? repository.get(name) : null;
  }

  @Test
  void what_a_put_promised_outlasts_a_crash() {
    for (long seed = 0; seed < SEEDS; seed++) {
      HostileDisk disk = new HostileDisk(seed);
      assertThat(prepared(disk).put(NAME, CONTENT)).isTrue();
      disk.crash();
      assertThat(open(disk).get(NAME)).as("seed %d", seed).isEqualTo(CONTENT);
      assertThat(open(disk).get(BEFORE)).as("seed %d", seed).isEqualTo(CONTENT);
    }
  }

  @Test
  void after_a_crash_at_any_call_an_object_is_there_whole_or_not_at_all() {
    int interrupted = 0;
    int there = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      for (int call = 0; ; call++) {
        HostileDisk disk = new HostileDisk(seed);
        Repository repository = prepared(disk);
        disk.failAfter(call, Fault.FAILING);
        boolean done = putFails(repository, "repository-unavailable");
        disk.crash();
        Repository after = open(disk);
        byte[] content = found(after, NAME);
        if (content != null) {
          assertThat(content).as("seed %d, call %d", seed, call).isEqualTo(CONTENT);
          there++;
        }
        assertThat(after.get(BEFORE)).isEqualTo(CONTENT);
        assertThat(after.list("objects/")).hasSize(content == null ? 1 : 2);
        assertThat(after.put(NAME, CONTENT)).isEqualTo(content == null);
        disk.crash();
        assertThat(open(disk).get(NAME)).as("seed %d, call %d", seed, call).isEqualTo(CONTENT);
        if (done) {
          break;
        }
        interrupted++;
      }
    }
    assertThat(interrupted).isGreaterThan(SEEDS * 5);
    assertThat(there).isBetween(SEEDS, interrupted);
  }

  @Test
  void a_full_disk_is_named_and_the_put_can_be_made_again_when_there_is_room() {
    for (int call = 0; ; call++) {
      HostileDisk disk = new HostileDisk(3);
      Repository repository = prepared(disk);
      disk.failAfter(call, Fault.FULL);
      boolean done = putFails(repository, "repository-full");
      disk.heal();
      repository.put(NAME, CONTENT);
      assertThat(repository.get(NAME)).as("call %d", call).isEqualTo(CONTENT);
      if (done) {
        assertThat(call).isGreaterThan(5);
        break;
      }
    }
  }

  @Test
  void what_one_process_finds_outlasts_a_crash_though_the_one_that_wrote_it_was_interrupted() {
    for (long seed = 0; seed < SEEDS; seed++) {
      for (int call = 0; ; call++) {
        HostileDisk disk = new HostileDisk(seed);
        Repository repository = prepared(disk);
        disk.failAfter(call, Fault.FAILING);
        boolean done = putFails(repository, "repository-unavailable");
        disk.heal();
        if (open(disk).has(NAME)) {
          disk.crash();
          assertThat(open(disk).get(NAME)).as("seed %d, call %d", seed, call).isEqualTo(CONTENT);
        }
        if (done) {
          break;
        }
      }
    }
  }

  @Test
  void what_was_deleted_stays_deleted() {
    for (long seed = 0; seed < SEEDS; seed++) {
      HostileDisk disk = new HostileDisk(seed);
      Repository repository = prepared(disk);
      repository.delete(BEFORE);
      disk.crash();
      assertThat(open(disk).has(BEFORE)).as("seed %d", seed).isFalse();
    }
  }

  /** Whether it did not fail. */
  private static boolean putFails(Repository repository, String code) {
    try {
      return repository.put(NAME, CONTENT);
    } catch (HoldfastException e) {
      assertThat(e.code()).isEqualTo(code);
      return false;
    }
  }

  @Test
  void a_failing_disk_is_no_missing_object() {
    HostileDisk disk = new HostileDisk(1);
    Repository repository = prepared(disk);
    disk.failAfter(0, Fault.FAILING);
    assertThatThrownBy(() -> repository.get(BEFORE))
        .extracting(RepositoryContract::codeOf)
        .isEqualTo("repository-unavailable");
    assertThatThrownBy(() -> repository.has(BEFORE))
        .extracting(RepositoryContract::codeOf)
        .isEqualTo("repository-unavailable");
  }

  @Test
  void what_the_system_denies_is_neither_missing_nor_free() {
    HostileDisk disk = new HostileDisk(1);
    Repository repository = prepared(disk);
    disk.failAfter(0, Fault.DENIED);
    Stream.<Runnable>of(
            () -> open(disk),
            () -> repository.put(NAME, CONTENT),
            () -> repository.get(BEFORE),
            () -> repository.has(NAME),
            () -> repository.list(""),
            () -> repository.delete(BEFORE))
        .forEach(
            call ->
                assertThatThrownBy(call::run)
                    .hasMessageContaining("/backup")
                    .extracting(RepositoryContract::codeOf)
                    .isEqualTo("repository-denied"));
  }
}

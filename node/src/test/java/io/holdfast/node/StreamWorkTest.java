package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.testkit.ManualClock;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.MasterKeyFiles;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.RepositoryLocation;
import io.holdfast.vault.Vault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stream does when there is nothing to go on from, or nothing goes. */
class StreamWorkTest {
  @TempDir Path temporary;

  private final ManualClock clock = new ManualClock();
  private final AtomicInteger backupsWanted = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicReference<@Nullable HoldfastException> failure = new AtomicReference<>();
  private final Relief relief = new Relief(StreamWork.FAILURES_MAX, clock);
  private final RepositoryProgress progress =
      new RepositoryProgress(
          RepositoryConfigs.main(
              Path.of("/backup"),
              Path.of("/key"),
              true,
              RepositoryConfigs.NEVER,
              RepositoryConfigs.NEVER,
              null),
          () -> 9,
          clock::wallNanos,
          clock);
  private boolean onDuty = true;

  private StreamWork stream(OpenVault vault) {
    return new StreamWork(
        "main",
        vault,
        new NoSource(),
        () -> onDuty,
        relief,
        progress,
        backupsWanted::incrementAndGet);
  }

  /** Fails as long as there is a failure; what it opens is an empty repository. */
  private OpenVault vault() {
    Path keyFile = temporary.resolve("vault.key");
    MasterKeyFiles.create(keyFile);
    MasterKey key = new MasterKey.KeyFile(keyFile);
    RepositoryLocation location =
        RepositoryLocation.parse("file:" + temporary.resolve("repository"));
    Vault.create(Repositories.create(location), key).close();
    return new OpenVault(
        () -> {
          opened.incrementAndGet();
          HoldfastException now = failure.get();
          if (now != null) {
            throw now;
          }
          return Vault.open(Repositories.open(location), key);
        });
  }

  private void fail(String code) {
    failure.set(new HoldfastException(code, "so it is", ""));
  }

  @Test
  void without_a_backup_to_go_on_from_one_is_wanted() {
    StreamWork stream = stream(vault());
    assertThat(stream.turn()).isEqualTo(Duration.ofSeconds(1));
    assertThat(progress.status().state()).isEqualTo("first-backup");
    assertThat(backupsWanted).hasValue(1);
    assertThat(stream.end()).as("a backup has all then").isNull();
  }

  @Test
  void a_step_that_failed_is_tried_again_twice_as_late_each_time_up_to_five_seconds() {
    fail("repository-unavailable");
    StreamWork stream = stream(vault());
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      waits.add(stream.turn().toMillis());
    }
    assertThat(waits).containsExactly(250L, 500L, 1_000L, 2_000L, 4_000L, 5_000L, 5_000L, 5_000L);
    assertThat(progress.status().state()).isEqualTo("fails");
    assertThat(progress.status().failures()).isEqualTo(8);
    assertThat(backupsWanted).as("a backup would not help").hasValue(0);

    failure.set(null);
    stream.turn();
    fail("repository-unavailable");
    onDuty = false;
    stream.turn();
    onDuty = true;
    assertThat(stream(vaultAgain()).turn()).as("from the beginning").hasMillis(250);
  }

  private OpenVault vaultAgain() {
    return new OpenVault(
        () -> {
          throw new HoldfastException("repository-unavailable", "so it is", "");
        });
  }

  @Test
  void what_a_new_backup_may_cure_makes_one_wanted_after_three_failures() {
    fail("object-damaged");
    StreamWork stream = stream(vault());
    stream.turn();
    stream.turn();
    assertThat(backupsWanted).hasValue(0);
    stream.turn();
    assertThat(backupsWanted).hasValue(1);
  }

  @Test
  void after_five_failures_in_a_row_another_node_is_to_do_it() {
    fail("key-file-missing");
    StreamWork stream = stream(vault());
    for (int i = 0; i < 4; i++) {
      stream.turn();
    }
    assertThat(relief.wanted()).isFalse();
    stream.turn();
    assertThat(relief.wanted()).isTrue();
    assertThat(progress.incidents(relief.wanted()))
        .anyMatch(
            words ->
                words.startsWith("repository-declined: ") && words.contains("key-file-missing"));
  }

  @Test
  void a_node_that_loses_the_duty_lets_go_at_once_and_touches_nothing() {
    fail("repository-unavailable");
    StreamWork stream = stream(vault());
    stream.turn();
    onDuty = false;
    int before = opened.get();
    assertThat(stream.turn()).isEqualTo(StreamWork.OFF_DUTY);
    assertThat(opened).hasValue(before);
    assertThat(progress.status().state()).isEqualTo("elsewhere");
    assertThat(progress.status().rpoSeconds()).isEqualTo(-1);
    onDuty = true;
    assertThat(stream.turn()).as("its failures are forgotten").hasMillis(250);
  }
}

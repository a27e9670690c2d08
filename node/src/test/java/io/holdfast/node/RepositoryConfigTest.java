package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.ObjectLock;
import io.holdfast.vault.RepositoryLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepositoryConfigTest {
  private static final String TWO =
      """
      vault:
        repositories:
          main:
            location: file:/backup/main
            key-file: keys/vault.key
          far-away:
            location: s3://bank-backup/ledger
            endpoint: https://s3.example:9000
            region: eu-central-1
            path-style: true
            passphrase-file: pass
            schedule: daily 02:00
            continuous: false
            rate-limit: 16MiB
            object-lock-days: 30
            object-lock-mode: governance
            legal-hold: true
            replay-bound: 2000000
            verify: none
            rpo-bound: 1500m
            expire: {keep-last: 3, keep-daily: 7, keep-within: 36h, apply: true}
      """;

  @TempDir Path directory;

  private Path file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("holdfast.yaml"), yaml);
  }

  @Test
  void repositories_are_read_with_their_defaults() throws IOException {
    List<RepositoryConfig> all = NodeConfig.read(file(TWO), Map.of(), Map.of()).repositories();
    assertThat(all).extracting(RepositoryConfig::name).containsExactly("main", "far-away");
    RepositoryConfig main = all.getFirst();
    assertThat(main.key().read())
        .isEqualTo(new MasterKey.KeyFile(directory.resolve("keys/vault.key")));
    assertThat(main.keep()).isNull();
    assertThat(main.work())
        .isEqualTo(
            new RepositoryConfig.Work(
                new Schedule.Every(Duration.ofHours(6)),
                true,
                16 << 20,
                10_000_000,
                new Schedule.Every(Duration.ofDays(7)),
                Duration.ofSeconds(30)));
  }

  @Test
  void each_setting_of_a_repository_counts() throws IOException {
    RepositoryConfig far = RepositoryConfig.read(file(TWO), "far-away", Map.of());
    assertThat(far)
        .isEqualTo(
            new RepositoryConfig(
                "far-away",
                "s3://bank-backup/ledger",
                "https://s3.example:9000",
                "eu-central-1",
                true,
                new RepositoryConfig.KeySource.OfPassphrase(directory.resolve("pass")),
                new RepositoryConfig.Lock(30, "governance", true),
                new RepositoryConfig.Work(
                    new Schedule.Daily(LocalTime.of(2, 0)),
                    false,
                    16 << 20,
                    2_000_000,
                    new Schedule.Never(),
                    Duration.ofHours(25)),
                new RepositoryConfig.Keep(3, 7, 0, 0, Duration.ofHours(36), true)));
  }

  @Test
  void how_a_store_locks_objects_comes_to_the_repository() throws IOException {
    RepositoryLocation far = RepositoryConfig.read(file(TWO), "far-away", Map.of()).where();
    assertThat(far)
        .isInstanceOfSatisfying(
            RepositoryLocation.InBucket.class,
            bucket ->
                assertThat(bucket.lock())
                    .isEqualTo(new ObjectLock(30, ObjectLock.Mode.GOVERNANCE, true)));
  }

  @Test
  void the_environment_overrides_a_repositorys_settings() throws IOException {
    RepositoryConfig far =
        RepositoryConfig.read(
            file(TWO),
            "far-away",
            Map.of(
                "HOLDFAST_CONFIG_VAULT_REPOSITORIES_FAR_AWAY_PASSPHRASE_FILE", "/run/pass",
                "HOLDFAST_CONFIG_VAULT_REPOSITORIES_FAR_AWAY_EXPIRE_KEEP_LAST", "9"));
    assertThat(far.key())
        .isEqualTo(new RepositoryConfig.KeySource.OfPassphrase(Path.of("/run/pass")));
    assertThat(far.keep()).extracting(RepositoryConfig.Keep::last).isEqualTo(9);
  }

  @Test
  void a_repository_that_is_not_configured_is_refused_with_those_that_are() throws IOException {
    Path file = file(TWO);
    HoldfastException e =
        catchThrowableOfType(
            HoldfastException.class, () -> RepositoryConfig.read(file, "mian", Map.of()));
    assertThat(e.code()).isEqualTo("no-such-repository");
    assertThat(e.message()).contains("mian").contains("main, far-away");
    assertThat(
            catchThrowableOfType(
                    HoldfastException.class, () -> RepositoryConfig.read(file, null, Map.of()))
                .code())
        .isEqualTo("no-such-repository");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "location | backup | file:/absolute/path",
        "location | file:backup | file:/absolute/path",
        "location | s3:/bucket | s3://BUCKET/PREFIX",
        "location | s3://B | s3://BUCKET/PREFIX",
        "endpoint | s3.example:9000 | https://HOST:PORT",
        "path-style | yes | true or false",
        "schedule | 6h | every 6h",
        "schedule | every 30s | 1 minute",
        "schedule | daily 2am | daily 02:00",
        "continuous | 1 | true or false",
        "rate-limit | 64 | KiB, MiB or GiB",
        "rate-limit | 1KiB | 64KiB to 16GiB",
        "object-lock-days | -1 | 0 to 36500",
        "object-lock-mode | forever | compliance or governance",
        "object-lock-mode | governance | only with object-lock-days",
        "legal-hold | 1 | true or false",
        "replay-bound | 10 | 10000 to 2000000000",
        "verify | weekly | daily 02:00",
        "expire.keep-last | many | a whole number",
        "expire.keep-within | 3 | h or d",
        "expire.keep-within | 36501d | at most 36500d",
        "expire.apply | true | only with a rule",
        "rpo-bound | 1s | 2s to",
        "kms | key | the URI of a key",
        "kms | aws-kms://key | exactly one of key-file, passphrase-file and kms; there are 2",
      })
  void a_value_that_is_not_allowed_is_refused_by_name_value_and_line(
      String key, String value, String allowed) throws IOException {
    String yaml =
        """
        vault.repositories.main:
          %skey-file: k
          %s: "%s"
        """
            .formatted(key.equals("location") ? "" : "location: file:/b\n  ", key, value);
    Path file = file(yaml);
    HoldfastException e =
        catchThrowableOfType(
            HoldfastException.class, () -> NodeConfig.read(file, Map.of(), Map.of()));
    assertThat(e.code()).isEqualTo("bad-setting");
    assertThat(e.message())
        .contains("vault.repositories.main." + (allowed.startsWith("exactly") ? "key-file" : key))
        .contains(allowed);
    assertThat(e.hint()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{key-file: k} | main.location is not set",
        "{location: 'file:/b'} | exactly one of key-file, passphrase-file and kms; there are 0",
        "{location: 'file:/b', key-file: k, shedule: none} | no setting",
      })
  void what_is_lacking_or_unknown_is_named(String of, String message) throws IOException {
    Path file = file("vault.repositories.main: " + of + "\n");
    HoldfastException e =
        catchThrowableOfType(
            HoldfastException.class, () -> NodeConfig.read(file, Map.of(), Map.of()));
    assertThat(e.code()).isEqualTo("bad-setting");
    assertThat(e.message()).contains(message);
    if (of.contains("shedule")) {
      assertThat(e.hint()).contains("vault.repositories.main.schedule");
    }
  }

  @Test
  void a_name_that_can_be_none_is_refused() throws IOException {
    Path file = file("vault.repositories.Main: {location: 'file:/b', key-file: k}\n");
    assertThat(
            catchThrowableOfType(
                    HoldfastException.class, () -> NodeConfig.read(file, Map.of(), Map.of()))
                .code())
        .isEqualTo("bad-setting");
  }
}

package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.RepositoryLocation;
import io.holdfast.vault.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupKeyCommandsTest {
  private static final byte[] CONTENT = "{}".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void keyFiles() {
    ok("backup", "key", "new", "main.key");
    ok("backup", "key", "new", "other.key");
  }

  @Test
  void a_repository_is_made_and_its_key_checked() throws IOException {
    Terminal.Ran made = ok("backup", "init", "--repository", "repo", "--key-file", "main.key");
    assertThat(made.out()).contains("made repository", "main", "a key file");
    assertThat(made.err()).contains("warning: there is one key slot", "backup key add");
    Terminal.Ran checked = at("key check");
    assertThat(checked.code()).as(checked.err()).isZero();
    assertThat(checked.out()).contains("the master key opens", "no backup yet");
    String name;
    try (Vault vault = vault("main.key")) {
      name = vault.publish("backups", CONTENT);
    }
    assertThat(at("key check").out()).contains("and its " + name);
    Path object = directory.resolve("repo").resolve(name);
    byte[] damaged = Files.readAllBytes(object);
    damaged[damaged.length / 2] ^= 1;
    Files.write(object, damaged);
    Terminal.Ran failed = at("key check");
    assertThat(failed.code()).isEqualTo(ExitCodes.NOT_PROVED);
    assertThat(failed.err()).contains("object-damaged", name);
  }

  @Test
  void json_says_the_same() throws IOException {
    Terminal.Ran made =
        ok("backup", "init", "--repository", "repo", "--key-file", "main.key", "--json");
    JsonNode json = new ObjectMapper().readTree(made.out());
    assertThat(json.path("slots").get(0).path("kind").asText()).isEqualTo("key-file");
    assertThat(json.path("opened_slot").asText()).isEqualTo("main");
    assertThat(json.path("warnings")).hasSize(1);
    JsonNode checked = new ObjectMapper().readTree(at("key check", "--json").out());
    assertThat(checked.path("id")).isEqualTo(json.path("id"));
  }

  @Test
  void slots_are_added_listed_and_removed() throws IOException {
    init();
    Terminal.Ran added = at("key add escrow", "--new-key-file", "other.key");
    assertThat(added.code()).as(added.err()).isZero();
    assertThat(added.err()).doesNotContain("warning");
    Terminal.Ran listed = ok("backup", "key", "list", "--repository", "repo");
    assertThat(listed.out()).contains("main", "escrow").doesNotContain("the master key given");
    Terminal.Ran other =
        ok("backup", "key", "check", "--repository", "repo", "--key-file", "other.key");
    assertThat(other.out()).containsPattern("escrow .*the master key given");
    Terminal.Ran unconfirmed = at("key remove escrow");
    assertThat(unconfirmed.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(unconfirmed.err()).contains("not-confirmed");
    assertThat(at("key remove escrow", "--yes").code()).isZero();
    Terminal.Ran gone =
        run("backup", "key", "check", "--repository", "repo", "--key-file", "other.key");
    assertThat(gone.code()).isEqualTo(ExitCodes.FAILED);
    assertThat(gone.err()).contains("wrong-master-key", "a key file (slot 'main')");
    Terminal.Ran last = at("key remove main", "--yes");
    assertThat(last.code()).isEqualTo(ExitCodes.FAILED);
    assertThat(last.err()).contains("key-slot-last");
    assertThat(at("key check").code()).isZero();
  }

  @Test
  void rotation_replaces_the_master_key_and_what_is_stored_stays_readable() throws IOException {
    init();
    String name;
    try (Vault vault = vault("main.key")) {
      name = vault.publish("backups", CONTENT);
    }
    Terminal.Ran rotated = at("key rotate", "--new-key-file", "other.key", "--data");
    assertThat(rotated.code()).as(rotated.err()).isZero();
    assertThat(rotated.out()).contains("data keys: 2");
    assertThat(at("key check").err()).contains("wrong-master-key");
    try (Vault vault = vault("other.key")) {
      assertThat(vault.published(name)).isEqualTo(CONTENT);
    }
  }

  @Test
  void a_passphrase_comes_from_a_file_or_the_environment_and_is_never_printed() throws IOException {
    secret("pass", "a green tea at four\n");
    Terminal.Ran made = ok("backup", "init", "--repository", "repo", "--passphrase-file", "pass");
    Terminal.Ran checked =
        new Terminal(directory, Map.of("HOLDFAST_PASSPHRASE", "a green tea at four"), false)
            .run("backup", "key", "check", "--repository", "repo");
    assertThat(checked.code()).as(checked.err()).isZero();
    Terminal.Ran wrong =
        new Terminal(directory, Map.of("HOLDFAST_PASSPHRASE", "a green tea at five"), false)
            .run("backup", "key", "check", "--repository", "repo");
    assertThat(wrong.code()).isEqualTo(ExitCodes.FAILED);
    assertThat(wrong.err()).contains("wrong-master-key");
    Terminal.Ran changed =
        new Terminal(
                directory,
                Map.of(
                    "HOLDFAST_PASSPHRASE", "a green tea at four",
                    "HOLDFAST_NEW_PASSPHRASE", "a black tea at nine"),
                false)
            .run("backup", "key", "rotate", "--new-passphrase", "--repository", "repo");
    assertThat(changed.code()).as(changed.err()).isZero();
    for (Terminal.Ran ran : List.of(made, checked, wrong, changed)) {
      assertThat(ran.out() + ran.err()).doesNotContain("tea at");
    }
  }

  @Test
  void a_second_init_changes_nothing() throws IOException {
    init();
    Terminal.Ran again = at("init");
    assertThat(again.code()).isEqualTo(ExitCodes.FAILED);
    assertThat(again.err()).contains("repository-exists");
    assertThat(at("key check").code()).isZero();
  }

  @Test
  void what_was_never_initialised_is_said_to_be_no_repository() throws IOException {
    Terminal.Ran missing = at("key check");
    assertThat(missing.code()).isEqualTo(ExitCodes.FAILED);
    assertThat(missing.err()).contains("repository-missing", "backup init");
  }

  @Test
  void a_configuration_names_repositories_and_their_keys() throws IOException {
    Files.writeString(
        directory.resolve("holdfast.yaml"),
        """
        vault.repositories.near: {location: 'file:%s/repo', key-file: main.key}
        vault.repositories.far: {location: 'file:%s/gone', key-file: main.key}
        """
            .formatted(directory, directory));
    init();
    Terminal.Ran near =
        run("backup", "key", "check", "--config", "holdfast.yaml", "--name", "near");
    assertThat(near.code()).as(near.err()).isZero();
    Terminal.Ran far = run("backup", "key", "check", "--config", "holdfast.yaml", "--name", "far");
    assertThat(far.err()).contains("repository-missing");
    Terminal.Ran both = run("backup", "key", "check", "--config", "holdfast.yaml");
    assertThat(both.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(both.err()).contains("2 repositories", "--name");
    Terminal.Ran none =
        run("backup", "key", "check", "--config", "holdfast.yaml", "--name", "nowhere");
    assertThat(none.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(none.err()).contains("no-such-repository", "near");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "key check | no-repository | --repository",
        "init --repository repo | no-master-key | HOLDFAST_PASSPHRASE",
        "key check --name x | usage | --config",
        "key check --config c.yaml --repository repo | usage | nothing else",
        "key check --config c.yaml --key-file main.key | usage | nothing else",
        "init --repository repo --key-file main.key --kms x | usage | --key-file and --kms are given",
        "key check --repository a --repository b --key-file main.key | usage | 2 repositories",
        "key check --repository ftp://x --key-file main.key | malformed-location | s3://bucket",
        "key check --repository s3:x --key-file main.key | malformed-location | s3://bucket",
        "key check --repository repo --region x --key-file main.key | malformed-location | region",
        "init --repository repo --passphrase-file short | weak-passphrase | at least 12",
        "init --repository repo --passphrase-file empty | malformed-passphrase | empty",
        "init --repository repo --key-file main.key --slot Main | malformed-slot-name | lower-case",
        "init --repository a --repository b --key-file main.key | usage | (a, b); allowed: one",
        "key add x --repository repo --key-file main.key | usage | no new master key",
        "key add x --new-kms k --new-passphrase --repository repo | usage | one of --new-key-file",
        "key rotate --repository repo --key-file main.key | usage | nothing to rotate",
        "key | usage | say what to do",
        "key add --repository repo | usage | SLOT",
        "key new | usage | FILE",
      })
  void bad_input_is_refused_before_anything_is_done(String words, String code, String said)
      throws IOException {
    secret("short", "elevenchars");
    secret("empty", "\n");
    List<String> arguments = new ArrayList<>(List.of("backup"));
    arguments.addAll(List.of(words.split(" ")));
    Terminal.Ran refused = run(arguments.toArray(String[]::new));
    assertThat(refused.err()).contains("code:  " + code, said);
    assertThat(refused.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(directory.resolve("repo/keys")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "init --repository repo --key-file gone.key | key-file-missing",
        "init --repository repo --key-file short | key-file-damaged",
        "init --repository repo --key-file open.key | key-file-exposed",
        "init --repository repo --kms no-such:key | key-service-unknown",
        "key new main.key | key-file-exists",
        "key new no/such/directory/x.key | key-file-unwritable",
      })
  void a_key_that_cannot_be_had_is_named(String words, String code) throws IOException {
    secret("short", "elevenchars");
    Files.copy(directory.resolve("main.key"), directory.resolve("open.key"));
    Files.setPosixFilePermissions(
        directory.resolve("open.key"), PosixFilePermissions.fromString("rw-r--r--"));
    List<String> arguments = new ArrayList<>(List.of("backup"));
    arguments.addAll(List.of(words.split(" ")));
    Terminal.Ran refused = run(arguments.toArray(String[]::new));
    assertThat(refused.err()).contains("code:  " + code);
    assertThat(refused.code()).isEqualTo(ExitCodes.FAILED);
    assertThat(directory.resolve("repo/keys")).doesNotExist();
  }

  private void init() {
    ok("backup", "init", "--repository", "repo", "--key-file", "main.key");
  }

  /** A command of backup on the repository, with its first key. */
  private Terminal.Ran at(String words, String... more) {
    List<String> arguments = new ArrayList<>(List.of("backup"));
    arguments.addAll(List.of(words.split(" ")));
    arguments.addAll(List.of("--repository", "repo", "--key-file", "main.key"));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private Vault vault(String key) {
    return Vault.open(
        Repositories.open(RepositoryLocation.parse("file:" + directory.resolve("repo"))),
        new MasterKey.KeyFile(directory.resolve(key)));
  }

  private void secret(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
    Files.setPosixFilePermissions(
        directory.resolve(name), PosixFilePermissions.fromString("rw-------"));
  }

  private Terminal.Ran ok(String... arguments) {
    Terminal.Ran ran = run(arguments);
    assertThat(ran.code()).as(ran.err()).isZero();
    return ran;
  }

  private Terminal.Ran run(String... arguments) {
    return Terminal.in(directory).run(arguments);
  }
}

package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a command on backups is said with its value, what is allowed, and a code. */
class BackupMessagesTest {
  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void make() {
    assertThat(Terminal.in(directory).run("backup", "key", "new", "main.key").code()).isZero();
    assertThat(on("init").code()).isZero();
  }

  private Terminal.Ran run(String... words) {
    return Terminal.in(directory).run(words);
  }

  /** On the repository, with its key. */
  private Terminal.Ran on(String command, String... options) {
    List<String> all = new ArrayList<>(List.of("backup"));
    all.addAll(List.of(command.split(" ")));
    all.addAll(List.of("--repository", "repo", "--key-file", "main.key"));
    all.addAll(List.of(options));
    return run(all.toArray(String[]::new));
  }

  private static void assertRefused(Terminal.Ran ran, int exit, String code, String... said) {
    assertThat(ran.err()).contains("code:  " + code).contains(said);
    assertThat(ran.code()).as(ran.err()).isEqualTo(exit);
  }

  private Path secret(String name, String text) throws IOException {
    return Files.setPosixFilePermissions(
        Files.writeString(directory.resolve(name), text),
        PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void a_repository_that_is_given_twice_is_named() {
    assertRefused(
        on("list", "--repository", "other"),
        ExitCodes.USAGE,
        "usage",
        "2 repositories are given (repo, other); allowed: one",
        "run it once for each");
    assertRefused(
        run("backup", "list", "--name", "main"),
        ExitCodes.USAGE,
        "usage",
        "--name main",
        "--config");
  }

  @Test
  void what_belongs_to_buckets_is_said_of_buckets_alone() {
    assertRefused(
        on("list", "--endpoint", "http://127.0.0.1:1"),
        ExitCodes.USAGE,
        "malformed-location",
        "http://127.0.0.1:1",
        "is no bucket");
    // Beside a bucket it is that one's: the directory is looked at, and found without a backup.
    assertRefused(
        run(
            "restore",
            "--repository",
            "repo",
            "--repository",
            "s3://bucket/x",
            "--endpoint",
            "http://127.0.0.1:1",
            "--region",
            "EU",
            "--key-file",
            "main.key",
            "--dry-run"),
        ExitCodes.USAGE,
        "malformed-location",
        "region of the repository is 'EU'");
  }

  @Test
  void keys_that_open_nothing_are_named() throws IOException {
    secret("empty.pass", "\nlater\n");
    assertRefused(
        run("backup", "list", "--repository", "repo", "--passphrase-file", "empty.pass"),
        ExitCodes.USAGE,
        "malformed-passphrase",
        "empty.pass",
        "first line");
    assertRefused(
        on("list", "--passphrase-file", "empty.pass"),
        ExitCodes.USAGE,
        "usage",
        "--key-file and --passphrase-file are given; allowed: one of them");
    assertRefused(
        run("backup", "list", "--repository", "repo", "--key-file", "none.key"),
        ExitCodes.FAILED,
        "key-file-missing",
        "none.key",
        "correct its path");
    assertRefused(
        run("backup", "key", "new", "no/such/place.key"),
        ExitCodes.FAILED,
        "key-file-unwritable",
        "its directory does not exist");
    assertRefused(
        run("backup", "export", "x.archive", "--offline", "n1"),
        ExitCodes.USAGE,
        "usage",
        "--archive-key-file");
  }

  @Test
  void a_directory_without_a_node_is_named() throws IOException {
    Files.createDirectories(directory.resolve("empty"));
    assertRefused(
        on("run", "--offline", "none"), ExitCodes.USAGE, "usage", "--offline is '", "none'");
    assertRefused(
        on("run", "--offline", "empty"), ExitCodes.USAGE, "usage", "it has no genesis.json");
    assertRefused(
        on("export x.archive", "--offline", "none"),
        ExitCodes.USAGE,
        "usage",
        "are both given; allowed: one of them");
  }

  @Test
  void an_archive_that_cannot_be_written_leaves_nothing_and_says_why() throws IOException {
    assertRefused(
        on("export x.archive"), ExitCodes.USAGE, "no-such-backup", "there is no backup in");
    assertThat(directory.resolve("x.archive.new")).doesNotExist();
  }

  @Test
  void backups_holds_and_rules_that_are_not_there_are_named() {
    assertRefused(
        on("show zzz"), ExitCodes.USAGE, "no-such-backup", "repo begins with 'zzz'", "list");
    assertRefused(
        on("hold add zzz", "--reason", "r", "--as", "a"),
        ExitCodes.USAGE,
        "no-such-backup",
        "'zzz'");
    assertRefused(
        on("hold add zzz", "--reason", " ", "--as", "a"),
        ExitCodes.USAGE,
        "usage",
        "--reason is ' '; allowed: some words");
    assertRefused(on("hold remove zzz"), ExitCodes.USAGE, "no-such-hold", "repo begins with 'zzz'");
    assertRefused(
        on("expire", "--keep-last", "-1"),
        ExitCodes.USAGE,
        "no-retention",
        "keep-last is -1; allowed: 0 or more");
    assertRefused(
        on("expire", "--keep-last", "1", "--accept-lost", "backups/zzz"),
        ExitCodes.USAGE,
        "no-such-backup",
        "'backups/zzz' is none of the lost backups",
        "leave --accept-lost out");
  }

  @Test
  void a_store_that_cannot_be_reached_is_named_with_its_address() {
    System.setProperty("aws.accessKeyId", "a");
    System.setProperty("aws.secretAccessKey", "b");
    try {
      assertRefused(
          run(
              "backup",
              "list",
              "--repository",
              "s3://bucket/x",
              "--endpoint",
              "http://127.0.0.1:1",
              "--path-style",
              "--key-file",
              "main.key"),
          ExitCodes.UNAVAILABLE,
          "repository-unavailable",
          "s3://bucket/x cannot be reached at http://127.0.0.1:1",
          "correct the endpoint");
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }
}

package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import io.holdfast.node.DirectoryLock;
import io.holdfast.vault.Backup;
import io.holdfast.vault.ColdSource;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.RepositoryLocation;
import io.holdfast.vault.Telling;
import io.holdfast.vault.Vault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of stopped nodes by command, through an archive and back. */
class BackupRunAndExportTest {
  private static final UInt128 LEDGER = UInt128.of(7);

  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void repository() {
    assertThat(run("backup", "key", "new", "main.key").code()).isZero();
    assertThat(at("init").code()).isZero();
  }

  private Terminal.Ran run(String... words) {
    return Terminal.in(directory).run(words);
  }

  private Terminal.Ran at(String command, String... options) {
    List<String> all = new ArrayList<>(List.of("backup"));
    all.addAll(List.of(command.split(" ")));
    all.addAll(List.of("--repository", "repo", "--key-file", "main.key"));
    all.addAll(List.of(options));
    return run(all.toArray(String[]::new));
  }

  private static String[] with(List<String> repository, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(repository);
    return all.toArray(String[]::new);
  }

  private static JsonNode json(Terminal.Ran ran) throws IOException {
    assertThat(ran.code()).as(ran.err() + ran.out()).isZero();
    return new ObjectMapper().readTree(ran.out());
  }

  /** A backup of a ledger that no node ever served. */
  private void backup() throws IOException {
    Path node = directory.resolve("ledger");
    WrongPayments payments = new WrongPayments(11);
    try (JournaledLedger ledger = new JournaledLedger(node, LEDGER);
        Vault vault =
            Vault.open(
                Repositories.open(RepositoryLocation.parse("file:" + directory.resolve("repo"))),
                new MasterKey.KeyFile(directory.resolve("main.key")))) {
      ledger.apply(WrongPayments.accounts());
      for (int i = 0; i < 20; i++) {
        ledger.apply(payments.batch(25));
      }
      ledger.flush();
      Path keys = node.resolve("keys");
      ColdSource source =
          new ColdSource(
              "main",
              "n1",
              Lineage.ofNew(LEDGER),
              DataKey.read(keys.resolve(DataKey.FILE)),
              keys,
              JournalPlaces.in(node));
      Backup.run(vault, source, Backup.Options.USUAL, new SystemClock(), Telling.NONE);
    }
  }

  /** Exports the backup, and restores a node from that file alone. */
  private void restoreFromArchive() throws IOException {
    backup();
    Terminal.Ran exported = at("export ledger.archive");
    assertThat(exported.code()).as(exported.err()).isZero();
    assertThat(exported.out()).contains("ledger.archive: ", "up to op 21 of ");
    Terminal.Ran restored = restore();
    assertThat(restored.code()).as(restored.err() + restored.out()).isZero();
  }

  private Terminal.Ran restore() {
    return run(
        "restore",
        "--repository",
        "archive:" + directory.resolve("ledger.archive"),
        "--key-file",
        "main.key",
        "--dir",
        "site",
        "--node",
        "n1=127.0.0.1:7400");
  }

  @Test
  void of_two_restores_into_one_directory_the_second_is_refused() throws IOException {
    backup();
    assertThat(at("export ledger.archive").code()).isZero();
    Path scratch = Files.createDirectories(directory.resolve(".site.restoring"));
    try (DirectoryLock first = DirectoryLock.take(scratch)) {
      Terminal.Ran second = restore();
      assertThat(second.code()).as(second.err()).isEqualTo(ExitCodes.FAILED);
      assertThat(second.err()).contains("another restore into", "site is running", "--dir");
      assertThat(scratch).isDirectoryContaining("glob:**/node.lock");
      assertThat(directory.resolve("site")).doesNotExist();
      assertThat(first).isNotNull();
    }
    assertThat(restore().code()).isZero();
    assertThat(scratch).doesNotExist();
  }

  @Test
  void a_node_restored_from_an_archive_alone_is_backed_up_beside_its_past() throws IOException {
    restoreFromArchive();

    Terminal.Ran ran = at("run", "--offline", "site/n1");

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("up to op 21 of ", "sent ", "MB/s");
    assertThat(ran.err()).isEmpty();
    JsonNode again = json(at("run", "--offline", "site/n1", "--json"));
    assertThat(again.path("sent_bytes").longValue()).isZero();
    assertThat(again.path("kind").asText()).isEqualTo("cold");
    assertThat(again.path("epoch").longValue()).isEqualTo(2);
    Terminal.Ran list = at("list");
    assertThat(list.code()).as(list.err()).isZero();
    assertThat(list.out().lines()).hasSize(4);
    assertThat(list.out()).contains("epoch/branch", " 1/0000", " 2/", again.path("id").asText());
    Terminal.Ran show = at("show " + again.path("id").asText().substring(0, 4));
    assertThat(show.code()).as(show.err()).isZero();
    assertThat(show.out()).contains(again.path("chain").asText(), "a restore fetches", "segment");
    assertThat(json(at("show " + again.path("id").asText(), "--json")).path("segments"))
        .isNotEmpty();
  }

  @Test
  void a_stopped_node_is_exported_under_another_key_and_imported() throws IOException {
    restoreFromArchive();
    assertThat(run("backup", "key", "new", "tape.key").code()).isZero();

    Terminal.Ran exported =
        run(
            "backup",
            "export",
            "tape.archive",
            "--offline",
            "site/n1",
            "--archive-key-file",
            "tape.key");

    assertThat(exported.code()).as(exported.err()).isZero();
    assertThat(at("import tape.archive").err()).contains("wrong-master-key");
    JsonNode imported = json(at("import tape.archive", "--archive-key-file", "tape.key", "--json"));
    assertThat(imported.path("kind").asText()).isEqualTo("imported");
    assertThat(at("list").out()).contains("imported");
    Terminal.Ran verified = at("verify");
    assertThat(verified.code()).as(verified.err() + verified.out()).isZero();
  }

  @Test
  void a_running_node_is_not_backed_up_offline() throws IOException {
    restoreFromArchive();
    try (FileChannel held =
            FileChannel.open(
                directory.resolve("site/n1/node.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var lock = held.lock()) {
      assertThat(lock.isValid()).isTrue();
      Terminal.Ran ran = at("run", "--offline", "site/n1");
      assertThat(ran.code()).isEqualTo(ExitCodes.FAILED);
      assertThat(ran.err()).contains("directory-in-use");
    }
  }

  @Test
  void a_damaged_journal_is_named_and_a_damaged_archive_refused() throws IOException {
    restoreFromArchive();
    Path segment = directory.resolve("site/n1/journal/00000000000000000001.segment");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 1;
    Files.write(segment, bytes);
    // Where the file is backed up already it is not read, and nothing bad comes of it.
    assertThat(at("run", "--offline", "site/n1").code()).isZero();
    List<String> other = List.of("--repository", "other", "--key-file", "main.key");
    assertThat(run(with(other, "backup", "init")).code()).isZero();

    Terminal.Ran ran = run(with(other, "backup", "run", "--offline", "site/n1"));

    assertThat(ran.code()).isEqualTo(ExitCodes.NOT_PROVED);
    assertThat(ran.err()).contains("journal-damaged", segment.getFileName().toString());
    assertThat(run(with(other, "backup", "list")).out()).contains("no backup in ");

    Path archive = directory.resolve("ledger.archive");
    byte[] whole = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(whole, whole.length - 1));
    Terminal.Ran imported = at("import ledger.archive");
    assertThat(imported.code()).isEqualTo(ExitCodes.NOT_PROVED);
    assertThat(imported.err()).contains("archive-damaged", "ledger.archive");
    Terminal.Ran exists = at("export ledger.archive");
    assertThat(exists.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(exists.err()).contains("archive-exists");
  }

  @Test
  void what_cannot_be_meant_is_refused() throws IOException {
    backup();
    assertThat(at("show ffffffff").code()).isEqualTo(ExitCodes.USAGE);
    assertThat(at("run").code()).isEqualTo(ExitCodes.USAGE);
    assertThat(run("backup", "run").err()).contains("no-site");
    assertThat(run("backup", "export", "x.archive", "--offline", "ledger").err())
        .contains("--archive-key-file");
  }
}

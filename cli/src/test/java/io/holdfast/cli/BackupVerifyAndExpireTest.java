package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.Backup;
import io.holdfast.vault.ColdSource;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.RepositoryLocation;
import io.holdfast.vault.Telling;
import io.holdfast.vault.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupVerifyAndExpireTest {
  @TempDir private Path directory = Path.of("");

  private String newestPiece = "";

  @BeforeEach
  void backups() throws IOException {
    assertThat(Terminal.in(directory).run("backup", "key", "new", "main.key").code()).isZero();
    assertThat(at("init").code()).isZero();
    Path node = directory.resolve("n1");
    WrongPayments payments = new WrongPayments(11);
    try (JournaledLedger ledger = new JournaledLedger(node);
        Vault vault =
            Vault.open(
                Repositories.open(RepositoryLocation.parse("file:" + directory.resolve("repo"))),
                new MasterKey.KeyFile(directory.resolve("main.key")))) {
      ledger.apply(WrongPayments.accounts());
      for (int backup = 0; backup < 2; backup++) {
        for (int i = 0; i < 20; i++) {
          ledger.apply(payments.batch(25));
        }
        ledger.flush();
        Path keys = node.resolve("keys");
        ColdSource source =
            new ColdSource(
                "main",
                "n1",
                Lineage.ofNew(UInt128.ZERO),
                DataKey.read(keys.resolve(DataKey.FILE)),
                keys,
                JournalPlaces.in(node));
        newestPiece =
            Backup.run(vault, source, Backup.Options.USUAL, new SystemClock(), Telling.NONE)
                .manifest()
                .segments()
                .getLast()
                .pieces()
                .getLast()
                .object();
      }
    }
  }

  private Terminal.Ran at(String command, String... options) {
    List<String> all = new ArrayList<>(List.of("backup"));
    all.addAll(List.of(command.split(" ")));
    all.addAll(List.of("--repository", "repo", "--key-file", "main.key"));
    all.addAll(List.of(options));
    return Terminal.in(directory).run(all.toArray(String[]::new));
  }

  private static JsonNode json(Terminal.Ran ran) throws IOException {
    return new ObjectMapper().readTree(ran.out());
  }

  @Test
  void a_whole_repository_is_proved_and_a_second_look_fetches_less() throws IOException {
    Terminal.Ran whole = at("verify");
    assertThat(whole.code()).as(whole.err()).isZero();
    assertThat(whole.out()).contains("proved", "can be restored up to op 41", "proofs/");
    JsonNode again = json(at("verify", "--since", "30d", "--json"));
    assertThat(again.path("proved").booleanValue()).isTrue();
    assertThat(again.path("skipped").intValue()).isGreaterThan(again.path("objects").intValue());
    Terminal.Ran sample = at("verify", "--sample", "10%", "--seed", "3");
    assertThat(sample.code()).as(sample.err()).isZero();
    assertThat(sample.out()).contains("--seed 3", "sampled");
  }

  @Test
  void a_damaged_object_is_named_with_what_it_holds_and_the_command_ends_with_7()
      throws IOException {
    Path object = directory.resolve("repo").resolve(newestPiece);
    byte[] bytes = Files.readAllBytes(object);
    bytes[bytes.length / 2] ^= 1;
    Files.write(object, bytes);
    Terminal.Ran ran = at("verify");
    assertThat(ran.code()).isEqualTo(ExitCodes.NOT_PROVED);
    assertThat(ran.out()).contains(newestPiece, "no moment from op", "NOT PROVED", "  proved");
    assertThat(ran.err()).contains("backup-not-proved");
    JsonNode found = json(at("verify", "--json"));
    assertThat(found.path("findings").get(0).path("object").asText()).isEqualTo(newestPiece);
  }

  @Test
  void nothing_expires_without_apply_and_a_held_backup_stays_with_it() throws IOException {
    Terminal.Ran dry = at("expire", "--keep-last", "1");
    assertThat(dry.code()).as(dry.err()).isZero();
    assertThat(dry.out()).contains("would delete 1 of 2 backups", "newest of its branch", "GOES");
    JsonNode plan = json(at("expire", "--keep-last", "1", "--json"));
    String oldest = plan.path("backups").get(1).path("id").asText();
    assertThat(plan.path("backups").get(1).path("stays").booleanValue()).isFalse();

    Terminal.Ran hold = at("hold add " + oldest, "--reason", "case 17", "--as", "Ann Ko");
    assertThat(hold.code()).as(hold.err()).isZero();
    assertThat(at("hold list").out()).contains(oldest, "case 17", "Ann Ko");
    assertThat(at("expire", "--keep-last", "1", "--apply").out())
        .contains("deleted 0 of 2", "held: case 17 (Ann Ko)");

    String id = json(at("hold list", "--json")).path("holds").get(0).path("id").asText();
    assertThat(at("hold remove " + id).code()).isZero();
    assertThat(at("hold list").out()).contains("no backup is held");
    assertThat(at("expire", "--keep-last", "1", "--apply").out()).contains("deleted 1 of 2");
    Terminal.Ran verified = at("verify");
    assertThat(verified.code()).as(verified.err()).isZero();
    assertThat(json(at("verify", "--json")).path("backups")).hasSize(1);
  }

  @Test
  void what_cannot_be_meant_is_refused() {
    for (String[] wrong :
        new String[][] {
          {"expire"},
          {"expire", "--keep-within", "soon"},
          {"verify", "--sample", "0"},
          {"verify", "--sample", "5", "--since", "3d"},
          {"verify", "--seed", "5"},
          {"verify zzzz"},
          {"hold remove zzzz"},
        }) {
      String[] options = Arrays.copyOfRange(wrong, 1, wrong.length);
      assertThat(at(wrong[0], options).code()).as(wrong[0]).isEqualTo(ExitCodes.USAGE);
    }
  }
}

package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.DataKey;
import io.holdfast.vault.BackupManifest.Erasure;
import io.holdfast.vault.BackupManifest.KeyRef;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was erased does not come back from a repository. */
class BackupKeysTest {
  private static final String MARCH = "2026-03-0123456789abcdef";
  private static final String APRIL = "2026-04-0123456789abcdef";
  private static final String LATER = "2026-03-fedcba9876543210";

  private final ShelfRepository shelf = new ShelfRepository(() -> 0);
  private final Vault vault = new Vault(shelf, RepositoryKeys.create());
  private final BackupKeys keys =
      new BackupKeys(vault, new Sender(vault), Path.of("keys"), DataKey.create());

  private KeyRef stored(String label) {
    byte[] identity = BackupKeys.identity(label);
    return new KeyRef(label, vault.store(ObjectKind.DETAILS_KEY, identity, identity).name());
  }

  private static BackupManifest backup(long lastOp, KeyRef... keys) {
    return new BackupManifest(
        BackupManifest.FORMAT,
        0,
        BackupManifest.Kind.HOT,
        List.of(),
        "main",
        "n1",
        "",
        "",
        "",
        lastOp,
        0,
        "",
        List.of(),
        List.of(),
        List.of(keys),
        List.of(),
        0,
        0,
        0);
  }

  @Test
  void a_key_of_an_erased_period_is_deleted_and_others_stay() {
    KeyRef march = stored(MARCH);
    KeyRef april = stored(APRIL);
    KeyRef data =
        new KeyRef(
            BackupKeys.DATA, vault.store(ObjectKind.DATA_KEY, new byte[8], new byte[1]).name());

    List<String> failures =
        keys.destroy(
            List.of(backup(40, march, april, data)),
            List.of(april),
            List.of(new Erasure(50, "2026-03")));

    assertThat(failures).isEmpty();
    assertThat(shelf.names())
        .doesNotContain(march.object())
        .contains(april.object(), data.object());
  }

  @Test
  void a_year_erases_its_months() {
    KeyRef march = stored(MARCH);
    keys.destroy(List.of(backup(40, march)), List.of(), List.of(new Erasure(50, "2026")));
    assertThat(shelf.names()).doesNotContain(march.object());
  }

  @Test
  void a_key_that_came_after_the_erasure_or_that_the_node_still_has_stays() {
    KeyRef march = stored(MARCH);
    KeyRef later = stored(LATER);

    keys.destroy(
        List.of(backup(40, march), backup(60, later)),
        List.of(march),
        List.of(new Erasure(50, "2026-03")));

    assertThat(shelf.names()).contains(march.object(), later.object());
  }

  @Test
  void a_key_that_the_store_keeps_is_told() {
    KeyRef march = stored(MARCH);
    shelf.lock(march.object());

    assertThat(
            keys.destroy(
                List.of(backup(40, march)), List.of(), List.of(new Erasure(50, "2026-03"))))
        .singleElement()
        .asString()
        .contains(MARCH, "locked");
  }
}

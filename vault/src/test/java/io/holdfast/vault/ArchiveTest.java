package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.vault.BackupManifest.CheckpointRef;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive holds a backup as a whole, or is refused. */
class ArchiveTest {
  private static final MasterKey MASTER =
      new MasterKey.Passphrase("correct horse battery staple".toCharArray());

  @TempDir Path temporary;

  private final ShelfRepository shelf = new ShelfRepository(() -> 0);
  private final Vault vault = new Vault(shelf, RepositoryKeys.create());

  private SourceNode node() throws IOException {
    SourceNode node = SourceNode.create(temporary.resolve("n1"), 1, 1 << 20);
    node.pay(60_000);
    return node;
  }

  private Manifests.Named backup(SourceNode node) {
    return Backup.run(vault, node.cold(), Backup.Options.USUAL, new SystemClock(), Telling.NONE)
        .named();
  }

  private Path file() {
    return temporary.resolve("ledger.archive");
  }

  private Vault opened() {
    return Vault.open(Repositories.open(RepositoryLocation.parse("archive:" + file())), MASTER);
  }

  /** All contents that a manifest names are there and are those of another vault. */
  private static void assertSame(
      Vault one, BackupManifest manifest, Vault other, BackupManifest theirs) {
    assertThat(manifest.lastOp()).isEqualTo(theirs.lastOp());
    assertThat(manifest.chain()).isEqualTo(theirs.chain());
    assertThat(manifest.segments()).hasSameSizeAs(theirs.segments());
    for (int i = 0; i < manifest.segments().size(); i++) {
      Segment segment = manifest.segments().get(i);
      Segment same = theirs.segments().get(i);
      assertThat(segment.pieces()).hasSameSizeAs(same.pieces());
      for (int k = 0; k < segment.pieces().size(); k++) {
        PieceRef piece = segment.pieces().get(k);
        assertThat(piece.sha256()).isEqualTo(same.pieces().get(k).sha256());
        assertThat(one.load(piece.object())).isEqualTo(other.load(same.pieces().get(k).object()));
      }
    }
    assertThat(manifest.checkpoints()).hasSize(1);
    CheckpointRef checkpoint = manifest.checkpoints().getFirst();
    PageMap map = PageMap.parse(one.load(checkpoint.map()));
    PageMap same = PageMap.parse(other.load(theirs.checkpoints().getFirst().map()));
    assertThat(map.frame()).isEqualTo(same.frame());
    for (int page = 0; page < map.pages(); page++) {
      byte[] object = one.load(map.object(page));
      int from = map.place(page) * 4096;
      assertThat(Digests.of(Arrays.copyOfRange(object, from, from + 4096)))
          .isEqualTo(same.digest(page));
    }
    assertThat(one.load(manifest.keys().getFirst().object()))
        .isEqualTo(other.load(theirs.keys().getFirst().object()));
  }

  @Test
  void a_backup_is_exported_and_imported_elsewhere_whole() throws IOException {
    Manifests.Named backup = backup(node());
    Archive.Exported exported = Archive.export(vault, backup, file(), MASTER, Telling.NONE);
    assertThat(Files.size(file())).isEqualTo(exported.sizeBytes());
    Vault other = new Vault(new ShelfRepository(() -> 0), RepositoryKeys.create());

    Manifests.Named imported;
    try (Vault archive = opened()) {
      Manifests.All all = Manifests.all(archive);
      assertThat(all.faults()).isEmpty();
      assertSame(archive, all.backups().getFirst().manifest(), vault, backup.manifest());
      imported = Archive.importInto(archive, other, new SystemClock(), Telling.NONE);
    }

    assertThat(imported.manifest().kind()).isEqualTo(BackupManifest.Kind.IMPORTED);
    assertSame(other, imported.manifest(), vault, backup.manifest());
    assertThat(Manifests.all(other).backups()).containsExactly(imported);
  }

  @Test
  void an_archive_of_a_stopped_node_holds_what_a_backup_of_it_holds() throws IOException {
    SourceNode node = node();
    Archive.export(node.cold(), file(), MASTER, Backup.Options.USUAL, Telling.NONE);
    Manifests.Named backup = backup(node);

    try (Vault archive = opened()) {
      BackupManifest manifest = Manifests.all(archive).backups().getFirst().manifest();
      assertSame(archive, manifest, vault, backup.manifest());
    }
  }

  @Test
  void importing_twice_sends_nothing_twice() throws IOException {
    Archive.export(vault, backup(node()), file(), MASTER, Telling.NONE);
    HookedRepository repository = new HookedRepository(new ShelfRepository(() -> 0));
    Vault other = new Vault(repository, RepositoryKeys.create());
    try (Vault archive = opened()) {
      Archive.importInto(archive, other, new SystemClock(), Telling.NONE);
      Manifests.Named again = Archive.importInto(archive, other, new SystemClock(), Telling.NONE);
      assertThat(again.manifest().sentBytes()).isZero();
    }
    assertThat(repository.puts()).doesNotHaveDuplicates();
  }

  @Test
  void an_archive_is_never_overwritten() throws IOException {
    Files.writeString(file(), "precious");
    Manifests.Named backup = backup(node());

    assertThatThrownBy(() -> Archive.export(vault, backup, file(), MASTER, Telling.NONE))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("archive-exists"));
    assertThat(file()).hasContent("precious");
  }

  @Test
  void an_export_that_fails_leaves_no_file() throws IOException {
    Manifests.Named backup = backup(node());
    shelf.lose(backup.manifest().segments().getLast().pieces().getLast().object());

    assertThatThrownBy(() -> Archive.export(vault, backup, file(), MASTER, Telling.NONE))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("object-missing"));
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).containsExactly(temporary.resolve("n1"));
    }
  }

  @Test
  void cut_off_anywhere_it_is_refused() throws IOException {
    Archive.export(vault, backup(node()), file(), MASTER, Telling.NONE);
    byte[] whole = Files.readAllBytes(file());
    for (int length : List.of(0, 10, 100, whole.length / 2, whole.length - 64, whole.length - 1)) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertThatThrownBy(this::opened)
          .isInstanceOfSatisfying(
              HoldfastException.class,
              e -> {
                assertThat(e.code()).isEqualTo("archive-damaged");
                assertThat(e.message()).contains(file().toString());
              });
    }
  }

  @Test
  void with_any_byte_flipped_it_is_refused_and_nothing_is_imported() throws IOException {
    Archive.export(vault, backup(node()), file(), MASTER, Telling.NONE);
    byte[] whole = Files.readAllBytes(file());
    for (int i = 0; i < 40; i++) {
      int at = i < 20 ? (int) ((long) whole.length * i / 20) : whole.length - 1 - (i - 20) * 7;
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(file(), flipped);
      ShelfRepository empty = new ShelfRepository(() -> 0);
      Vault other = new Vault(empty, RepositoryKeys.create());
      assertThatThrownBy(
              () -> {
                try (Vault archive = opened()) {
                  Archive.importInto(archive, other, new SystemClock(), Telling.NONE);
                }
              })
          .as("byte %s", at)
          .isInstanceOfSatisfying(
              HoldfastException.class,
              e -> assertThat(e.code()).isIn("archive-damaged", "object-damaged"));
      assertThat(empty.names()).noneMatch(name -> name.startsWith("backups/"));
    }
  }

  @Test
  void the_wrong_master_key_does_not_open_it() throws IOException {
    Archive.export(vault, backup(node()), file(), MASTER, Telling.NONE);
    assertThatThrownBy(
            () ->
                Vault.open(
                    Repositories.open(RepositoryLocation.parse("archive:" + file())),
                    new MasterKey.Passphrase("another horse battery staple".toCharArray())))
        .isInstanceOfSatisfying(
            HoldfastException.class, e -> assertThat(e.code()).isEqualTo("wrong-master-key"));
  }
}

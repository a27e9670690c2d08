package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.CheckpointAssembly;
import io.holdfast.journal.SegmentAssembly;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.vault.BackupManifest.CheckpointRef;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup holds the source's files, byte for byte, whatever happened while it was taken. */
class BackupTest {
  private static final long SEGMENT_BYTES = 10 << 20;
  private static final Disk DISK = SystemDisk.INSTANCE;

  @TempDir Path temporary;

  private final ShelfRepository shelf = new ShelfRepository(() -> 0);
  private final Vault vault = new Vault(shelf, RepositoryKeys.create());

  private Backup.Result backup(BackupSource source) {
    return Backup.run(vault, source, Backup.Options.USUAL, new SystemClock(), Telling.NONE);
  }

  /** Makes the files again from a manifest, and compares them with the source's. */
  private void assertRestores(BackupManifest manifest, SourceNode node) throws IOException {
    Path made = Files.createTempDirectory(temporary, "made");
    HexFormat hex = HexFormat.of();
    try (SegmentAssembly assembly = new SegmentAssembly(DISK, made, node.dataKey())) {
      for (Segment segment : manifest.segments()) {
        for (PieceRef piece : segment.pieces()) {
          assembly.write(vault.load(piece.object()), hex.parseHex(piece.sha256()));
        }
      }
    }
    List<Path> files = DISK.list(made);
    assertThat(files).hasSameSizeAs(manifest.segments());
    for (int i = 0; i < files.size(); i++) {
      byte[] theirs =
          Files.readAllBytes(node.places().segments().resolve(files.get(i).getFileName()));
      byte[] ours = Files.readAllBytes(files.get(i));
      assertThat(ours.length).isEqualTo((int) manifest.segments().get(i).sizeBytes());
      assertThat(Arrays.equals(ours, 0, ours.length, theirs, 0, ours.length)).isTrue();
    }
    for (CheckpointRef ref : manifest.checkpoints()) {
      PageMap map = PageMap.parse(vault.load(ref.map()));
      CheckpointAssembly.write(
          DISK,
          made.resolve("checkpoints"),
          node.dataKey(),
          map.frame(),
          page -> {
            byte[] object = vault.load(map.object(page));
            return Arrays.copyOfRange(object, map.place(page) * 4096, (map.place(page) + 1) * 4096);
          });
    }
  }

  @Test
  void what_was_backed_up_is_the_source_byte_for_byte() throws IOException {
    SourceNode node = SourceNode.create(temporary.resolve("n1"), 1, SEGMENT_BYTES);
    node.pay(100_000);

    Backup.Result result = backup(node.cold());

    assertThat(result.warnings()).isEmpty();
    assertThat(result.manifest().segments()).hasSizeGreaterThan(1);
    assertThat(result.manifest().checkpoints()).hasSize(1);
    assertThat(result.manifest().chain()).hasSize(64);
    assertRestores(Manifests.read(vault, result.name()).manifest(), node);
  }
}

package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs and a checkpoint that were written when their formats were fixed, of the history in the
 * golden segments: they can be read for ever, and what is written today is the same. Made by {@code
 * -Dholdfast.golden=write}, once for each version.
 */
class GoldenIndexTest {
  private static final int OPS = 30;
  private static final int GENERATION = 25;
  private static final int CHECKPOINT_OP = 24;

  @TempDir Path keys;
  private Path journal = Path.of("");
  private Path index = Path.of("");
  private Path checkpoints = Path.of("");
  private DataKey key = DataKey.create();

  @BeforeEach
  void read() throws IOException, URISyntaxException {
    URL folder = Objects.requireNonNull(GoldenIndexTest.class.getResource("/journal-1"));
    journal = Path.of(folder.toURI());
    index = journal.resolveSibling("index-1");
    checkpoints = journal.resolveSibling("checkpoints-1");
    SystemDisk.INSTANCE.writeSecret(
        keys.resolve(DataKey.FILE), Files.readAllBytes(journal.resolve(DataKey.FILE)));
    key = DataKey.read(keys.resolve(DataKey.FILE));
  }

  @Test
  void runs_and_a_checkpoint_of_version_1_are_read_and_agree_with_their_journal()
      throws IOException {
    JournalAudit.Result result =
        JournalAudit.verify(
            SystemDisk.INSTANCE,
            SegmentFiles.list(SystemDisk.INSTANCE, journal),
            index,
            checkpoints,
            key,
            segment -> {});
    assertThat(result.isWhole()).as("%s", result).isTrue();
    assertThat(result.runs()).hasSizeGreaterThan(1);
    assertThat(result.runs()).extracting(IndexRun::level).contains(0, 1);
    assertThat(result.checkpoints()).extracting(CheckpointFile::op).containsExactly(24L);
    assertThat(result.checkpoints().getFirst().root())
        .isEqualTo(Files.readString(checkpoints.resolve("root.txt")).strip());
  }

  @Test
  void what_is_written_today_has_the_same_bytes() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    Path written = Path.of("/written");
    for (Path file : SegmentFiles.list(SystemDisk.INSTANCE, journal)) {
      disk.writeDurably(written.resolve(name(file)), Files.readAllBytes(file));
    }
    try (OpenRuns runs = new OpenRuns(List.of())) {
      new IndexRebuild(disk, written, written, key, LedgerRun.LEDGER_ID, runs, GENERATION)
          .upTo(OPS, op -> {});
    }
    String root = writeCheckpoint(disk, written);
    List<Path> made =
        disk.list(written).stream().filter(file -> !SegmentFiles.isSegment(file)).toList();
    if ("write".equals(System.getProperty("holdfast.golden"))) {
      write(disk, made, root);
    }
    assertThat(made).hasSizeGreaterThan(2);
    for (Path file : made) {
      assertThat(disk.bytes(file))
          .isEqualTo(Files.readAllBytes(folder(file, index, checkpoints).resolve(name(file))));
    }
  }

  private String writeCheckpoint(HostileDisk disk, Path directory) throws IOException {
    byte[] chain = JournalChain.after(disk, directory, key, CHECKPOINT_OP);
    try (LedgerRun run = new LedgerRun(11, 15)) {
      while (run.ledger.op() < CHECKPOINT_OP) {
        run.next();
      }
      Checkpoint checkpoint =
          CheckpointWriter.write(
              disk,
              directory,
              key,
              Lineage.ofNew(LedgerRun.LEDGER_ID),
              run.ledger.freeze(),
              new CheckpointWriter.Place(chain, LedgerRun.GROUP, 3, CHECKPOINT_OP + 10),
              bytes -> {},
              () -> false);
      CheckpointFiles.complete(disk, directory, CHECKPOINT_OP);
      run.ledger.thaw();
      return Objects.requireNonNull(checkpoint).root();
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Path folder(Path file, Path ofRuns, Path ofCheckpoints) {
    return name(file).endsWith(".index") ? ofRuns : ofCheckpoints;
  }

  private static void write(HostileDisk disk, List<Path> files, String root) throws IOException {
    Path source = Path.of("src/test/resources");
    for (Path file : files) {
      Path to = folder(file, source.resolve("index-1"), source.resolve("checkpoints-1"));
      Files.createDirectories(to);
      Files.write(to.resolve(name(file)), disk.bytes(file));
    }
    Files.writeString(source.resolve("checkpoints-1/root.txt"), root + "\n");
  }

  @Test
  void a_file_of_a_later_version_is_named_as_such_and_left_alone() throws IOException {
    HostileDisk disk = SmallHistory.uninterrupted();
    Path segment = SegmentFiles.list(disk, HostileNode.JOURNAL).getLast();
    Path run = disk.list(HostileNode.INDEX).getFirst();
    Path checkpoint = disk.list(HostileNode.CHECKPOINTS).getLast();
    for (Path file : List.of(segment, run, checkpoint)) {
      byte[] bytes = disk.bytes(file);
      byte[] later = bytes.clone();
      ByteBuffer fields = ByteBuffer.wrap(later).order(ByteOrder.LITTLE_ENDIAN);
      CRC32C crc = new CRC32C();
      crc.update(fields.putShort(4, (short) 2).array(), 0, 124);
      fields.putInt(124, (int) crc.getValue());
      disk.writeDurably(file, later);
      assertThatThrownBy(() -> SmallHistory.runAll(disk, 0, SmallHistory.OPS))
          .as("%s", file)
          .isInstanceOfSatisfying(
              HoldfastException.class,
              e -> {
                assertThat(e.code()).isEqualTo("format-unknown");
                assertThat(e.message()).contains(file + " is of version 2");
              });
      assertThat(disk.bytes(file)).isEqualTo(later);
      disk.writeDurably(file, bytes);
    }
    SmallHistory.runAll(disk, 0, SmallHistory.OPS);
  }
}

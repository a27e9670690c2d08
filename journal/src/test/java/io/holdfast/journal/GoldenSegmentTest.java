package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.SystemDisk;
import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Segments that were written when the format was fixed: they can be read for ever, and what is
 * written today is the same. Made by {@code -Dholdfast.golden=write}, once for each version.
 */
class GoldenSegmentTest {
  private static final String FOLDER = "/journal-1";
  private static final Path WRITTEN = Path.of("/journal");

  @TempDir Path keys;
  private Path golden = Path.of("");
  private DataKey key = DataKey.create();

  @BeforeEach
  void read() throws IOException, URISyntaxException {
    URL folder = Objects.requireNonNull(GoldenSegmentTest.class.getResource(FOLDER));
    golden = Path.of(folder.toURI());
    SystemDisk.INSTANCE.writeSecret(
        keys.resolve(DataKey.FILE), Files.readAllBytes(golden.resolve(DataKey.FILE)));
    key = DataKey.read(keys.resolve(DataKey.FILE));
  }

  @Test
  void segments_of_version_1_are_read() throws IOException {
    List<Path> files = JournalVerifier.segments(SystemDisk.INSTANCE, golden);
    List<JournalSegment> segments =
        new JournalVerifier(SystemDisk.INSTANCE, key).verify(files, segment -> {});
    assertThat(segments).hasSize(5).allMatch(segment -> segment.fault() == null);
    assertThat(segments.getLast().lastOp()).isEqualTo(30);
    assertThat(segments.getLast().chain())
        .isEqualTo(Files.readString(golden.resolve("chain.txt")).strip());
  }

  @Test
  void what_is_written_today_has_the_same_bytes() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    Lineage lineage = Lineage.ofNew(LedgerRun.LEDGER_ID);
    JournalRecovery.End end = JournalRecovery.recover(disk, WRITTEN, key, lineage, 0);
    Journal.Setup setup =
        new Journal.Setup(
            disk,
            WRITTEN,
            WRITTEN.resolveSibling("index"),
            WRITTEN.resolveSibling("checkpoints"),
            key,
            lineage,
            LedgerRun.GROUP,
            0,
            20_000,
            4);
    try (JournalWriter writer = new JournalWriter(setup, end, new OpPlaces())) {
      for (byte[] entry : LedgerRun.entries(11, 30, 15)) {
        writer.write(entry, 0, entry.length);
      }
      writer.sync();
    }
    List<Path> files = SegmentFiles.list(disk, WRITTEN);
    byte[] chain = JournalRecovery.recover(disk, WRITTEN, key, lineage, 30).chain();
    if ("write".equals(System.getProperty("holdfast.golden"))) {
      write(disk, files, Chain.hex(chain));
    }
    for (Path file : files) {
      assertThat(disk.bytes(file))
          .isEqualTo(Files.readAllBytes(golden.resolve(String.valueOf(file.getFileName()))));
    }
  }

  private static void write(HostileDisk disk, List<Path> files, String chain) throws IOException {
    Path source = Path.of("src/test/resources" + FOLDER);
    for (Path file : files) {
      Files.write(source.resolve(String.valueOf(file.getFileName())), disk.bytes(file));
    }
    Files.writeString(source.resolve("chain.txt"), chain + "\n");
  }
}

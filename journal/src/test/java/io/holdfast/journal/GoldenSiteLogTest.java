package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A site's log that was written when the format was fixed: it can be read for ever, and what is
 * written today is the same. Made by {@code -Dholdfast.golden=write}, once for each version.
 */
class GoldenSiteLogTest {
  /** The kinds of when the files were made: a kind is a word, which the format leaves open. */
  private static final Set<ActKind> KINDS =
      EnumSet.complementOf(EnumSet.of(ActKind.BACKUP_TAKEN, ActKind.BACKUP_FAILED));

  private static final String FOLDER = "/site-log-1";
  private static final Path WRITTEN = Path.of("/site-log");
  private static final long FILE_BYTES = 1_500;

  @TempDir Path keys;
  private Path golden = Path.of("");
  private DataKey key = DataKey.create();

  @BeforeEach
  void read() throws IOException, URISyntaxException {
    URL folder = Objects.requireNonNull(GoldenSiteLogTest.class.getResource(FOLDER));
    golden = Path.of(folder.toURI());
    SystemDisk.INSTANCE.writeSecret(
        keys.resolve(DataKey.FILE), Files.readAllBytes(golden.resolve(DataKey.FILE)));
    key = DataKey.read(keys.resolve(DataKey.FILE));
  }

  @Test
  void a_log_of_version_1_is_read() throws IOException {
    SiteLogReader reader = new SiteLogReader(SystemDisk.INSTANCE, golden, key);
    List<SiteLogFile> files = reader.verify();
    assertThat(files).hasSizeGreaterThan(1).allMatch(file -> file.fault() == null);
    assertThat(files.getLast().chain())
        .isEqualTo(Files.readString(golden.resolve("chain.txt")).strip());
    List<Act> acts = reader.acts(new SiteLogReader.Filter(0, null, 100));
    assertThat(acts).hasSize(KINDS.size());
    Act last = acts.getLast();
    assertThat(last)
        .isEqualTo(
            Act.of(
                acts.size(),
                1_800_000_000_000_000_000L + acts.size() - 1,
                "n1",
                "acts-dropped",
                "operator Zoë",
                "note",
                "ä €😀",
                "empty",
                ""));
  }

  @Test
  void what_is_written_today_has_the_same_bytes() throws IOException {
    HostileDisk disk = new HostileDisk(1);
    String chain;
    ActWriter.Setup setup =
        new ActWriter.Setup(disk, WRITTEN, key, UInt128.of(7), "n1", () -> UInt128.of(77));
    try (ActWriter writer = ActWriter.open(setup, FILE_BYTES).writer()) {
      long time = 1_800_000_000_000_000_000L;
      for (ActKind kind : KINDS) {
        writer.append(time++, kind.label(), "operator Zoë", "note", "ä €😀", "empty", "");
      }
      chain = Chain.hex(writer.chain());
    }
    List<Path> files = ActFiles.list(disk, WRITTEN);
    if ("write".equals(System.getProperty("holdfast.golden"))) {
      write(disk, files, chain);
    }
    for (Path file : files) {
      assertThat(disk.bytes(file))
          .as("%s", file)
          .isEqualTo(Files.readAllBytes(golden.resolve(String.valueOf(file.getFileName()))));
    }
    assertThat(files).hasSameSizeAs(ActFiles.list(SystemDisk.INSTANCE, golden));
  }

  private static void write(HostileDisk disk, List<Path> files, String chain) throws IOException {
    Path source = Path.of("src/test/resources" + FOLDER);
    for (Path file : files) {
      Files.write(source.resolve(String.valueOf(file.getFileName())), disk.bytes(file));
    }
    Files.writeString(source.resolve("chain.txt"), chain + "\n");
  }
}

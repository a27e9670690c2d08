package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A repository that was made when the format was fixed, with keys rotated in between: it can be
 * opened for ever. Made by {@code -Dholdfast.golden=write}, once for each version.
 */
class GoldenRepositoryTest {
  private static final Path GOLDEN = Path.of("src/test/resources/repository-1");
  private static final byte[] DIGEST = new byte[32];
  private static final byte[] OLDER = "sealed under the first key".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LARGE = large();

  @TempDir private Path copy = Path.of("");

  @BeforeEach
  void copyIt() throws IOException {
    if ("write".equals(System.getProperty("holdfast.golden")) && !Files.exists(GOLDEN)) {
      write();
    }
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(GOLDEN.relativize(file));
        SystemDisk.INSTANCE.createDirectories(Objects.requireNonNull(to.getParent()));
        SystemDisk.INSTANCE.writeSecret(to, Files.readAllBytes(file));
      }
    }
  }

  @Test
  void a_repository_of_version_1_is_opened_by_each_of_its_master_keys() throws IOException {
    List<String> published = Files.readAllLines(copy.resolve("published.txt"));
    for (MasterKey master :
        List.of(
            new MasterKey.KeyFile(copy.resolve("main.key")),
            MasterKey.Passphrase.read(copy.resolve("passphrase.txt")))) {
      try (Vault vault = Vault.open(repository(copy), master)) {
        assertThat(vault.load(vault.keys().objectName(ObjectKind.PIECE, DIGEST))).isEqualTo(OLDER);
        assertThat(vault.load(vault.keys().objectName(ObjectKind.TAIL, DIGEST))).isEqualTo(LARGE);
        assertThat(vault.published(published.get(0))).isEqualTo(OLDER);
        assertThat(vault.published(published.get(1))).isEqualTo(LARGE);
      }
    }
  }

  @Test
  void it_says_what_was_made() {
    KeysObject keys = VaultKeys.stored(repository(copy));
    assertThat(keys.number()).isEqualTo(3);
    assertThat(keys.dataKeys()).isEqualTo(2);
    assertThat(keys.slots()).extracting(KeysObject.Slot::name).containsExactly("main", "escrow");
    assertThat(keys.repository()).matches("[0-9a-f]{32}");
  }

  @Test
  void what_is_added_to_it_today_is_read_again() {
    MasterKey master = new MasterKey.KeyFile(copy.resolve("main.key"));
    VaultKeys.open(repository(copy), master).rotate(null, true);
    String name;
    try (Vault vault = Vault.open(repository(copy), master)) {
      name = vault.publish("backups", LARGE);
    }
    try (Vault vault = Vault.open(repository(copy), master)) {
      assertThat(vault.published(name)).isEqualTo(LARGE);
    }
  }

  private static void write() throws IOException {
    SystemDisk.INSTANCE.createDirectories(GOLDEN);
    Path key = GOLDEN.resolve("main.key");
    Path words = GOLDEN.resolve("passphrase.txt");
    MasterKeyFiles.create(key);
    SystemDisk.INSTANCE.writeSecret(words, "grüner Tee um vier\n".getBytes(StandardCharsets.UTF_8));
    MasterKey master = new MasterKey.KeyFile(key);
    RepositoryLocation place =
        RepositoryLocation.parse("file:" + GOLDEN.resolve("repository").toAbsolutePath());
    String first;
    try (Repository repository = Repositories.create(place);
        Vault vault = Vault.create(repository, master)) {
      vault.store(ObjectKind.PIECE, DIGEST, OLDER);
      first = vault.publish("backups", OLDER);
      VaultKeys.open(repository, master)
          .add("escrow", MasterKey.Passphrase.read(words))
          .rotate(null, true);
    }
    try (Vault vault = Vault.open(repository(GOLDEN.toAbsolutePath()), master)) {
      vault.store(ObjectKind.TAIL, DIGEST, LARGE);
      Files.write(GOLDEN.resolve("published.txt"), List.of(first, vault.publish("backups", LARGE)));
    }
  }

  private static Repository repository(Path directory) {
    return Repositories.open(RepositoryLocation.parse("file:" + directory.resolve("repository")));
  }

  /** Some MiB that get small: more than one segment would, were they not compressed. */
  private static byte[] large() {
    byte[] content = new byte[3 << 20];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i / 1000);
    }
    return content;
  }
}

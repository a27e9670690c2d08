package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository in a directory keeps the contract, and what only a directory can show. */
class FileRepositoryTest extends RepositoryContract {
  @TempDir Path directory;
  private Repository repository;

  @BeforeEach
  void create() {
    repository = Repositories.create(location());
  }

  private RepositoryLocation location() {
    return RepositoryLocation.parse("file:" + directory.resolve("backup"));
  }

  private Path root() {
    return directory.resolve("backup");
  }

  @Override
  Repository repository() {
    return repository;
  }

  @Override
  Repository again() {
    return Repositories.open(location());
  }

  @Test
  void a_put_leaves_nothing_but_the_object() throws IOException {
    repository.put("objects/ab/1", text("1"));
    repository.put("objects/ab/1", text("2"));
    try (Stream<Path> files = Files.walk(root())) {
      assertThat(files.filter(Files::isRegularFile).map(file -> root().relativize(file).toString()))
          .containsExactlyInAnyOrder(FileRepository.MARKER, FileRepository.RESERVE, "objects/ab/1");
    }
  }

  @Test
  void what_is_kept_back_for_a_full_disk_is_given_up_once_and_kept_back_again_when_opened()
      throws IOException {
    Path reserve = root().resolve(FileRepository.RESERVE);
    assertThat(Files.size(reserve)).isEqualTo(FileRepository.RESERVE_BYTES);
    assertThat(repository.list("")).isEmpty();
    assertThat(repository.giveUpReserve()).isTrue();
    assertThat(repository.giveUpReserve()).isFalse();
    assertThat(reserve).doesNotExist();
    again().close();
    assertThat(reserve).exists();
  }

  @Test
  void only_its_owner_may_read_it() throws IOException {
    repository.put("objects/ab/1", text("1"));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(root().resolve("objects/ab/1"))))
        .isEqualTo("rw-------");
  }

  @Test
  void leftovers_are_not_listed_and_go_after_a_day() throws IOException {
    Path old = Files.writeString(root().resolve(".writing-old"), "half");
    Path fresh = Files.writeString(root().resolve(".writing-fresh"), "half");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    Files.setLastModifiedTime(fresh, FileTime.from(Instant.now().minus(Duration.ofHours(23))));
    assertThat(again().list("")).isEmpty();
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }

  @Test
  void an_object_is_kept_however_old_it_is() throws IOException {
    repository.put("objects/ab/1", text("1"));
    Files.setLastModifiedTime(root().resolve("objects/ab/1"), FileTime.from(Instant.EPOCH));
    assertThat(again().get("objects/ab/1")).isEqualTo(text("1"));
  }

  @Test
  void a_directory_that_is_no_repository_is_missing() {
    assertThatThrownBy(
            () -> Repositories.open(RepositoryLocation.parse(directory.resolve("no").toString())))
        .isInstanceOf(HoldfastException.class)
        .hasMessageContaining(directory.resolve("no").toString())
        .extracting(RepositoryContract::codeOf)
        .isEqualTo("repository-missing");
  }

  @Test
  void a_disk_that_is_no_longer_mounted_is_missing_and_nothing_is_written_beneath()
      throws IOException {
    repository.put("objects/ab/1", text("1"));
    Files.move(root(), directory.resolve("elsewhere"));
    Files.createDirectory(root());
    Stream.<Runnable>of(
            () -> repository.put("objects/ab/2", text("2")),
            () -> repository.get("objects/ab/1"),
            () -> repository.has("objects/ab/1"),
            () -> repository.list("objects/"),
            () -> repository.delete("objects/ab/1"))
        .forEach(
            call ->
                assertThatThrownBy(call::run)
                    .extracting(RepositoryContract::codeOf)
                    .isEqualTo("repository-missing"));
    assertThat(root()).isEmptyDirectory();
  }

  @Test
  void a_file_in_the_way_is_named() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThatThrownBy(() -> Repositories.create(RepositoryLocation.parse(file.toString())))
        .isInstanceOf(HoldfastException.class)
        .hasMessageContaining(file.toString())
        .extracting(RepositoryContract::codeOf)
        .isEqualTo("repository-missing");
  }

  @Test
  void a_repository_is_created_once_and_keeps_what_it_has() {
    repository.put("keys/1", text("1"));
    assertThat(Repositories.create(location()).get("keys/1")).isEqualTo(text("1"));
  }

  @Test
  void an_object_beyond_all_bounds_is_damaged() throws IOException {
    repository.put("objects/ab/1", text("1"));
    try (var channel =
        Files.newByteChannel(
            root().resolve("objects/ab/1"), java.nio.file.StandardOpenOption.WRITE)) {
      channel.position(Repository.OBJECT_BYTES_MAX);
      channel.write(java.nio.ByteBuffer.wrap(text("1")));
    }
    assertThatThrownBy(() -> repository.get("objects/ab/1"))
        .hasMessageContaining("objects/ab/1")
        .extracting(RepositoryContract::codeOf)
        .isEqualTo("object-damaged");
  }
}

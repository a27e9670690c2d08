package io.holdfast.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
  @TempDir Path directory;

  @Test
  void a_file_is_replaced_whole_and_nothing_is_left_beside_it() throws IOException {
    Path file = directory.resolve("site.json");
    SystemDisk.INSTANCE.writeDurably(file, "a long first content".getBytes(UTF_8));
    SystemDisk.INSTANCE.writeDurably(file, "second".getBytes(UTF_8));
    assertThat(file).hasContent("second");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
    assertThat(mode(file)).isEqualTo("rw-r--r--");
  }

  @Test
  void what_an_interrupted_write_left_is_no_obstacle() throws IOException {
    Path file = directory.resolve("site.json");
    Files.writeString(directory.resolve("site.json.new"), "half");
    SystemDisk.INSTANCE.writeDurably(file, "whole".getBytes(UTF_8));
    assertThat(file).hasContent("whole");
  }

  @Test
  void a_secret_is_for_its_owner_alone() throws IOException {
    Path file = directory.resolve("data.key");
    Files.writeString(file, "open to all");
    SystemDisk.INSTANCE.writeSecret(file, "secret".getBytes(UTF_8));
    assertThat(file).hasContent("secret");
    assertThat(mode(file)).isEqualTo("rw-------");
  }

  @Test
  void a_missing_directory_is_an_error() {
    Path file = directory.resolve("missing").resolve("file");
    assertThatThrownBy(() -> SystemDisk.INSTANCE.writeDurably(file, new byte[1]))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> SystemDisk.INSTANCE.writeDurably(Path.of("/"), new byte[1]))
        .isInstanceOf(IOException.class)
        .hasMessage("/ is no file");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}

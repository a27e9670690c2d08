package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataKeyTest {
  @TempDir Path directory;
  private Path file = Path.of("");
  private final DataKey key = DataKey.create();

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve(DataKey.FILE);
    key.write(file);
  }

  @Test
  void what_was_written_is_read_back_and_only_its_owner_can_read_it() throws IOException {
    assertThat(DataKey.read(file).derive(new byte[1]).getEncoded())
        .isEqualTo(key.derive(new byte[1]).getEncoded());
    assertThat(DataKey.read(file).keyIdHex()).isEqualTo(key.keyIdHex());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rwx------", "rw--w----"})
  void a_file_that_others_could_reach_is_refused(String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    HoldfastException e = refusal(() -> DataKey.read(file));
    assertThat(e.code()).isEqualTo("key-file-exposed");
    assertThat(e.message()).contains(mode).contains(file.toString());
    assertThat(e.hint()).contains("chmod 600 " + file);
  }

  @Test
  void every_truncation_is_refused_but_that_of_the_last_line_end() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length - 1; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(refusal(() -> DataKey.read(file)).code()).isEqualTo("key-file-damaged");
    }
  }

  @Test
  void a_changed_digit_is_refused() throws IOException {
    String text = Files.readString(file);
    int at = text.indexOf("key: ", text.indexOf("holdfast-data-key")) + 10;
    char other = text.charAt(at) == '0' ? '1' : '0';
    Files.writeString(file, text.substring(0, at) + other + text.substring(at + 1));
    HoldfastException e = refusal(() -> DataKey.read(file));
    assertThat(e.code()).isEqualTo("key-file-damaged");
    assertThat(e.message()).doesNotContain(text.substring(at - 5, at + 30));
  }

  @Test
  void a_missing_file_is_named() {
    Path nowhere = directory.resolve("nowhere.key");
    HoldfastException e = refusal(() -> DataKey.read(nowhere));
    assertThat(e.code()).isEqualTo("key-file-missing");
    assertThat(e.message()).contains(nowhere.toString());
  }

  @Test
  void neither_its_text_nor_its_id_shows_the_key() throws IOException {
    String secret = Files.readString(file).replaceAll("(?s).*\nkey: ([0-9a-f]{64}).*", "$1");
    assertThat(secret).hasSize(64);
    assertThat(key.toString()).doesNotContain(secret.substring(0, 8));
    assertThat(secret).doesNotContain(key.keyIdHex());
  }

  private static HoldfastException refusal(ThrowingCallable call) {
    return Assertions.catchThrowableOfType(HoldfastException.class, call);
  }
}

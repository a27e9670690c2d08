package io.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageCacheTest {
  @TempDir Path directory;

  @Test
  void advice_is_taken_on_the_systems_that_holdfast_is_built_for() {
    boolean linux = System.getProperty("os.name", "").equals("Linux");
    assertThat(PageCache.takesAdvice()).isEqualTo(linux);
  }

  @Test
  void a_file_whose_pages_were_let_go_of_reads_as_before() throws IOException {
    Path file = directory.resolve("written once");
    byte[] bytes = new byte[1 << 20];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    try (DiskFile open = SystemDisk.INSTANCE.create(file, Disk.Access.OWNER)) {
      open.write(ByteBuffer.wrap(bytes), 0);
      open.letGo(); // before it is synced, and after
      open.sync();
      open.letGo();
      open.write(ByteBuffer.wrap(bytes, 0, 10), bytes.length);
    }
    assertThat(Files.readAllBytes(file)).startsWith(bytes).hasSize(bytes.length + 10);
  }

  @Test
  void a_file_that_is_not_there_is_no_fault() {
    PageCache.drop(directory.resolve("nobody's"));
    assertThat(directory).isEmptyDirectory();
  }
}

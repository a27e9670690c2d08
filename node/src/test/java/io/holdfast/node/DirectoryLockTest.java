package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path directory;

  private HoldfastException refusal(Path path) {
    return catchThrowableOfType(HoldfastException.class, () -> DirectoryLock.take(path).close());
  }

  @Test
  void a_directory_is_opened_by_one_at_a_time_and_given_back() {
    DirectoryLock lock = DirectoryLock.take(directory);
    HoldfastException e = refusal(directory);
    assertThat(e.code()).isEqualTo("directory-in-use");
    assertThat(e.message()).contains("process " + ProcessHandle.current().pid());
    lock.close();
    DirectoryLock.take(directory).close();
  }

  @Test
  void a_directory_that_another_process_holds_is_refused_and_free_once_it_is_killed()
      throws IOException, InterruptedException {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("taken");
      HoldfastException e = refusal(directory);
      assertThat(e.code()).isEqualTo("directory-in-use");
      assertThat(e.message()).contains("process " + holder.pid());
    } finally {
      holder.destroyForcibly().waitFor();
    }
    DirectoryLock.take(directory).close();
  }

  @Test
  void a_directory_that_is_none_is_named() {
    HoldfastException e = refusal(directory.resolve("nowhere"));
    assertThat(e.code()).isEqualTo("directory-missing");
    assertThat(e.message()).contains("nowhere");
  }

  /** Holds a directory until it is killed. */
  static final class LockHolder {
    private LockHolder() {}

    public static void main(String[] arguments) throws IOException {
      try (DirectoryLock lock = DirectoryLock.take(Path.of(arguments[0]))) {
        System.out.println("taken");
        System.in.read();
        Objects.requireNonNull(lock);
      }
    }
  }
}

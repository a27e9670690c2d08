package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.ObjectLock;
import io.holdfast.vault.RepositoryLocation;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class RepositoryOptionsTest {
  @Command(name = "test")
  private static final class Any {
    @Mixin private final RepositoryOptions repositories = new RepositoryOptions();
  }

  private static @Nullable ObjectLock lock(String options) {
    Any any = new Any();
    CommandLine.ParseResult _ =
        new CommandLine(any)
            .parseArgs(("--repository s3://bank-backup/ledger " + options).strip().split(" ", -1));
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Console console = new Console(nowhere, nowhere, false, 80, Map.of(), Path.of("/"), "holdfast");
    return any.repositories.one(console).location() instanceof RepositoryLocation.InBucket bucket
        ? bucket.lock()
        : null;
  }

  @Test
  void how_a_store_is_to_lock_objects_is_said_by_options() {
    assertThat(lock("")).isNull();
    assertThat(lock("--object-lock-days 35"))
        .isEqualTo(new ObjectLock(35, ObjectLock.Mode.COMPLIANCE, false));
    assertThat(lock("--object-lock-days 35 --object-lock-mode governance"))
        .isEqualTo(new ObjectLock(35, ObjectLock.Mode.GOVERNANCE, false));
    assertThat(lock("--legal-hold")).isEqualTo(new ObjectLock(0, ObjectLock.Mode.COMPLIANCE, true));
  }

  @Test
  void a_mode_without_days_is_refused() {
    HoldfastException e =
        catchThrowableOfType(HoldfastException.class, () -> lock("--object-lock-mode governance"));
    assertThat(e.code()).isEqualTo("malformed-location");
    assertThat(e.message()).contains("no days are given");
  }
}

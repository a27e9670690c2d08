package io.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {
  private static final Path CONFIGURATION = Path.of("/nowhere/holdfast.yaml");

  @Test
  void a_process_is_known_again_by_start_and_command_line_and_not_by_its_number_alone()
      throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", "read line; exit", CONFIGURATION.toString()).start();
    try {
      Deadline.await(
          "the process shows its command line",
          java.time.Duration.ofSeconds(5),
          () -> ProcessIdentity.of(process.pid(), CONFIGURATION).isPresent());
      ProcessIdentity identity = ProcessIdentity.of(process.pid(), CONFIGURATION).orElseThrow();

      assertThat(identity.isAlive()).isTrue();
      assertThat(
              new ProcessIdentity(
                      identity.pid(), identity.startTicks() + 1, identity.configuration())
                  .isAlive())
          .isFalse();
      assertThat(ProcessIdentity.of(process.pid(), Path.of("/other/holdfast.yaml"))).isEmpty();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(ProcessIdentity.of(process.pid(), CONFIGURATION)).isEmpty();
  }

  @Test
  void a_node_is_found_by_what_it_serves_and_by_nothing_else() throws Exception {
    Path served = Path.of("/nowhere/served/holdfast.yaml");
    Process node =
        new ProcessBuilder(
                "sh",
                "-c",
                "read line; exit",
                NodeLaunch.MAIN_CLASS,
                "serve",
                "--config",
                served.toString())
            .start();
    Process editor =
        new ProcessBuilder("sh", "-c", "read line; exit", CONFIGURATION.toString()).start();
    try {
      Deadline.await(
          "the process is found",
          java.time.Duration.ofSeconds(5),
          () -> ProcessIdentity.serving(served).isPresent());

      assertThat(ProcessIdentity.serving(served))
          .hasValueSatisfying(found -> assertThat(found.pid()).isEqualTo(node.pid()));
      assertThat(ProcessIdentity.serving(CONFIGURATION)).isEmpty();
    } finally {
      node.destroyForcibly().waitFor();
      editor.destroyForcibly().waitFor();
    }
  }
}

package io.holdfast.node;

import static io.holdfast.node.LocalNodes.await;
import static io.holdfast.node.LocalNodes.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node as a process: how it starts, what it says, with which number it ends. */
class ServeTest {
  @TempDir Path temp;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void killAll() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  private Process serve(Path config, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Serve.class.getName(),
                "--config",
                config.toString()));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command).redirectError(temp.resolve("stderr").toFile()).start();
    started.add(process);
    return process;
  }

  private int end(Process process) throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the process ends").isTrue();
    return process.exitValue();
  }

  private String stderr() throws IOException {
    return Files.readString(temp.resolve("stderr"));
  }

  private static void signal(Process process, String name)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Test
  void it_says_where_it_serves_and_a_term_signal_stops_it_in_good_order() throws Exception {
    Path home = LocalNodes.site(temp.resolve("site"), 1).resolve("n1");
    Process process = serve(home.resolve("holdfast.yaml"));
    String ready = process.inputReader().readLine();
    assertThat(ready).as(stderr()).startsWith("holdfast serves node=n1");
    int port = Integer.parseInt(ready.replaceAll(".* rest=http://127.0.0.1:(\\d+) .*", "$1"));
    await("ready", () -> get(port, "/health/ready").statusCode() == 200);
    signal(process, "TERM");
    assertThat(end(process)).as(stderr()).isEqualTo(0);
    assertThat(stderr()).contains("stopped in");

    Process again = serve(home.resolve("holdfast.yaml"), "--set", "log.format=json");
    assertThat(again.inputReader().readLine()).as(stderr()).startsWith("holdfast serves");
    signal(again, "INT");
    assertThat(end(again)).isEqualTo(0);
    assertThat(stderr().lines().toList()).allMatch(line -> line.startsWith("{\"time\":"));
  }

  @Test
  void a_wrong_setting_ends_it_with_2_and_one_line() throws Exception {
    Path file = Files.writeString(temp.resolve("holdfast.yaml"), "rest.adress: 1\n");
    assertThat(end(serve(file))).isEqualTo(2);
    assertThat(stderr().lines().filter(line -> !line.startsWith("WARNING")).toList())
        .singleElement()
        .asString()
        .startsWith("holdfast: bad-setting: there is no setting 'rest.adress'")
        .contains("Hint: did you mean rest.address?");
  }

  @Test
  void a_directory_without_genesis_ends_it_with_3() throws Exception {
    Path file = Files.writeString(temp.resolve("holdfast.yaml"), "");
    assertThat(end(serve(file))).isEqualTo(3);
    assertThat(stderr()).contains("genesis-missing").contains("holdfast init");
  }

  @Test
  void a_directory_in_use_ends_it_with_4_and_does_not_disturb_the_other() throws Exception {
    Path home = LocalNodes.site(temp.resolve("site"), 1).resolve("n1");
    Process first = serve(home.resolve("holdfast.yaml"));
    assertThat(first.inputReader().readLine()).startsWith("holdfast serves");
    assertThat(end(serve(home.resolve("holdfast.yaml")))).isEqualTo(4);
    assertThat(stderr()).contains("directory-in-use").contains("process " + first.pid());
    assertThat(first.isAlive()).isTrue();
  }
}

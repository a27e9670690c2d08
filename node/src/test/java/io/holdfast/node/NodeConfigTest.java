package io.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeConfigTest {
  @TempDir Path directory;

  private Path file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("holdfast.yaml"), yaml);
  }

  private NodeConfig read(String yaml) throws IOException {
    return NodeConfig.read(file(yaml), Map.of(), Map.of());
  }

  private HoldfastException refusal(String yaml) throws IOException {
    Path file = file(yaml);
    return catchThrowableOfType(
        HoldfastException.class, () -> NodeConfig.read(file, Map.of(), Map.of()));
  }

  @Test
  void an_empty_file_means_the_defaults() throws IOException {
    NodeConfig config = read("# nothing\n");
    assertThat(config.directory()).isEqualTo(directory);
    assertThat(config.listen().rest()).isEqualTo(new Address("127.0.0.1", 7300));
    assertThat(config.listen().admin()).isEqualTo(new Address("127.0.0.1", 7200));
    assertThat(config.site().batchesInFlight()).isEqualTo(4);
    assertThat(config.site().bindHost()).isNull();
    assertThat(config.rest().tls()).isNull();
    assertThat(config.stopTimeout()).isEqualTo(Duration.ofSeconds(8));
    assertThat(config.log())
        .isEqualTo(new LogConfig(Settings.LogFormat.TEXT, Settings.LogLevel.INFO));
  }

  @Test
  void nested_and_dotted_keys_are_the_same() throws IOException {
    NodeConfig config =
        read(
            """
            node: {directory: data}
            rest.address: "127.0.0.1:7301"
            consensus:
              election-timeout-min: 400ms
              election-timeout-max: 1s
            ingress:
              queue-bytes: 1GiB
            peer:
              bind: 0.0.0.0:7400
            log: {format: json, level: warn}
            """);
    assertThat(config.directory()).isEqualTo(directory.resolve("data"));
    assertThat(config.rest().port()).isEqualTo(7301);
    assertThat(config.site().electionTimeoutMinMillis()).isEqualTo(400);
    assertThat(config.site().electionTimeoutMaxMillis()).isEqualTo(1_000);
    assertThat(config.site().queueBytesMax()).isEqualTo(1L << 30);
    assertThat(config.site().bindHost()).isEqualTo("0.0.0.0");
    assertThat(config.site().bindPort()).isEqualTo(7400);
    assertThat(config.log())
        .isEqualTo(new LogConfig(Settings.LogFormat.JSON, Settings.LogLevel.WARN));
  }

  @Test
  void the_environment_overrides_the_file_and_an_option_overrides_both() throws IOException {
    Path file = file("rest.address: 127.0.0.1:1\nadmin.address: 127.0.0.1:1\nlog.level: error\n");
    NodeConfig config =
        NodeConfig.read(
            file,
            Map.of("rest.address", "127.0.0.1:3"),
            Map.of(
                "HOLDFAST_CONFIG_REST_ADDRESS", "127.0.0.1:2",
                "HOLDFAST_CONFIG_ADMIN_ADDRESS", "127.0.0.1:2",
                "HOLDFAST_HOME", "/nowhere"));
    assertThat(config.listen().rest().port()).isEqualTo(3);
    assertThat(config.listen().admin().port()).isEqualTo(2);
    assertThat(config.log().level()).isEqualTo(Settings.LogLevel.ERROR);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rest.address | 7300 | HOST:PORT",
        "rest.address | localhost:70000 | 0 to 65535",
        "rest.address | http://localhost:1 | HOST:PORT",
        "insecure | yes | true or false",
        "consensus.election-timeout-min | 150 | 50ms to 1m",
        "consensus.election-timeout-min | 49ms | 50ms to 1m",
        "consensus.election-timeout-min | 0.2s | whole number",
        "consensus.election-timeout-max | 200ms | 1.5 times consensus.election-timeout-min",
        "ingress.batches-in-flight | 0 | 1 to 64",
        "ingress.batches-in-flight | 99999999999 | 1 to 64",
        "ingress.queue-bytes | 64MB | KiB, MiB or GiB",
        "ingress.queue-bytes | 9999GiB | 2MiB to 4GiB",
        "rest.body | 64MiB | x",
        "rest.bodies | 16MiB | x",
        "log.format | xml | text or json",
        "log.level | trace | error, warn, info or debug",
      })
  void a_value_that_is_not_allowed_is_refused_by_name_value_and_line(
      String key, String value, String allowed) throws IOException {
    if (allowed.equals("x")) {
      assertThat(read(key + ": " + value + "\n")).isNotNull();
      return;
    }
    HoldfastException e = refusal("# first line\n" + key + ": \"" + value + "\"\n");
    assertThat(e.code()).isEqualTo("bad-setting");
    assertThat(e.message())
        .startsWith(key + " is '" + value + "'")
        .contains("holdfast.yaml line 2")
        .contains(allowed);
    assertThat(e.hint()).isNotEmpty();
  }

  @Test
  void bodies_together_must_hold_one() throws IOException {
    HoldfastException e = refusal("rest:\n  body: 64MiB\n  bodies: 32MiB\n");
    assertThat(e.code()).isEqualTo("bad-setting");
    assertThat(e.message()).contains("rest.bodies is '32MiB'").contains("rest.body");
  }

  @ParameterizedTest
  @CsvSource({
    "rest.adress, rest.address",
    "rest.port.address, rest.address",
    "ingress.batch-in-flight, ingress.batches-in-flight",
    "election-timeout-min, consensus.election-timeout-min",
    "unsecure, insecure",
  })
  void an_unknown_setting_is_refused_with_its_line_and_what_was_meant(String key, String meant)
      throws IOException {
    HoldfastException e = refusal("log.level: info\n" + key + ": x\n");
    assertThat(e.code()).isEqualTo("bad-setting");
    assertThat(e.message()).contains("'" + key + "'").contains("line 2");
    assertThat(e.hint()).isEqualTo("did you mean " + meant + "?");
  }

  @Test
  void unknown_overrides_are_refused_too() throws IOException {
    Path file = file("");
    HoldfastException option =
        catchThrowableOfType(
            HoldfastException.class,
            () -> NodeConfig.read(file, Map.of("rest.adress", "x"), Map.of()));
    assertThat(option.message()).contains("option --set rest.adress");
    HoldfastException variable =
        catchThrowableOfType(
            HoldfastException.class,
            () -> NodeConfig.read(file, Map.of(), Map.of("HOLDFAST_CONFIG_REST", "x")));
    assertThat(variable.message()).contains("environment variable HOLDFAST_CONFIG_REST");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rest.address: [1, 2]\n",
        "rest.address:\n",
        "- rest.address\n",
        "just text\n",
        "rest: {address: 127.0.0.1:1}\nrest.address: 127.0.0.1:2\n",
        "log.level: info\nlog.level: warn\n",
        "a: &x 127.0.0.1:1\nrest.address: *x\n",
        "rest: {\n",
        "log.level: info\n---\nlog.level: warn\n",
        "\tlog: x\n",
      })
  void what_is_no_plain_map_of_values_is_refused(String yaml) throws IOException {
    HoldfastException e = refusal(yaml);
    assertThat(e.code()).isIn("config-malformed", "bad-setting");
    assertThat(e.message()).contains("holdfast.yaml");
  }

  @Test
  void a_missing_file_is_named() {
    Path file = directory.resolve("nowhere.yaml");
    HoldfastException e =
        catchThrowableOfType(
            HoldfastException.class, () -> NodeConfig.read(file, Map.of(), Map.of()));
    assertThat(e.code()).isEqualTo("config-missing");
    assertThat(e.message()).contains(file.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:7300", "192.0.2.1:7300", "[::]:7300", "no.such.host.invalid:1"})
  void listening_beyond_this_machine_needs_to_be_called_insecure(String address)
      throws IOException {
    for (String key : new String[] {"rest.address", "admin.address"}) {
      HoldfastException e = refusal(key + ": \"" + address + "\"\n");
      assertThat(e.code()).isEqualTo("bad-setting");
      assertThat(e.message()).contains(key).contains(address);
      assertThat(e.hint()).contains("no access control").contains("insecure: true");
      assertThat(read("insecure: true\n" + key + ": \"" + address + "\"\n")).isNotNull();
    }
    assertThat(read("rest.address: \"[::1]:7300\"\nadmin.address: localhost:0\n")).isNotNull();
  }
}

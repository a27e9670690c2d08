package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CommandLineTest {
  private static final Set<Class<?>> NUMBERS =
      Set.of(int.class, Integer.class, long.class, Long.class);

  @TempDir private Path directory = Path.of("");

  /** The words typed, the message, and the hint. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stauts | unknown command 'stauts' | did you mean 'status'? see: holdfast --help",
        "xyzzy | unknown command 'xyzzy' | see: holdfast --help",
        "acount list | unknown command 'acount' | did you mean 'account'? see: holdfast --help",
        "account lst | unknown command 'lst' of account | did you mean 'list'? see: holdfast account"
            + " --help",
        "account | say what to do: create, show, balance, history or list | see: holdfast account --help",
        "transfer | say what to do: create, show, list, post or void | see: holdfast transfer --help",
        "status --wach | unknown option '--wach' of status | did you mean '--watch'? see: holdfast"
            + " status --help",
        "down now | unexpected argument 'now' of down | see: holdfast down --help",
        "import x.csv | Missing required option: '--mapping=MAPPING.yaml' | see: holdfast import"
            + " --help",
        "demo --duration long | --duration is 'long'; allowed: a whole number up to 2147483647"
            + " | see: holdfast demo --help",
        "journal show . --op x | --op is 'x'; allowed: a whole number from 1 on | ''",
        "journal show . --count 0 | --count is '0'; allowed: 1 to 100000 | ''",
        "demo --duration 5 | --duration is '5'; allowed: 10 to 600 seconds | ''",
        "up --nodes 2 | --nodes is '2'; allowed: 1, 3 or 5: an even number survives no more failures"
            + " | ''",
        "up --port-base 80 | --port-base is '80'; allowed: 1024 to 32000 | ''",
        "up --heap 1 | --heap is '1'; allowed: 256 to 65536 MiB | ''",
        "status --gateway ftp://x | --gateway is 'ftp://x'; allowed: http://HOST:PORT or"
            + " https://HOST:PORT | ''",
        "status --interval 0 | --interval is '0'; allowed: 1 to 3600 seconds | ''",
        "status --ca nowhere.crt --gateway https://127.0.0.1:1 | * | give the ca.crt that 'holdfast"
            + " init' wrote",
        "account list --limit 0 | --limit is '0'; allowed: 1 to 1000000 | ''",
        "account show 1 --scale 19 | --scale is '19'; allowed: 0 to 18 decimals | ''",
        "account show 1 --transfers -1 | --transfers is '-1'; allowed: 0 to 8189 | ''",
        "import x.csv --mapping m.yaml --batch 0 | --batch is '0'; allowed: 1 to 8189 | ''",
        "start-cache --seconds 0 | --seconds is '0'; allowed: 1 to 600 | ''",
        "start-cache --output /dev/null/x.aot | --output is '/dev/null/x.aot'; allowed: a file in a"
            + " directory that is there and can be written | ''",
        "completion fish | SHELL is 'fish'; allowed: bash or zsh | ''",
        "completion bsah | SHELL is 'bsah'; allowed: bash or zsh | did you mean 'bash'?",
      })
  void a_wrong_command_line_is_told_with_a_hint_and_exit_code_2(
      String words, String message, String hint) {
    Terminal.Ran ran = Terminal.in(directory).run(words.split(" "));
    assertThat(ran.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(ran.out()).isEmpty();
    if (!message.equals("*")) {
      assertThat(ran.err().lines().findFirst()).contains("error: " + message);
    }
    if (hint.isEmpty()) {
      assertThat(ran.err()).doesNotContain("hint:");
    } else {
      assertThat(ran.err()).contains("hint:  " + hint + "\n");
    }
    assertThat(ran.err()).endsWith("code:  usage\n");
  }

  @Test
  void every_option_that_takes_a_number_says_what_is_allowed_when_it_gets_another_word() {
    List<String> tried = new ArrayList<>();
    for (CommandLine command : all(Holdfast.commandLine(Console.ofProcess()))) {
      String path = Failures.path(command.getCommandSpec());
      for (OptionSpec option : command.getCommandSpec().options()) {
        if (NUMBERS.contains(option.type())) {
          for (String word : List.of("x", "1.5", "99999999999999999999")) {
            String name = option.longestName();
            List<String> words = new ArrayList<>(List.of(path.strip().split(" ")));
            words.addAll(List.of(name, word));
            Terminal.Ran ran = Terminal.in(directory).run(words.toArray(String[]::new));
            assertThat(ran.code()).as("%s", words).isEqualTo(ExitCodes.USAGE);
            assertThat(ran.err())
                .contains("error: " + name + " is '" + word + "'; allowed: a whole number up to ")
                .contains("hint:  see: holdfast" + path + " --help\n")
                .endsWith("code:  usage\n");
            tried.add(path + " " + name);
          }
        }
      }
    }
    assertThat(tried)
        .contains(
            " import --batch", " account balance --scale", " status --interval", " demo --seed");
  }

  private static List<CommandLine> all(CommandLine command) {
    List<CommandLine> all = new ArrayList<>(List.of(command));
    command.getSubcommands().values().forEach(sub -> all.addAll(all(sub)));
    return all;
  }

  @Test
  void without_a_ledger_to_speak_to_the_error_says_how_to_get_one() {
    Terminal.Ran ran = Terminal.in(directory).run("account", "list");
    assertThat(ran.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(ran.err())
        .contains("no ledger to speak to: no --gateway, no HOLDFAST_GATEWAYS, no site in ")
        .contains("hint:  start a local one with: holdfast up --detach\n")
        .contains("code:  no-gateway\n");
  }

  @Test
  void errors_are_json_where_json_was_asked_for() throws IOException {
    JsonNode error =
        new ObjectMapper()
            .readTree(Terminal.in(directory).run("account", "list", "--json").err())
            .path("error");
    assertThat(error.path("code").asText()).isEqualTo("no-gateway");
    assertThat(error.path("hint").asText()).contains("up --detach");
    JsonNode usage =
        new ObjectMapper()
            .readTree(Terminal.in(directory).run("account", "list", "--json", "--x").err())
            .path("error");
    assertThat(usage.path("code").asText()).isEqualTo("usage");
  }

  @Test
  void a_gateway_that_nobody_serves_is_unavailable() {
    Terminal.Ran ran = Terminal.in(directory).run("status", "--gateway", "http://127.0.0.1:1");
    assertThat(ran.code()).isEqualTo(ExitCodes.UNAVAILABLE);
    assertThat(ran.err()).contains("no gateway answered: [http://127.0.0.1:1]");
  }

  @Test
  void down_and_down_again_is_no_error() {
    Terminal.Ran ran = Terminal.in(directory).run("down");
    assertThat(ran.code()).isEqualTo(ExitCodes.OK);
    assertThat(ran.out()).startsWith("nothing to stop: there is no site in ");
  }

  @Test
  void without_a_command_there_is_help() {
    Terminal.Ran ran = Terminal.in(directory).run();
    assertThat(ran.code()).isEqualTo(ExitCodes.OK);
    assertThat(ran.out()).contains("demo", "up", "status", "import", "Exit codes:");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void every_command_has_help_with_an_example(List<String> words) {
    List<String> args = new ArrayList<>(words);
    args.add("--help");
    Terminal.Ran ran = Terminal.in(directory).run(args.toArray(String[]::new));
    assertThat(ran.code()).isEqualTo(ExitCodes.OK);
    assertThat(ran.out()).startsWith("Usage: holdfast " + String.join(" ", words));
    assertThat(ran.out().lines()).allMatch(line -> line.length() <= 100);
    if (words.size() > 1) {
      assertThat(ran.out()).contains("Example");
    }
  }

  static Stream<List<String>> commands() {
    List<List<String>> all = new ArrayList<>();
    collect(Holdfast.commandLine(Console.ofProcess()), List.of(), all);
    return all.stream();
  }

  private static void collect(CommandLine command, List<String> words, List<List<String>> all) {
    command
        .getSubcommands()
        .forEach(
            (name, sub) -> {
              if (!name.equals("help")) {
                List<String> path = new ArrayList<>(words);
                path.add(name);
                all.add(path);
                collect(sub, path, all);
              }
            });
  }

  @Test
  void colours_are_for_terminals_and_for_those_who_want_them() {
    String[] wrong = {"stauts"};
    assertThat(new Terminal(directory, Map.of(), true).run(wrong).err()).contains("\u001b[31m");
    assertThat(new Terminal(directory, Map.of("NO_COLOR", "1"), true).run(wrong).err())
        .doesNotContain("\u001b");
    assertThat(new Terminal(directory, Map.of("TERM", "dumb"), true).run(wrong).err())
        .doesNotContain("\u001b");
    assertThat(new Terminal(directory, Map.of(), false).run(wrong).err()).doesNotContain("\u001b");
  }

  @Test
  void version_and_settings_are_told() throws IOException {
    Terminal terminal = Terminal.in(directory);
    assertThat(terminal.run("version").out()).matches("holdfast \\S+ on Java 25\\S*\n");
    assertThat(new ObjectMapper().readTree(terminal.run("version", "--json").out()).has("java"))
        .isTrue();
    assertThat(terminal.run("settings").out()).contains("rest.address  (127.0.0.1:7300)");
  }

  @Test
  void init_makes_what_serve_starts_from() {
    Terminal.Ran ran =
        Terminal.in(directory)
            .run("init", "--site", "trial", "--dir", "site", "--node", "n1=127.0.0.1:17401");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isEqualTo(ExitCodes.OK);
    assertThat(directory.resolve("site/n1/holdfast.yaml")).exists();
    assertThat(ran.out()).contains("n1: holdfast serve --config ");
    Terminal.Ran again =
        Terminal.in(directory)
            .run("init", "--site", "trial", "--dir", "site", "--node", "n1=127.0.0.1:17401");
    assertThat(again.code()).isEqualTo(ExitCodes.FAILED);
    assertThat(again.err()).contains("code:  directory-not-empty");
  }

  @Test
  void the_completion_script_works_in_bash() throws IOException, InterruptedException {
    Terminal.Ran ran = Terminal.in(directory).run("completion", "bash");
    assertThat(ran.code()).isEqualTo(ExitCodes.OK);
    Path script = Files.writeString(directory.resolve("completion.bash"), ran.out());
    assertThat(completions(script, "holdfast", "sta")).contains("status");
    assertThat(completions(script, "holdfast", "transfer", "")).contains("create", "post", "void");
    assertThat(completions(script, "holdfast", "import", "--imp")).contains("--imported");
  }

  @Test
  void the_completion_script_for_zsh_loads_what_it_needs() {
    assertThat(Terminal.in(directory).run("completion", "zsh").out())
        .startsWith("autoload -U +X compinit && compinit\n")
        .contains("bashcompinit");
  }

  private static List<String> completions(Path script, String... words)
      throws IOException, InterruptedException {
    String line = String.join(" ", words);
    String program =
        """
        source '%s'
        COMP_WORDS=(%s) COMP_CWORD=%d COMP_LINE='%s' COMP_POINT=%d
        _complete_holdfast
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(
                script,
                String.join(" ", Stream.of(words).map(word -> "'" + word + "'").toList()),
                words.length - 1,
                line,
                line.length());
    Process bash = new ProcessBuilder("bash", "-c", program).redirectErrorStream(true).start();
    bash.getOutputStream().close();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(out).isZero();
    return out.lines().map(String::strip).toList();
  }
}

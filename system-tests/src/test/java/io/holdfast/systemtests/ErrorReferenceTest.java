package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * docs/reference/errors.md lists every code of an error that the product's sources can raise, and
 * no other. The codes are looked for where an exception is made: as literals, as constants, and in
 * files that hand a code to a method of their own.
 */
class ErrorReferenceTest {
  private static final Path ROOT = Path.of("..");
  private static final List<String> MODULES =
      List.of(
          "kernel",
          "ledger",
          "journal",
          "cluster",
          "vault",
          "client",
          "gateway-rest",
          "node",
          "drill",
          "cli");

  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z-]+)` \\|(.*)\\|$", Pattern.MULTILINE);

  /** What stands where the code does: a literal in quotes, or an expression. */
  private static final Pattern RAISED =
      Pattern.compile(
          "new (?:HoldfastException\\(|DamagedFileException\\(\\s*[\\w.]+,\\s*\\w+,)"
              + "\\s*(\"?)([\\w.-]+)");

  private static final Pattern CONSTANT =
      Pattern.compile("static final String (\\w+) =\\s*\"([a-z-]+)\"");

  /** A code handed to a method that makes the exception. */
  private static final Pattern HANDED = Pattern.compile("\\(\\s*\"([a-z]+(?:-[a-z]+)+)\",");

  private static final Pattern OF_GATEWAY =
      Pattern.compile("^ {2}([A-Z_]+)\\([0-9]{3}, ", Pattern.MULTILINE);

  /** Codes that the command tells of itself, without an exception. */
  private static final Set<String> TOLD = Set.of("internal", "rows-rejected", "not-proved");

  /** Expressions that pass on a code which came with another error or answer. */
  private static final Set<String> PASSED_ON =
      Set.of(
          "e.code",
          "refusal.code",
          "problem.path",
          "body.path",
          "text.substring",
          "PaymentJson.problemCode");

  private final Map<String, String> sources = new TreeMap<>();
  private String page = "";

  @BeforeEach
  void read() throws IOException {
    page = Files.readString(ROOT.resolve("docs/reference/errors.md"));
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          String name = String.valueOf(file.getFileName());
          sources.merge(
              name.substring(0, name.length() - ".java".length()),
              Files.readString(file),
              String::concat);
        }
      }
    }
  }

  private Set<String> listed() {
    Set<String> listed = new TreeSet<>();
    Matcher row = ROW.matcher(page);
    while (row.find()) {
      listed.add(row.group(1));
    }
    return listed;
  }

  /** The codes by the source that raises them. */
  private Map<String, String> raised() {
    Map<String, String> constants = new HashMap<>();
    sources.forEach(
        (name, source) -> {
          Matcher constant = CONSTANT.matcher(source);
          while (constant.find()) {
            constants.put(name + "." + constant.group(1), constant.group(2));
          }
        });
    Map<String, String> raised = new TreeMap<>();
    sources.forEach(
        (name, source) -> {
          Matcher at = RAISED.matcher(source);
          while (at.find()) {
            String given = at.group(2);
            if (!at.group(1).isEmpty()) {
              raised.put(given, name);
            } else if (given.equals("code")) {
              Matcher handed = HANDED.matcher(source);
              while (handed.find()) {
                raised.put(handed.group(1), name);
              }
            } else if (!PASSED_ON.contains(given)) {
              String constant = given.contains(".") ? given : name + "." + given;
              raised.put(
                  Objects.requireNonNull(
                      constants.get(constant),
                      () -> name + " raises the code " + given + ", which is no known constant"),
                  name);
            }
          }
        });
    Matcher ofGateway = OF_GATEWAY.matcher(Objects.requireNonNull(sources.get("ErrorCode")));
    while (ofGateway.find()) {
      raised.put(ofGateway.group(1).toLowerCase(Locale.ROOT).replace('_', '-'), "ErrorCode");
    }
    TOLD.forEach(code -> raised.put(code, "cli"));
    return raised;
  }

  @Test
  void every_code_that_the_product_raises_is_listed() {
    Map<String, String> missing = raised();
    assertThat(missing).as("codes found at all").hasSizeGreaterThan(150);
    missing.keySet().removeAll(listed());
    assertThat(missing).as("codes without a row in errors.md, and who raises them").isEmpty();
  }

  @Test
  void every_code_that_is_listed_is_raised_or_named_by_an_incident() {
    Set<String> left = listed();
    left.removeAll(raised().keySet());
    left.removeIf(
        code -> sources.values().stream().anyMatch(source -> source.contains("\"" + code + ": ")));
    assertThat(left).as("rows of errors.md whose code nothing raises").isEmpty();
  }

  @Test
  void every_row_says_what_it_means_and_what_to_do() {
    Matcher row = ROW.matcher(page);
    while (row.find()) {
      List<String> cells = List.of(row.group(2).split("(?<!\\\\)\\|", -1));
      assertThat(cells).as(row.group(1)).hasSizeGreaterThanOrEqualTo(2);
      assertThat(cells).as(row.group(1)).noneMatch(String::isBlank);
    }
  }
}

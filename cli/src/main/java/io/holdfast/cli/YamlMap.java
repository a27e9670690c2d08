package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A map of a YAML file that is read strictly: only the keys that are allowed, each once, each of
 * its type; every error names the file, the line, the key and what is allowed.
 */
final class YamlMap {
  private static final String CODE = "malformed-mapping";

  private final String file;
  private final String name;
  private final int line;
  private final Map<String, Node> entries = new LinkedHashMap<>();

  private YamlMap(String file, String name, MappingNode node) {
    this.file = file;
    this.name = name;
    this.line = lineOf(node);
    for (NodeTuple tuple : node.getValue()) {
      String key =
          tuple.getKeyNode() instanceof ScalarNode scalar
              ? scalar.getValue()
              : tuple.getKeyNode().toString();
      if (entries.put(key, tuple.getValueNode()) != null) {
        throw error(lineOf(tuple.getKeyNode()), "the key '" + key + "' stands twice" + inMe(), "");
      }
    }
  }

  /**
   * @param name what the map is, for errors; empty for the whole file
   */
  static YamlMap of(String file, String name, Node node) {
    if (node instanceof MappingNode mapping) {
      return new YamlMap(file, name, mapping);
    }
    throw new HoldfastException(
        CODE,
        file
            + " line "
            + lineOf(node)
            + ": "
            + (name.isEmpty() ? "the file" : "'" + name + "'")
            + " has to be a map of keys and values",
        "write 'key: value' lines");
  }

  /** Refuses any key that is not among these. */
  YamlMap allow(String... keys) {
    List<String> allowed = List.of(keys);
    entries.forEach(
        (key, node) -> {
          if (!allowed.contains(key)) {
            throw error(
                lineOf(node),
                "unknown key '" + key + "'" + inMe() + "; allowed: " + String.join(", ", allowed),
                Nearest.hint(key, allowed));
          }
        });
    return this;
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** Whether the value is a map rather than a plain value or a list. */
  boolean isMap(String key) {
    return entries.get(key) instanceof MappingNode;
  }

  List<String> keys() {
    return List.copyOf(entries.keySet());
  }

  /** The line of a key's value, or of the map itself if it lacks the key; from 1. */
  int lineOf(String key) {
    Node node = entries.get(key);
    return node == null ? line : lineOf(node);
  }

  String text(String key) {
    return optionalText(key).orElseThrow(() -> missing(key));
  }

  Optional<String> optionalText(String key) {
    Node node = entries.get(key);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof ScalarNode scalar) {
      return Optional.of(scalar.getValue());
    }
    throw refused(key, "a list or map", "a single value");
  }

  /** A text of exactly one character. */
  Optional<Character> optionalCharacter(String key) {
    return optionalText(key)
        .map(
            text -> {
              String value = text.equals("\\t") ? "\t" : text;
              if (value.length() != 1) {
                throw refused(key, "'" + text + "'", "one character");
              }
              return value.charAt(0);
            });
  }

  long number(String key, long min, long max) {
    String text = text(key);
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw refused(key, "'" + text + "'", "a whole number from " + min + " to " + max);
    }
    throw refused(key, text, "a whole number from " + min + " to " + max);
  }

  long number(String key, long min, long max, long otherwise) {
    return has(key) ? number(key, min, max) : otherwise;
  }

  boolean truth(String key, boolean otherwise) {
    return optionalText(key)
        .map(
            text ->
                switch (text) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw refused(key, "'" + text + "'", "true or false");
                })
        .orElse(otherwise);
  }

  YamlMap map(String key) {
    return optionalMap(key).orElseThrow(() -> missing(key));
  }

  Optional<YamlMap> optionalMap(String key) {
    Node node = entries.get(key);
    return node == null ? Optional.empty() : Optional.of(of(file, path(key), node));
  }

  List<YamlMap> maps(String key) {
    List<YamlMap> maps = new ArrayList<>();
    for (Node node : sequence(key)) {
      maps.add(of(file, path(key) + "[" + maps.size() + "]", node));
    }
    return maps;
  }

  /** A list of plain values; a single one counts as a list of one. */
  List<String> texts(String key) {
    if (entries.get(key) instanceof ScalarNode scalar) {
      return List.of(scalar.getValue());
    }
    List<String> texts = new ArrayList<>();
    for (Node node : sequence(key)) {
      if (!(node instanceof ScalarNode scalar)) {
        throw refused(key, "a list with a map or list in it", "a list of plain values");
      }
      texts.add(scalar.getValue());
    }
    return texts;
  }

  private List<Node> sequence(String key) {
    return switch (entries.get(key)) {
      case null -> throw missing(key);
      case SequenceNode sequence -> sequence.getValue();
      default -> throw refused(key, "no list", "a list");
    };
  }

  /** A key's value is not what is allowed. */
  HoldfastException refused(String key, String value, String allowed) {
    return error(lineOf(key), "'" + path(key) + "' is " + value + "; allowed: " + allowed, "");
  }

  /** A key is missing. */
  HoldfastException missing(String key) {
    return error(line, "'" + path(key) + "' is missing", "see docs/reference/import.md");
  }

  HoldfastException error(int atLine, String message, String hint) {
    return new HoldfastException(CODE, file + " line " + atLine + ": " + message, hint);
  }

  private String path(String key) {
    return name.isEmpty() ? key : name + "." + key;
  }

  private String inMe() {
    return name.isEmpty() ? "" : " in '" + name + "'";
  }

  private static int lineOf(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}

package io.holdfast.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads {@code holdfast.yaml}: nested maps of plain values, nothing else of YAML. {@code rest:
 * {address: …}} and {@code rest.address: …} are the same setting, and setting it twice is refused.
 *
 * <p>Refusals: {@code config-missing}, {@code config-unreadable}, {@code config-malformed} (with
 * the line).
 */
final class SettingsFile {
  /** Larger than any configuration; what is larger is something else. */
  private static final long BYTES_MAX = 1 << 20;

  private final Path file;
  private final Map<String, Text> texts = new LinkedHashMap<>();

  /**
   * A value as it was written.
   *
   * @param where file and line, environment variable or option, for messages
   */
  record Text(String value, String where) {}

  private SettingsFile(Path file) {
    this.file = file;
  }

  /** The values by key, in the order of the file. */
  static Map<String, Text> read(Path file) {
    SettingsFile reader = new SettingsFile(file);
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new HoldfastException(
            "config-malformed", file + " has more than 1 MiB: it is no configuration", "");
      }
      try (YAMLParser parser = YAMLFactory.builder().build().createParser(Files.readString(file))) {
        reader.document(parser);
      }
    } catch (NoSuchFileException e) {
      throw new HoldfastException(
          "config-missing",
          file + " does not exist",
          "'holdfast init' writes a holdfast.yaml into each node's directory",
          e);
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : " line " + e.getLocation().getLineNr();
      String problem = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new HoldfastException(
          "config-malformed", file + line + " is no YAML: " + problem, "", e);
    } catch (IOException e) {
      throw new HoldfastException(
          "config-unreadable",
          file + " cannot be read: " + e,
          "the node's own user must be able to read it",
          e);
    }
    return reader.texts;
  }

  private void document(YAMLParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return; // an empty file: defaults
    }
    if (first != JsonToken.START_OBJECT) {
      throw malformed(parser, "the file must be a map of settings");
    }
    map(parser, "");
    if (parser.nextToken() != null) {
      throw malformed(parser, "there is a second document");
    }
  }

  private void map(YAMLParser parser, String prefix) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = prefix + parser.currentName();
      String where = file + " line " + parser.currentTokenLocation().getLineNr();
      JsonToken token = parser.nextToken();
      if (parser.isCurrentAlias()) {
        throw malformed(parser, "aliases are not supported: write the value of '" + key + "'");
      }
      switch (token) {
        case START_OBJECT -> map(parser, key + ".");
        case START_ARRAY -> throw malformed(parser, "'" + key + "' is a list; allowed: one value");
        case VALUE_NULL -> throw malformed(parser, "'" + key + "' has no value");
        default -> {
          if (texts.putIfAbsent(key, new Text(parser.getText(), where)) != null) {
            throw malformed(parser, "'" + key + "' is set twice");
          }
        }
      }
    }
  }

  private HoldfastException malformed(YAMLParser parser, String what) {
    return new HoldfastException(
        "config-malformed",
        file + " line " + parser.currentTokenLocation().getLineNr() + ": " + what,
        "");
  }
}

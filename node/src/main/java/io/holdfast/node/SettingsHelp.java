package io.holdfast.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells what can be set: for the screen, and as docs/operate/settings.md. */
public final class SettingsHelp {
  private static final String HEAD =
      """
      # Settings of a node

      <!-- Made from the list of settings in the code: ./dev settings writes this file. -->

      `holdfast serve --config FILE` reads them from `holdfast.yaml`. A setting is a key in parts: `rest.address: …` and a nested map `rest:` with `address: …` are the same. What is not set has its default. A setting that does not exist, is set twice, or has a value that is not allowed is refused at start, with its name, its value, its line and what is allowed: code `bad-setting`, exit code 2.

      The environment overrides the file (`HOLDFAST_CONFIG_REST_ADDRESS` for `rest.address`), and `--set rest.address=…` overrides both.

      Durations are whole numbers with `ms`, `s` or `m`; sizes are whole numbers with `KiB`, `MiB` or `GiB`.

      """;

  private SettingsHelp() {}

  /** Each setting with its default, its range and its meaning, for a terminal. */
  public static String text() {
    StringBuilder text = new StringBuilder();
    for (Setting<?> setting : Settings.ALL) {
      text.append(setting.key());
      String byDefault = setting.defaultText();
      text.append(byDefault == null ? "  (not set)" : "  (" + byDefault + ")").append('\n');
      text.append("    ").append(setting.help()).append('\n');
      text.append("    allowed: ").append(setting.type().allowed()).append("\n\n");
    }
    return text.toString();
  }

  /** The whole of docs/operate/settings.md. */
  static String markdown() {
    StringBuilder text = new StringBuilder(HEAD);
    text.append("| setting | default | allowed | meaning |\n|---|---|---|---|\n");
    for (Setting<?> setting : Settings.ALL) {
      String byDefault = setting.defaultText();
      text.append("| `").append(setting.key()).append("` | ");
      text.append(byDefault == null ? "not set" : "`" + byDefault + "`").append(" | ");
      text.append(setting.type().allowed()).append(" | ");
      text.append(setting.help()).append(" |\n");
    }
    return text.toString();
  }

  /** Writes the document to the file that is named. */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of(arguments[0]), markdown());
  }
}

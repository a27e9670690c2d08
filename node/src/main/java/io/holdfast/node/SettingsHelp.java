package io.holdfast.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

  private static final String REPOSITORIES =
      """

      ## Repositories for backups

      For each repository `vault.repositories.NAME`, where NAME consists of lower-case letters, digits and hyphens; see [backup](backup.md). All nodes of a site should have the same ones, since any of them may have to do the work.

      """;

  private SettingsHelp() {}

  /** Each setting with its default, its range and its meaning, for a terminal. */
  public static String text() {
    StringBuilder text = new StringBuilder();
    Settings.ALL.forEach(setting -> tell(setting, text));
    RepositorySettings.of("NAME").forEach(setting -> tell(setting, text));
    return text.toString();
  }

  private static void tell(Setting<?> setting, StringBuilder text) {
    text.append(setting.key());
    String byDefault = setting.defaultText();
    text.append(byDefault == null ? "  (not set)" : "  (" + byDefault + ")").append('\n');
    text.append("    ").append(setting.help()).append('\n');
    text.append("    allowed: ").append(setting.type().allowed()).append("\n\n");
  }

  /** The whole of docs/operate/settings.md. */
  static String markdown() {
    StringBuilder text = new StringBuilder(HEAD);
    table(Settings.ALL, text);
    text.append(REPOSITORIES);
    table(RepositorySettings.ALL, text);
    return text.toString();
  }

  private static void table(List<Setting<?>> settings, StringBuilder text) {
    text.append("| setting | default | allowed | meaning |\n|---|---|---|---|\n");
    for (Setting<?> setting : settings) {
      String byDefault = setting.defaultText();
      text.append("| `").append(setting.key()).append("` | ");
      text.append(byDefault == null ? "not set" : "`" + byDefault + "`").append(" | ");
      text.append(setting.type().allowed()).append(" | ");
      text.append(setting.help()).append(" |\n");
    }
  }

  /** Writes the document to the file that is named. */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of(arguments[0]), markdown());
  }
}

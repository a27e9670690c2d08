package io.holdfast.node;

import io.holdfast.kernel.HoldfastException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of all settings: defaults, over them the file, over that the environment, over that
 * the options of the command. A key that is no setting is refused wherever it stands, and so is a
 * value that is not allowed: code {@code bad-setting}.
 */
final class SettingValues {
  private final Map<String, SettingsFile.Text> texts = new LinkedHashMap<>();

  private SettingValues() {}

  static SettingValues of(Path file, Map<String, String> options, Map<String, String> environment) {
    SettingValues values = new SettingValues();
    SettingsFile.read(file).forEach(values::put);
    environment.forEach(
        (variable, value) -> {
          if (variable.startsWith(Settings.ENVIRONMENT_PREFIX)) {
            values.put(
                keyOf(variable), new SettingsFile.Text(value, "environment variable " + variable));
          }
        });
    options.forEach(
        (key, value) -> values.put(key, new SettingsFile.Text(value, "option --set " + key)));
    for (Setting<?> setting : Settings.ALL) {
      values.find(setting); // refuses what is not allowed, even if nobody asks for it
    }
    for (String name : values.repositories()) {
      RepositorySettings.of(name).forEach(values::find);
    }
    return values;
  }

  /** The names of the repositories that something is set for, in their order. */
  List<String> repositories() {
    return texts.keySet().stream()
        .map(RepositorySettings::nameIn)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /** The value; only for settings that have a default. */
  <T> T get(Setting<T> setting) {
    return find(setting).orElseThrow();
  }

  /** The value, or empty when it is not set and has no default. */
  <T> Optional<T> find(Setting<T> setting) {
    SettingsFile.Text text = texts.get(setting.key());
    if (text == null) {
      String byDefault = setting.defaultText();
      return byDefault == null ? Optional.empty() : setting.type().parse(byDefault);
    }
    Optional<T> value = setting.type().parse(text.value());
    if (value.isEmpty()) {
      throw refused(setting, setting.type().allowed(), "");
    }
    return value;
  }

  /** A refusal of what is set, with the words of {@code allowed}. */
  HoldfastException refused(Setting<?> setting, String allowed, String hint) {
    SettingsFile.Text text = texts.get(setting.key());
    String byDefault = setting.defaultText();
    String is =
        text != null
            ? "'" + text.value() + "' (" + text.where() + ")"
            : byDefault == null ? "not set" : "'" + byDefault + "'";
    return new HoldfastException(
        "bad-setting",
        setting.key() + " is " + is + "; allowed: " + allowed,
        hint.isEmpty() ? defaultHint(setting) : hint);
  }

  private static String defaultHint(Setting<?> setting) {
    return setting.defaultText() == null
        ? "leave it out, or see docs/operate/settings.md"
        : "the default is " + setting.defaultText() + "; see docs/operate/settings.md";
  }

  private void put(String key, SettingsFile.Text text) {
    List<String> keys = new ArrayList<>(Settings.ALL.stream().map(Setting::key).toList());
    RepositorySettings.nameIn(key)
        .ifPresent(name -> RepositorySettings.of(name).forEach(one -> keys.add(one.key())));
    if (!keys.contains(key)) {
      String hint =
          Nearest.to(key, keys)
              .map(nearest -> "did you mean " + nearest + "?")
              .orElse("docs/operate/settings.md lists all settings");
      throw new HoldfastException(
          "bad-setting", "there is no setting '" + key + "' (" + text.where() + ")", hint);
    }
    texts.put(key, text);
  }

  /** The key that a variable stands for; the variable itself when it stands for none. */
  private static String keyOf(String variable) {
    for (Setting<?> setting : Settings.ALL) {
      if (setting.environmentVariable().equals(variable)) {
        return setting.key();
      }
    }
    return RepositorySettings.keyOf(variable).orElse(variable);
  }
}

package io.holdfast.node;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be configured: the one source of its name, default, range and help.
 *
 * @param key its name in the file, parts separated by dots
 * @param defaultText what applies when it is not set; null when nothing does
 * @param help what it means, in sentences
 */
record Setting<T>(String key, SettingType<T> type, @Nullable String defaultText, String help) {
  /** The same below another key. */
  Setting<T> under(String prefix) {
    return new Setting<>(prefix + key, type, defaultText, help);
  }

  /** The environment variable that overrides the file. */
  String environmentVariable() {
    return Settings.ENVIRONMENT_PREFIX
        + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}

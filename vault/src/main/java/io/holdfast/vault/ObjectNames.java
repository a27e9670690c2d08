package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.util.regex.Pattern;

/**
 * The names that objects may have, on every file system and in every store: parts of lower-case
 * letters, digits, dots and hyphens, parted by slashes, no part beginning with a dot.
 */
final class ObjectNames {
  private static final String PART = "[a-z0-9-][a-z0-9.-]*";
  private static final Pattern NAME = Pattern.compile(PART + "(/" + PART + ")*");
  private static final Pattern PREFIX = Pattern.compile("(" + PART + "/)*(" + PART + ")?");
  // Amazon takes 1,024 bytes and file systems 255 for a part: names of ours are below 100.
  private static final int CHARS_MAX = 240;

  private ObjectNames() {}

  /**
   * @throws HoldfastException code {@code malformed-object-name}
   */
  static void check(String name) {
    if (!isOne(name)) {
      throw refused(name);
    }
  }

  static boolean isOne(String name) {
    return name.length() <= CHARS_MAX && NAME.matcher(name).matches();
  }

  /** Checks what names may begin with: nothing, a part of a name, or a name. */
  static void checkPrefix(String prefix) {
    if (prefix.length() > CHARS_MAX || !PREFIX.matcher(prefix).matches()) {
      throw refused(prefix);
    }
  }

  private static HoldfastException refused(String name) {
    String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
    return new HoldfastException(
        "malformed-object-name",
        "the name of an object is '"
            + shown
            + "'; allowed: up to "
            + CHARS_MAX
            + " lower-case letters, digits, '.', '-', '/'",
        "a repository holds what Holdfast stored there; this name is none of its own");
  }
}

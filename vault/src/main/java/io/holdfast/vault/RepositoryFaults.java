package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import org.jspecify.annotations.Nullable;

/** What goes wrong with repositories of every kind, in the same words. */
final class RepositoryFaults {
  private RepositoryFaults() {}

  static HoldfastException missingObject(String repository, String name) {
    return new HoldfastException(
        "object-missing",
        "the object " + name + " is not in " + repository,
        "it was deleted or lost there; holdfast backup verify says which backups need it");
  }

  static HoldfastException damaged(String repository, String name, String what) {
    return new HoldfastException(
        "object-damaged",
        "the object " + name + " in " + repository + " " + what,
        "holdfast backup verify says which backups need it; another repository may have it whole");
  }

  static HoldfastException unavailable(
      String repository, String what, String hint, @Nullable Throwable cause) {
    return coded("repository-unavailable", repository + " " + what, hint, cause);
  }

  static HoldfastException locked(
      String repository, String name, String what, @Nullable Throwable cause) {
    return coded(
        "object-locked",
        "the object " + name + " in " + repository + " " + what,
        "it can be deleted when its lock has passed or its hold is lifted in the store",
        cause);
  }

  private static HoldfastException coded(
      String code, String message, String hint, @Nullable Throwable cause) {
    return cause == null
        ? new HoldfastException(code, message, hint)
        : new HoldfastException(code, message, hint, cause);
  }
}

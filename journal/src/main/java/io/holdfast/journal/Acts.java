package io.holdfast.journal;

import org.jspecify.annotations.Nullable;

/** Takes acts for the site's log. Never blocks and never fails the caller; for any thread. */
@FunctionalInterface
public interface Acts {
  /** Takes them and forgets them. */
  Acts NONE = (kind, actor, fields) -> {};

  /**
   * Records an act.
   *
   * @param actor who did it: {@code operator …}, or the part of the node that did
   * @param fields names and values in turns; {@link Act} says how many and how long
   */
  void add(ActKind kind, String actor, String... fields);

  /** Why acts are not on disk at the moment; null when they are. */
  default @Nullable String problem() {
    return null;
  }
}

package io.holdfast.gateway.rest;

import java.util.Optional;

/** What the health paths ask the node. Safe for use by many threads; answers at once. */
public interface Health {
  /** Why reads and writes can't be answered now, in words; empty when they can. */
  Optional<String> notReady();

  /** Whether this node leads. */
  boolean leading();

  /** Always ready and leading: for a gateway without a site behind it. */
  static Health alwaysLeading() {
    return new Health() {
      @Override
      public Optional<String> notReady() {
        return Optional.empty();
      }

      @Override
      public boolean leading() {
        return true;
      }
    };
  }
}

package io.holdfast.client;

import java.util.ArrayList;
import java.util.List;

/**
 * The names of flags as they stand in JSON, each for one bit, in the order of the bits.
 *
 * <p>{@link #ACCOUNT} and {@link #TRANSFER} name every bit that {@code AccountFlags.KNOWN} and
 * {@code TransferFlags.KNOWN} know.
 */
public final class FlagNames {
  public static final FlagNames ACCOUNT =
      new FlagNames(
          "linked",
          "debits_must_not_exceed_credits",
          "credits_must_not_exceed_debits",
          "history",
          "imported",
          "closed");

  public static final FlagNames TRANSFER =
      new FlagNames(
          "linked",
          "pending",
          "post_pending_transfer",
          "void_pending_transfer",
          "balancing_debit",
          "balancing_credit",
          "closing_debit",
          "closing_credit",
          "imported");

  private final List<String> names;

  private FlagNames(String... names) {
    this.names = List.of(names);
  }

  /** All names, the lowest bit first. */
  public List<String> all() {
    return names;
  }

  /** The bit of a name; 0 if there is no such flag. */
  public int bit(String name) {
    int at = names.indexOf(name);
    return at < 0 ? 0 : 1 << at;
  }

  /** The names of the bits that are set, the lowest first; bits without a name are left out. */
  public List<String> of(int bits) {
    if (bits == 0) {
      return List.of();
    }
    List<String> set = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if ((bits & 1 << i) != 0) {
        set.add(names.get(i));
      }
    }
    return set;
  }
}

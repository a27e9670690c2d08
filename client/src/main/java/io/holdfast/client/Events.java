package io.holdfast.client;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks of what a caller hands in that the encoding could not carry or that would mislead. */
final class Events {
  private static final int UINT16_MAX = 0xFFFF;

  private Events() {}

  /** What is wrong with it; null when nothing is. */
  static @Nullable HoldfastException fault(Account account) {
    return fault(account.code(), account.flags());
  }

  static @Nullable HoldfastException fault(Transfer transfer) {
    return fault(transfer.code(), transfer.flags());
  }

  static @Nullable HoldfastException fault(byte[] details) {
    return details.length <= Limits.DETAILS_BYTES_MAX
        ? null
        : malformed(
            "details", details.length + " bytes", "at most " + Limits.DETAILS_BYTES_MAX, "");
  }

  /** A single event may not be linked: it would be linked to a stranger's. */
  static @Nullable HoldfastException linked(int flags) {
    return (flags & TransferFlags.LINKED) == 0
        ? null
        : malformed("flags", "linked", "a single event without it", "send a chain");
  }

  private static @Nullable HoldfastException fault(int code, int flags) {
    if (code < 0 || code > UINT16_MAX) {
      return malformed("code", code, "0 to " + UINT16_MAX, "");
    }
    if (flags < 0 || flags > UINT16_MAX) {
      return malformed("flags", flags, "0 to " + UINT16_MAX, "");
    }
    return null;
  }

  /** The transfers with {@code linked} set on all but the last, where it is cleared. */
  static List<Transfer> chained(List<Transfer> transfers) {
    List<Transfer> chain = new ArrayList<>(transfers.size());
    for (int i = 0; i < transfers.size(); i++) {
      Transfer transfer = transfers.get(i);
      int others = transfer.flags() & ~TransferFlags.LINKED;
      chain.add(
          withFlags(transfer, i < transfers.size() - 1 ? others | TransferFlags.LINKED : others));
    }
    return chain;
  }

  /** What is wrong with a chain; null when nothing is. */
  static @Nullable HoldfastException chainFault(List<Transfer> transfers) {
    if (transfers.isEmpty() || transfers.size() > Limits.REQUEST_EVENTS_MAX) {
      return malformed(
          "chain", transfers.size() + " transfers", "1 to " + Limits.REQUEST_EVENTS_MAX, "");
    }
    for (Transfer transfer : transfers) {
      HoldfastException fault = fault(transfer);
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private static Transfer withFlags(Transfer t, int flags) {
    return flags == t.flags()
        ? t
        : new Transfer(
            t.id(),
            t.debitAccountId(),
            t.creditAccountId(),
            t.amount(),
            t.pendingId(),
            t.userData128(),
            t.userData64(),
            t.userData32(),
            t.timeout(),
            t.ledger(),
            t.code(),
            flags,
            t.timestamp());
  }

  static HoldfastException malformed(String field, Object value, String allowed, String hint) {
    return new HoldfastException(
        "malformed-request", field + " is " + value + "; allowed: " + allowed, hint);
  }
}

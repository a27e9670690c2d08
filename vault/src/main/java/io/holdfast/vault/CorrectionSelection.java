package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The corrections of what was created after a moment and should not have been: of a payment, its
 * reversal; of a reservation that was posted, that of the post; of one that is still open, its
 * release. The newest is taken back first, so that on the way back every account goes through
 * balances that it has had.
 *
 * @param corrections in the order in which they are to be submitted
 * @param leftOut how many of those selected are not corrected, by why
 */
public record CorrectionSelection(List<Correction> corrections, Map<LeftOut, Integer> leftOut) {
  /** As many as a person can look through in parts, and 100 MB of file. */
  public static final int CORRECTIONS_MAX = 100_000;

  private static final long SECOND_NANOS = 1_000_000_000L;

  public CorrectionSelection {
    corrections = List.copyOf(corrections);
    leftOut = Map.copyOf(leftOut);
  }

  /** Why something that was selected is not corrected. */
  public enum LeftOut {
    /** Its correction is in the ledger. */
    CORRECTED_ALREADY,
    /** A reservation that was voided. */
    VOIDED,
    /** A reservation whose time is over. */
    EXPIRED,
    /** A void, or an amount of zero. */
    MOVED_NOTHING
  }

  /**
   * Selects.
   *
   * @param afterNanos the time of the newest transfer of the moment
   * @param code of the transfers that move money back
   * @param wallNanos the time now
   * @throws HoldfastException code {@code too-many-corrections}
   */
  public static CorrectionSelection of(
      Queries now, long afterNanos, CorrectionFilter filter, int code, long wallNanos) {
    Selecting selecting = new Selecting(filter);
    Differences.transfersAfter(now, afterNanos, selecting::see);
    return selecting.end(now, code, wallNanos);
  }

  private static final class Selecting {
    private final CorrectionFilter filter;
    private final List<Transfer> selected = new ArrayList<>();
    private final Map<UInt128, Transfer> open = new LinkedHashMap<>();
    private final Map<LeftOut, Integer> leftOut = new EnumMap<>(LeftOut.class);

    Selecting(CorrectionFilter filter) {
      this.filter = filter;
    }

    void see(Transfer transfer) {
      boolean ofSelected =
          Correction.resolves(transfer) && open.remove(transfer.pendingId()) != null;
      if (!ofSelected && !filter.wants(transfer)) {
        return;
      }
      boolean correction = Correction.is(transfer);
      if (ofSelected && (transfer.flags() & TransferFlags.VOID_PENDING_TRANSFER) != 0) {
        leaveOut(correction ? LeftOut.CORRECTED_ALREADY : LeftOut.VOIDED);
      } else if (!correction || filter.ids().contains(transfer.id())) {
        select(transfer); // what takes back is itself taken back only when asked for by its id
      }
    }

    private void select(Transfer transfer) {
      if (!Correction.isPossible(transfer)) {
        leaveOut(LeftOut.MOVED_NOTHING);
      } else if ((transfer.flags() & TransferFlags.PENDING) != 0) {
        open.put(transfer.id(), transfer);
      } else {
        selected.add(transfer);
      }
      if (selected.size() + open.size() > CORRECTIONS_MAX) {
        throw new HoldfastException(
            "too-many-corrections",
            "more than " + CORRECTIONS_MAX + " transfers are selected",
            "propose them in parts, for instance with --from and --until");
      }
    }

    private void leaveOut(LeftOut why) {
      leftOut.merge(why, 1, Integer::sum);
    }

    CorrectionSelection end(Queries now, int code, long wallNanos) {
      for (Transfer reservation : open.values()) {
        long nanos = Integer.toUnsignedLong(reservation.timeout()) * SECOND_NANOS;
        if (nanos != 0 && wallNanos - reservation.timestamp() >= nanos) {
          leaveOut(LeftOut.EXPIRED);
        } else {
          selected.add(reservation);
        }
      }
      selected.sort(Comparator.comparingLong(Transfer::timestamp).reversed());
      List<Correction> corrections = new ArrayList<>(selected.size());
      for (int from = 0; from < selected.size(); from += Limits.LOOKUP_IDS_MAX) {
        List<Transfer> some =
            selected.subList(from, Math.min(selected.size(), from + Limits.LOOKUP_IDS_MAX));
        Set<UInt128> there = new HashSet<>();
        now.transfers(some.stream().map(transfer -> Correction.idOf(transfer.id())).toList())
            .forEach(transfer -> there.add(transfer.id()));
        for (Transfer transfer : some) {
          Correction correction = Correction.of(transfer, code);
          if (there.contains(correction.correction().id())) {
            leaveOut(LeftOut.CORRECTED_ALREADY);
          } else {
            corrections.add(correction);
          }
        }
      }
      return new CorrectionSelection(corrections, leftOut);
    }
  }
}

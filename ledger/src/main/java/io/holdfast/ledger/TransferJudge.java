package io.holdfast.ledger;

import static io.holdfast.ledger.TransferFlags.BALANCING_CREDIT;
import static io.holdfast.ledger.TransferFlags.BALANCING_DEBIT;
import static io.holdfast.ledger.TransferFlags.CLOSING_CREDIT;
import static io.holdfast.ledger.TransferFlags.CLOSING_DEBIT;
import static io.holdfast.ledger.TransferFlags.IMPORTED;
import static io.holdfast.ledger.TransferFlags.PENDING;
import static io.holdfast.ledger.TransferFlags.POST_PENDING_TRANSFER;
import static io.holdfast.ledger.TransferFlags.VOID_PENDING_TRANSFER;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges transfers: what every transfer has to satisfy, in the order of precedence; then it is a
 * {@link Payment} or a {@link Resolution} of a pending one.
 */
final class TransferJudge implements EventJudge {
  private static final int RESOLVING = POST_PENDING_TRANSFER | VOID_PENDING_TRANSFER;
  private static final int NOT_FOR_RESOLVING =
      PENDING | BALANCING_DEBIT | BALANCING_CREDIT | CLOSING_DEBIT | CLOSING_CREDIT;

  private final AccountStore accounts;
  private final TransferStore transfers;
  private final Reservations reservations;
  private final ExpiryQueue expiries;
  private final TransferLookAhead lookAhead;
  private final TransferComparison comparison;
  private final Payment payment;
  private final Resolution resolution;
  private @Nullable Events current;
  private boolean imported;
  private long judgedAt;
  private long timestamp;
  private int reserved;

  TransferJudge(
      AccountStore accounts,
      TransferStore transfers,
      Reservations reservations,
      ExpiryQueue expiries) {
    this.accounts = accounts;
    this.transfers = transfers;
    this.reservations = reservations;
    this.expiries = expiries;
    this.lookAhead = new TransferLookAhead(accounts, transfers);
    this.comparison = new TransferComparison(transfers);
    ImportedTimes importedTimes = new ImportedTimes(accounts, transfers);
    this.payment = new Payment(accounts, transfers, reservations, expiries, importedTimes);
    this.resolution = new Resolution(accounts, transfers, reservations, expiries, importedTimes);
  }

  /** What ends pending transfers; a pulse uses it too. */
  Resolution resolution() {
    return resolution;
  }

  @Override
  public int existsCode() {
    return TransferStatus.EXISTS.code();
  }

  @Override
  public void begin(Events request) {
    current = request;
    imported = (request.flags(0) & IMPORTED) != 0;
  }

  @Override
  public void lookAhead(int from, int to) {
    lookAhead.load(events(), from, to);
  }

  @Override
  public boolean exists(int i) {
    Events events = events();
    long hi = events.half(i, TransferRecord.ID + 8);
    long lo = events.half(i, TransferRecord.ID);
    return transfers.findTransfer(hi, lo) != TransferStore.NOT_FOUND;
  }

  @Override
  public int judge(int i, long now) {
    judgedAt = now;
    timestamp = 0;
    reserved = 0;
    return status(i, now).code();
  }

  private TransferStatus status(int i, long now) {
    Events events = events();
    int flags = events.flags(i);
    TransferStatus early = beforeId(events, i, flags, now);
    if (early != null) {
      return early;
    }
    long hash = lookAhead.idHash(i);
    long found =
        transfers.find(
            hash, events.half(i, TransferRecord.ID + 8), events.half(i, TransferRecord.ID));
    if (found != TransferStore.NOT_FOUND) {
      return known(events, i, flags, found);
    }
    if (mutuallyExclusive(flags)) {
      return TransferStatus.FLAGS_ARE_MUTUALLY_EXCLUSIVE;
    }
    TransferStatus status =
        (flags & RESOLVING) != 0
            ? resolution.judge(events, i, flags, now, hash)
            : payment.judge(events, i, flags, now, hash, lookAhead.debit(i), lookAhead.credit(i));
    if (status == TransferStatus.CREATED) {
      timestamp = transfers.lastTimestamp();
    }
    return status;
  }

  private TransferStatus known(Events events, int i, int flags, long found) {
    if (!TransferStore.isTransfer(found)) {
      reserved = TransferStore.failedStatus(found);
      return TransferStatus.ID_ALREADY_FAILED;
    }
    TransferStatus status = comparison.compare(events, i, flags, found);
    if (status == TransferStatus.EXISTS) {
      timestamp = transfers.timestamp(found);
    }
    return status;
  }

  /** What comes before the question whether the id exists. */
  private @Nullable TransferStatus beforeId(Events events, int i, int flags, long now) {
    boolean isImported = (flags & IMPORTED) != 0;
    if (isImported != imported) {
      return isImported
          ? TransferStatus.IMPORTED_EVENT_NOT_EXPECTED
          : TransferStatus.IMPORTED_EVENT_EXPECTED;
    }
    long given = events.half(i, TransferRecord.TIMESTAMP);
    if (isImported) {
      if (given <= 0) { // as unsigned: zero, or 2^63 and more
        return TransferStatus.IMPORTED_EVENT_TIMESTAMP_OUT_OF_RANGE;
      }
      if (ImportedTimes.advances(given, now)) {
        return TransferStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_ADVANCE;
      }
    } else if (given != 0) {
      return TransferStatus.TIMESTAMP_MUST_BE_ZERO;
    }
    if ((flags & ~TransferFlags.KNOWN) != 0) {
      return TransferStatus.RESERVED_FLAG;
    }
    long lo = events.half(i, TransferRecord.ID);
    long hi = events.half(i, TransferRecord.ID + 8);
    if (Halves.isZero(hi, lo)) {
      return TransferStatus.ID_MUST_NOT_BE_ZERO;
    }
    return Halves.isMax(hi, lo) ? TransferStatus.ID_MUST_NOT_BE_INT_MAX : null;
  }

  private static boolean mutuallyExclusive(int flags) {
    int resolving = flags & RESOLVING;
    return resolving == RESOLVING || (resolving != 0 && (flags & NOT_FOR_RESOLVING) != 0);
  }

  @Override
  public int compare(int i, long now) {
    timestamp = 0;
    reserved = 0;
    Events events = events();
    int flags = events.flags(i);
    TransferStatus early = beforeId(events, i, flags, now);
    if (early != null) {
      return early.code();
    }
    long hi = events.half(i, TransferRecord.ID + 8);
    long lo = events.half(i, TransferRecord.ID);
    long found = transfers.findTransfer(hi, lo);
    return found == TransferStore.NOT_FOUND ? MISSING : known(events, i, flags, found).code();
  }

  @Override
  public long timestamp() {
    return timestamp;
  }

  @Override
  public int reserved() {
    return reserved;
  }

  @Override
  public void remember(int i, int status) {
    if (TransferStatus.ofCode(status).isTransient()) {
      long hi = events().half(i, TransferRecord.ID + 8);
      transfers.recordFailed(hi, events().half(i, TransferRecord.ID), status, judgedAt);
    }
  }

  @Override
  public void beginChain() {
    accounts.beginChain();
    transfers.beginChain();
    reservations.beginChain();
    expiries.beginChain();
  }

  @Override
  public void commitChain() {
    accounts.commitChain();
    reservations.commitChain();
    expiries.commitChain();
  }

  @Override
  public void rollBackChain() {
    accounts.rollBackChain();
    transfers.rollBackChain();
    reservations.rollBackChain();
    expiries.rollBackChain();
  }

  private Events events() {
    return Objects.requireNonNull(current);
  }
}

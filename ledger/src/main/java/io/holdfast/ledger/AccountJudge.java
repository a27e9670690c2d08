package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Judges accounts and opens them. */
final class AccountJudge implements EventJudge {
  private static final int LIMITS =
      AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS | AccountFlags.CREDITS_MUST_NOT_EXCEED_DEBITS;

  private final AccountStore accounts;
  private final ImportedTimes importedTimes;
  private @Nullable Events current;
  private boolean imported;
  private long timestamp;

  AccountJudge(AccountStore accounts, TransferStore transfers) {
    this.accounts = accounts;
    this.importedTimes = new ImportedTimes(accounts, transfers);
  }

  @Override
  public int existsCode() {
    return AccountStatus.EXISTS.code();
  }

  @Override
  public void begin(Events request) {
    current = request;
    imported = (request.flags(0) & AccountFlags.IMPORTED) != 0;
  }

  @Override
  public void lookAhead(int from, int to) {
    // Accounts are opened once and paid from often: their opening is not worth the effort.
  }

  @Override
  public boolean exists(int i) {
    return find(i) != AccountStore.NOT_FOUND;
  }

  @Override
  public int judge(int i, long now) {
    timestamp = 0;
    AccountStatus status = beforeId(i, now);
    if (status == null) {
      int found = find(i);
      status = found == AccountStore.NOT_FOUND ? fields(i) : known(i, found);
    }
    if (status == null) {
      Events events = events();
      timestamp = imported ? events.half(i, AccountRecord.TIMESTAMP) : now;
      accounts.append(events.segment(), events.at(i), timestamp);
      status = AccountStatus.CREATED;
    }
    return status.code();
  }

  @Override
  public int compare(int i, long now) {
    timestamp = 0;
    AccountStatus early = beforeId(i, now);
    if (early != null) {
      return early.code();
    }
    int found = find(i);
    return found == AccountStore.NOT_FOUND ? MISSING : known(i, found).code();
  }

  /** What comes before the question whether the id exists. */
  private @Nullable AccountStatus beforeId(int i, long now) {
    Events events = events();
    int flags = events.flags(i);
    boolean isImported = (flags & AccountFlags.IMPORTED) != 0;
    if (isImported != imported) {
      return isImported
          ? AccountStatus.IMPORTED_EVENT_NOT_EXPECTED
          : AccountStatus.IMPORTED_EVENT_EXPECTED;
    }
    long given = events.half(i, AccountRecord.TIMESTAMP);
    if (isImported) {
      if (given <= 0) { // as unsigned: zero, or 2^63 and more
        return AccountStatus.IMPORTED_EVENT_TIMESTAMP_OUT_OF_RANGE;
      }
      if (ImportedTimes.advances(given, now)) {
        return AccountStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_ADVANCE;
      }
    } else if (given != 0) {
      return AccountStatus.TIMESTAMP_MUST_BE_ZERO;
    }
    if (int32(i, AccountRecord.RESERVED) != 0) {
      return AccountStatus.RESERVED_FIELD;
    }
    if ((flags & ~AccountFlags.KNOWN) != 0) {
      return AccountStatus.RESERVED_FLAG;
    }
    long lo = events.half(i, AccountRecord.ID);
    long hi = events.half(i, AccountRecord.ID + 8);
    if (Halves.isZero(hi, lo)) {
      return AccountStatus.ID_MUST_NOT_BE_ZERO;
    }
    return Halves.isMax(hi, lo) ? AccountStatus.ID_MUST_NOT_BE_INT_MAX : null;
  }

  /** The account as it was created counts: a later closing is no difference. */
  private AccountStatus known(int i, int found) {
    MemorySegment stored = RecordStore.MEMORY;
    long at = accounts.at(found);
    if (events().flags(i) != accounts.createdFlags(found)) {
      return AccountStatus.EXISTS_WITH_DIFFERENT_FLAGS;
    }
    if (differs(i, stored, at, AccountRecord.USER_DATA_128)
        || differs(i, stored, at, AccountRecord.USER_DATA_128 + 8)) {
      return AccountStatus.EXISTS_WITH_DIFFERENT_USER_DATA_128;
    }
    if (differs(i, stored, at, AccountRecord.USER_DATA_64)) {
      return AccountStatus.EXISTS_WITH_DIFFERENT_USER_DATA_64;
    }
    if (int32(i, AccountRecord.USER_DATA_32)
        != stored.get(JAVA_INT_UNALIGNED, at + AccountRecord.USER_DATA_32)) {
      return AccountStatus.EXISTS_WITH_DIFFERENT_USER_DATA_32;
    }
    if (int32(i, AccountRecord.LEDGER)
        != stored.get(JAVA_INT_UNALIGNED, at + AccountRecord.LEDGER)) {
      return AccountStatus.EXISTS_WITH_DIFFERENT_LEDGER;
    }
    if (code(i) != stored.get(JAVA_SHORT_UNALIGNED, at + AccountRecord.CODE)) {
      return AccountStatus.EXISTS_WITH_DIFFERENT_CODE;
    }
    timestamp = accounts.timestamp(found);
    return AccountStatus.EXISTS;
  }

  /** What a new account has to satisfy. */
  private @Nullable AccountStatus fields(int i) {
    if ((events().flags(i) & LIMITS) == LIMITS) {
      return AccountStatus.FLAGS_ARE_MUTUALLY_EXCLUSIVE;
    }
    if (!isZero128(i, AccountRecord.DEBITS_PENDING)) {
      return AccountStatus.DEBITS_PENDING_MUST_BE_ZERO;
    }
    if (!isZero128(i, AccountRecord.DEBITS_POSTED)) {
      return AccountStatus.DEBITS_POSTED_MUST_BE_ZERO;
    }
    if (!isZero128(i, AccountRecord.CREDITS_PENDING)) {
      return AccountStatus.CREDITS_PENDING_MUST_BE_ZERO;
    }
    if (!isZero128(i, AccountRecord.CREDITS_POSTED)) {
      return AccountStatus.CREDITS_POSTED_MUST_BE_ZERO;
    }
    if (int32(i, AccountRecord.LEDGER) == 0) {
      return AccountStatus.LEDGER_MUST_NOT_BE_ZERO;
    }
    if (code(i) == 0) {
      return AccountStatus.CODE_MUST_NOT_BE_ZERO;
    }
    return imported && importedTimes.accountRegresses(events().half(i, AccountRecord.TIMESTAMP))
        ? AccountStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS
        : null;
  }

  @Override
  public long timestamp() {
    return timestamp;
  }

  @Override
  public int reserved() {
    return 0;
  }

  @Override
  public void remember(int i, int status) {
    // No refusal of an account is transient: each depends on the event and its id alone.
  }

  @Override
  public void beginChain() {
    accounts.beginChain();
  }

  @Override
  public void commitChain() {
    accounts.commitChain();
  }

  @Override
  public void rollBackChain() {
    accounts.rollBackChain();
  }

  private int find(int i) {
    Events events = events();
    return accounts.find(events.half(i, AccountRecord.ID + 8), events.half(i, AccountRecord.ID));
  }

  private boolean differs(int i, MemorySegment stored, long at, int field) {
    return events().half(i, field) != stored.get(JAVA_LONG_UNALIGNED, at + field);
  }

  private boolean isZero128(int i, int field) {
    return Halves.isZero(events().half(i, field + 8), events().half(i, field));
  }

  private int int32(int i, int field) {
    return events().segment().get(JAVA_INT_UNALIGNED, events().at(i) + field);
  }

  private short code(int i) {
    return events().segment().get(JAVA_SHORT_UNALIGNED, events().at(i) + AccountRecord.CODE);
  }

  private Events events() {
    return Objects.requireNonNull(current);
  }
}

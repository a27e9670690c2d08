package io.holdfast.ledger;

import io.holdfast.kernel.UInt128;

/** The rules for accounts, from their description; part of {@link Model}. */
final class ModelAccounts {
  private final Model model;

  ModelAccounts(Model model) {
    this.model = model;
  }

  Model.Result judge(Account e, long now, boolean imported, boolean comparing) {
    boolean isImported = (e.flags() & 16) != 0;
    if (imported && !isImported) return refuse(AccountStatus.IMPORTED_EVENT_EXPECTED);
    if (!imported && isImported) return refuse(AccountStatus.IMPORTED_EVENT_NOT_EXPECTED);
    if (!isImported && e.timestamp() != 0) return refuse(AccountStatus.TIMESTAMP_MUST_BE_ZERO);
    if (isImported && e.timestamp() <= 0) {
      return refuse(AccountStatus.IMPORTED_EVENT_TIMESTAMP_OUT_OF_RANGE);
    }
    if (isImported && e.timestamp() >= now) {
      return refuse(AccountStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_ADVANCE);
    }
    if (e.reserved() != 0) return refuse(AccountStatus.RESERVED_FIELD);
    if (e.flags() > 63) return refuse(AccountStatus.RESERVED_FLAG);
    if (e.id().isZero()) return refuse(AccountStatus.ID_MUST_NOT_BE_ZERO);
    if (e.id().equals(UInt128.MAX)) return refuse(AccountStatus.ID_MUST_NOT_BE_INT_MAX);
    Model.Acct old = model.accounts.get(e.id().toBigInteger());
    if (old != null) {
      Account o = old.made;
      if (o.flags() != e.flags()) return refuse(AccountStatus.EXISTS_WITH_DIFFERENT_FLAGS);
      if (!o.userData128().equals(e.userData128())) {
        return refuse(AccountStatus.EXISTS_WITH_DIFFERENT_USER_DATA_128);
      }
      if (o.userData64() != e.userData64()) {
        return refuse(AccountStatus.EXISTS_WITH_DIFFERENT_USER_DATA_64);
      }
      if (o.userData32() != e.userData32()) {
        return refuse(AccountStatus.EXISTS_WITH_DIFFERENT_USER_DATA_32);
      }
      if (o.ledger() != e.ledger()) return refuse(AccountStatus.EXISTS_WITH_DIFFERENT_LEDGER);
      if (o.code() != e.code()) return refuse(AccountStatus.EXISTS_WITH_DIFFERENT_CODE);
      return new Model.Result(AccountStatus.EXISTS.code(), old.timestamp, 0);
    }
    if (comparing) return new Model.Result(0, 0, 0);
    if ((e.flags() & 6) == 6) return refuse(AccountStatus.FLAGS_ARE_MUTUALLY_EXCLUSIVE);
    if (!e.debitsPending().isZero()) return refuse(AccountStatus.DEBITS_PENDING_MUST_BE_ZERO);
    if (!e.debitsPosted().isZero()) return refuse(AccountStatus.DEBITS_POSTED_MUST_BE_ZERO);
    if (!e.creditsPending().isZero()) return refuse(AccountStatus.CREDITS_PENDING_MUST_BE_ZERO);
    if (!e.creditsPosted().isZero()) return refuse(AccountStatus.CREDITS_POSTED_MUST_BE_ZERO);
    if (e.ledger() == 0) return refuse(AccountStatus.LEDGER_MUST_NOT_BE_ZERO);
    if (e.code() == 0) return refuse(AccountStatus.CODE_MUST_NOT_BE_ZERO);
    if (isImported
        && (e.timestamp() <= model.lastAccount || model.movementTimes.contains(e.timestamp()))) {
      return refuse(AccountStatus.IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS);
    }
    long at = isImported ? e.timestamp() : now;
    model.accounts.put(e.id().toBigInteger(), new Model.Acct(e, at));
    model.lastAccount = at;
    return new Model.Result(-1, at, 0);
  }

  private static Model.Result refuse(AccountStatus status) {
    return new Model.Result(status.code(), 0, 0);
  }
}

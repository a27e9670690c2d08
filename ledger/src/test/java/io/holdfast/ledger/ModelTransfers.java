package io.holdfast.ledger;

import static io.holdfast.ledger.TransferStatus.*;

import io.holdfast.kernel.UInt128;
import java.math.BigInteger;
import java.util.Arrays;

/** The rules for transfers, from their description; part of {@link Model}. */
final class ModelTransfers {
  private static final BigInteger LIMIT = BigInteger.TWO.pow(128);
  private static final BigInteger MAX = LIMIT.subtract(BigInteger.ONE);
  private static final BigInteger ZERO = BigInteger.ZERO;

  private final Model model;

  ModelTransfers(Model model) {
    this.model = model;
  }

  Model.Result judge(Transfer e, byte[] details, long now, boolean imported, boolean comparing) {
    int flags = e.flags();
    boolean isImported = (flags & 256) != 0;
    if (imported && !isImported) return refuse(IMPORTED_EVENT_EXPECTED);
    if (!imported && isImported) return refuse(IMPORTED_EVENT_NOT_EXPECTED);
    if (!isImported && e.timestamp() != 0) return refuse(TIMESTAMP_MUST_BE_ZERO);
    if (isImported && e.timestamp() <= 0) return refuse(IMPORTED_EVENT_TIMESTAMP_OUT_OF_RANGE);
    if (isImported && e.timestamp() >= now) {
      return refuse(IMPORTED_EVENT_TIMESTAMP_MUST_NOT_ADVANCE);
    }
    if (flags > 511) return refuse(RESERVED_FLAG);
    if (e.id().isZero()) return refuse(ID_MUST_NOT_BE_ZERO);
    if (e.id().equals(UInt128.MAX)) return refuse(ID_MUST_NOT_BE_INT_MAX);
    BigInteger id = e.id().toBigInteger();
    if (model.transfers.containsKey(id)) {
      return repeated(e, details, model.transfers.get(id));
    }
    if (comparing) return new Model.Result(0, 0, 0);
    if (model.failed.containsKey(id)) {
      return new Model.Result(ID_ALREADY_FAILED.code(), 0, model.failed.get(id));
    }
    boolean pending = (flags & 2) != 0;
    boolean post = (flags & 4) != 0;
    boolean cancel = (flags & 8) != 0;
    boolean special = (flags & (16 | 32 | 64 | 128)) != 0;
    if ((pending && post) || (pending && cancel) || (post && cancel)) {
      return refuse(FLAGS_ARE_MUTUALLY_EXCLUSIVE);
    }
    if ((post || cancel) && special) return refuse(FLAGS_ARE_MUTUALLY_EXCLUSIVE);
    return post || cancel ? resolve(e, details, now, post) : pay(e, details, now);
  }

  private Model.Result repeated(Transfer e, byte[] details, Model.Xfer old) {
    Transfer o = old.stored;
    boolean resolving = (e.flags() & 12) != 0;
    if (e.flags() != o.flags()) return refuse(EXISTS_WITH_DIFFERENT_FLAGS);
    if (!e.pendingId().equals(o.pendingId())) return refuse(EXISTS_WITH_DIFFERENT_PENDING_ID);
    if (e.timeout() != o.timeout()) return refuse(EXISTS_WITH_DIFFERENT_TIMEOUT);
    Transfer p = resolving ? model.known(o.pendingId()).stored : o;
    boolean r = resolving;
    UInt128 debit = r && e.debitAccountId().isZero() ? p.debitAccountId() : e.debitAccountId();
    UInt128 credit = r && e.creditAccountId().isZero() ? p.creditAccountId() : e.creditAccountId();
    BigInteger amount = e.amount().toBigInteger();
    if ((e.flags() & 4) != 0 && amount.equals(MAX)) amount = p.amount().toBigInteger();
    if ((e.flags() & 8) != 0 && amount.equals(ZERO)) amount = p.amount().toBigInteger();
    UInt128 data128 = r && e.userData128().isZero() ? p.userData128() : e.userData128();
    long data64 = r && e.userData64() == 0 ? p.userData64() : e.userData64();
    int data32 = r && e.userData32() == 0 ? p.userData32() : e.userData32();
    int ledger = r && e.ledger() == 0 ? p.ledger() : e.ledger();
    int code = r && e.code() == 0 ? p.code() : e.code();
    if (!debit.equals(o.debitAccountId())) return refuse(EXISTS_WITH_DIFFERENT_DEBIT_ACCOUNT_ID);
    if (!credit.equals(o.creditAccountId())) return refuse(EXISTS_WITH_DIFFERENT_CREDIT_ACCOUNT_ID);
    int order = amount.compareTo(o.amount().toBigInteger());
    boolean balancing = (e.flags() & 48) != 0;
    if (balancing ? order < 0 : order != 0) return refuse(EXISTS_WITH_DIFFERENT_AMOUNT);
    if (!data128.equals(o.userData128())) return refuse(EXISTS_WITH_DIFFERENT_USER_DATA_128);
    if (data64 != o.userData64()) return refuse(EXISTS_WITH_DIFFERENT_USER_DATA_64);
    if (data32 != o.userData32()) return refuse(EXISTS_WITH_DIFFERENT_USER_DATA_32);
    if (ledger != o.ledger()) return refuse(EXISTS_WITH_DIFFERENT_LEDGER);
    if (code != o.code()) return refuse(EXISTS_WITH_DIFFERENT_CODE);
    if (!Arrays.equals(details, old.details)) return refuse(EXISTS_WITH_DIFFERENT_DETAILS);
    return new Model.Result(EXISTS.code(), o.timestamp(), 0);
  }

  private Model.Result resolve(Transfer e, byte[] details, long now, boolean post) {
    if (e.pendingId().isZero()) return refuse(PENDING_ID_MUST_NOT_BE_ZERO);
    if (e.pendingId().equals(UInt128.MAX)) return refuse(PENDING_ID_MUST_NOT_BE_INT_MAX);
    if (e.pendingId().equals(e.id())) return refuse(PENDING_ID_MUST_BE_DIFFERENT);
    if (e.timeout() != 0) return refuse(TIMEOUT_RESERVED_FOR_PENDING_TRANSFER);
    Model.Xfer pending = model.transfers.get(e.pendingId().toBigInteger());
    if (pending == null) return refuse(PENDING_TRANSFER_NOT_FOUND);
    Transfer p = pending.stored;
    if ((p.flags() & 2) == 0) return refuse(PENDING_TRANSFER_NOT_PENDING);
    if (!e.debitAccountId().isZero() && !e.debitAccountId().equals(p.debitAccountId())) {
      return refuse(PENDING_TRANSFER_HAS_DIFFERENT_DEBIT_ACCOUNT_ID);
    }
    if (!e.creditAccountId().isZero() && !e.creditAccountId().equals(p.creditAccountId())) {
      return refuse(PENDING_TRANSFER_HAS_DIFFERENT_CREDIT_ACCOUNT_ID);
    }
    if (e.ledger() != 0 && e.ledger() != p.ledger()) {
      return refuse(PENDING_TRANSFER_HAS_DIFFERENT_LEDGER);
    }
    if (e.code() != 0 && e.code() != p.code()) return refuse(PENDING_TRANSFER_HAS_DIFFERENT_CODE);
    BigInteger whole = p.amount().toBigInteger();
    BigInteger amount = e.amount().toBigInteger();
    if (post && amount.equals(MAX)) amount = whole;
    if (!post && amount.equals(ZERO)) amount = whole;
    if (amount.compareTo(whole) > 0) return refuse(EXCEEDS_PENDING_TRANSFER_AMOUNT);
    if (!post && amount.compareTo(whole) < 0) return refuse(PENDING_TRANSFER_HAS_DIFFERENT_AMOUNT);
    if ("posted".equals(pending.fate)) return refuse(PENDING_TRANSFER_ALREADY_POSTED);
    if ("voided".equals(pending.fate)) return refuse(PENDING_TRANSFER_ALREADY_VOIDED);
    if ("expired".equals(pending.fate)) return refuse(PENDING_TRANSFER_EXPIRED);
    if (p.timeout() != 0 && Model.expiry(p) <= now) return refuse(PENDING_TRANSFER_EXPIRED);
    boolean isImported = (e.flags() & 256) != 0;
    if (isImported && model.regresses(e.timestamp())) {
      return refuse(IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS);
    }
    Model.Acct debit = model.party(p.debitAccountId());
    Model.Acct credit = model.party(p.creditAccountId());
    if (post && debit.closed) return refuse(DEBIT_ACCOUNT_ALREADY_CLOSED);
    if (post && credit.closed) return refuse(CREDIT_ACCOUNT_ALREADY_CLOSED);

    long at = isImported ? e.timestamp() : now;
    pending.fate = post ? "posted" : "voided";
    debit.a = debit.a.subtract(whole);
    credit.c = credit.c.subtract(whole);
    if (post) {
      debit.b = debit.b.add(amount);
      credit.d = credit.d.add(amount);
    } else {
      Model.reopen(p, debit, credit);
    }
    Transfer stored =
        new Transfer(
            e.id(),
            p.debitAccountId(),
            p.creditAccountId(),
            UInt128.of(amount),
            e.pendingId(),
            e.userData128().isZero() ? p.userData128() : e.userData128(),
            e.userData64() == 0 ? p.userData64() : e.userData64(),
            e.userData32() == 0 ? p.userData32() : e.userData32(),
            0,
            p.ledger(),
            p.code(),
            e.flags(),
            at);
    model.store(stored, details, debit, credit);
    return new Model.Result(-1, at, 0);
  }

  private Model.Result pay(Transfer e, byte[] details, long now) {
    int flags = e.flags();
    boolean pending = (flags & 2) != 0;
    boolean isImported = (flags & 256) != 0;
    if (e.debitAccountId().isZero()) return refuse(DEBIT_ACCOUNT_ID_MUST_NOT_BE_ZERO);
    if (e.debitAccountId().equals(UInt128.MAX)) return refuse(DEBIT_ACCOUNT_ID_MUST_NOT_BE_INT_MAX);
    if (e.creditAccountId().isZero()) return refuse(CREDIT_ACCOUNT_ID_MUST_NOT_BE_ZERO);
    if (e.creditAccountId().equals(UInt128.MAX)) {
      return refuse(CREDIT_ACCOUNT_ID_MUST_NOT_BE_INT_MAX);
    }
    if (e.debitAccountId().equals(e.creditAccountId())) return refuse(ACCOUNTS_MUST_BE_DIFFERENT);
    if (!e.pendingId().isZero()) return refuse(PENDING_ID_MUST_BE_ZERO);
    if (!pending && e.timeout() != 0) return refuse(TIMEOUT_RESERVED_FOR_PENDING_TRANSFER);
    if (!pending && (flags & (64 | 128)) != 0) return refuse(CLOSING_TRANSFER_MUST_BE_PENDING);
    if (e.ledger() == 0) return refuse(LEDGER_MUST_NOT_BE_ZERO);
    if (e.code() == 0) return refuse(CODE_MUST_NOT_BE_ZERO);
    Model.Acct debit = model.accounts.get(e.debitAccountId().toBigInteger());
    Model.Acct credit = model.accounts.get(e.creditAccountId().toBigInteger());
    if (debit == null) return refuse(DEBIT_ACCOUNT_NOT_FOUND);
    if (credit == null) return refuse(CREDIT_ACCOUNT_NOT_FOUND);
    if (debit.made.ledger() != credit.made.ledger()) {
      return refuse(ACCOUNTS_MUST_HAVE_THE_SAME_LEDGER);
    }
    if (e.ledger() != debit.made.ledger()) {
      return refuse(TRANSFER_MUST_HAVE_THE_SAME_LEDGER_AS_ACCOUNTS);
    }
    if (isImported) {
      if (model.regresses(e.timestamp())) return refuse(IMPORTED_EVENT_TIMESTAMP_MUST_NOT_REGRESS);
      if (e.timestamp() <= debit.timestamp) {
        return refuse(IMPORTED_EVENT_TIMESTAMP_MUST_POSTDATE_DEBIT_ACCOUNT);
      }
      if (e.timestamp() <= credit.timestamp) {
        return refuse(IMPORTED_EVENT_TIMESTAMP_MUST_POSTDATE_CREDIT_ACCOUNT);
      }
      if (e.timeout() != 0) return refuse(IMPORTED_EVENT_TIMEOUT_MUST_BE_ZERO);
    }
    if (debit.closed) return refuse(DEBIT_ACCOUNT_ALREADY_CLOSED);
    if (credit.closed) return refuse(CREDIT_ACCOUNT_ALREADY_CLOSED);
    BigInteger amount = e.amount().toBigInteger();
    if ((flags & 16) != 0) amount = amount.min(debit.d.subtract(debit.b.add(debit.a)).max(ZERO));
    if ((flags & 32) != 0) {
      amount = amount.min(credit.b.subtract(credit.d.add(credit.c)).max(ZERO));
    }
    if (pending && over(debit.a.add(amount))) return refuse(OVERFLOWS_DEBITS_PENDING);
    if (pending && over(credit.c.add(amount))) return refuse(OVERFLOWS_CREDITS_PENDING);
    if (over(debit.b.add(amount))) return refuse(OVERFLOWS_DEBITS_POSTED);
    if (over(credit.d.add(amount))) return refuse(OVERFLOWS_CREDITS_POSTED);
    if (over(debit.a.add(debit.b).add(amount))) return refuse(OVERFLOWS_DEBITS);
    if (over(credit.c.add(credit.d).add(amount))) return refuse(OVERFLOWS_CREDITS);
    BigInteger timeout =
        BigInteger.valueOf(Integer.toUnsignedLong(e.timeout()))
            .multiply(BigInteger.valueOf(1_000_000_000));
    if (BigInteger.valueOf(now).add(timeout).bitLength() > 63) return refuse(OVERFLOWS_TIMEOUT);
    if ((debit.made.flags() & 2) != 0 && debit.a.add(debit.b).add(amount).compareTo(debit.d) > 0) {
      return refuse(EXCEEDS_CREDITS);
    }
    if ((credit.made.flags() & 4) != 0
        && credit.c.add(credit.d).add(amount).compareTo(credit.b) > 0) {
      return refuse(EXCEEDS_DEBITS);
    }
    if (pending) {
      debit.a = debit.a.add(amount);
      credit.c = credit.c.add(amount);
    } else {
      debit.b = debit.b.add(amount);
      credit.d = credit.d.add(amount);
    }
    debit.closed |= (flags & 64) != 0;
    credit.closed |= (flags & 128) != 0;
    long at = isImported ? e.timestamp() : now;
    Transfer stored =
        new Transfer(
            e.id(),
            e.debitAccountId(),
            e.creditAccountId(),
            UInt128.of(amount),
            e.pendingId(),
            e.userData128(),
            e.userData64(),
            e.userData32(),
            e.timeout(),
            e.ledger(),
            e.code(),
            flags,
            at);
    model.store(stored, details, debit, credit);
    return new Model.Result(-1, at, 0);
  }

  private static boolean over(BigInteger sum) {
    return sum.compareTo(LIMIT) >= 0;
  }

  private static Model.Result refuse(TransferStatus status) {
    return new Model.Result(status.code(), 0, 0);
  }
}

package io.holdfast.drill;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;

/** What the judge expects to find of a payment that was sent. */
final class Settlement {
  private static final int VOID = 8;

  private Settlement() {}

  /** A post or void as the ledger holds it: what it left zero stands for the reservation's. */
  static Transfer resolved(Transfer sent, Transfer pending) {
    boolean whole =
        (sent.flags() & VOID) != 0 ? sent.amount().isZero() : sent.amount().equals(UInt128.MAX);
    return new Transfer(
        sent.id(),
        or(sent.debitAccountId(), pending.debitAccountId()),
        or(sent.creditAccountId(), pending.creditAccountId()),
        whole ? pending.amount() : sent.amount(),
        sent.pendingId(),
        or(sent.userData128(), pending.userData128()),
        sent.userData64() == 0 ? pending.userData64() : sent.userData64(),
        sent.userData32() == 0 ? pending.userData32() : sent.userData32(),
        sent.timeout(),
        sent.ledger() == 0 ? pending.ledger() : sent.ledger(),
        sent.code() == 0 ? pending.code() : sent.code(),
        sent.flags(),
        0);
  }

  /**
   * The first field that differs, in words; empty when none does. The timestamp is not compared.
   */
  static String difference(Transfer expected, Transfer found) {
    String[][] fields = {
      {"debit_account_id", expected.debitAccountId().toId(), found.debitAccountId().toId()},
      {"credit_account_id", expected.creditAccountId().toId(), found.creditAccountId().toId()},
      {"amount", expected.amount().toString(), found.amount().toString()},
      {"pending_id", expected.pendingId().toId(), found.pendingId().toId()},
      {"user_data_128", expected.userData128().toString(), found.userData128().toString()},
      {"user_data_64", "" + expected.userData64(), "" + found.userData64()},
      {"user_data_32", "" + expected.userData32(), "" + found.userData32()},
      {"timeout", "" + expected.timeout(), "" + found.timeout()},
      {"ledger", "" + expected.ledger(), "" + found.ledger()},
      {"code", "" + expected.code(), "" + found.code()},
      {"flags", "" + expected.flags(), "" + found.flags()},
    };
    for (String[] field : fields) {
      if (!field[1].equals(field[2])) {
        return field[0] + " sent " + field[1] + ", in the ledger " + field[2];
      }
    }
    return "";
  }

  private static UInt128 or(UInt128 value, UInt128 otherwise) {
    return value.isZero() ? otherwise : value;
  }
}

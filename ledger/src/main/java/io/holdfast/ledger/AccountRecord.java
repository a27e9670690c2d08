package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The fixed layout of an account, the same bytes on the wire, in the journal and in memory.
 *
 * <pre>
 *   0 id (16)               16 debits_pending (16)   32 debits_posted (16)   48 credits_pending (16)
 *  64 credits_posted (16)   80 user_data_128 (16)    96 user_data_64 (8)    104 user_data_32 (4)
 * 108 reserved (4)         112 ledger (4)           116 code (2)            118 flags (2)
 * 120 timestamp (8)
 * </pre>
 *
 * All integers are unsigned and little-endian; a 128-bit one has its lower half first.
 */
public final class AccountRecord {
  public static final int BYTES = 128;

  public static final int ID = 0;
  public static final int DEBITS_PENDING = 16;
  public static final int DEBITS_POSTED = 32;
  public static final int CREDITS_PENDING = 48;
  public static final int CREDITS_POSTED = 64;
  public static final int USER_DATA_128 = 80;
  public static final int USER_DATA_64 = 96;
  public static final int USER_DATA_32 = 104;
  public static final int RESERVED = 108;
  public static final int LEDGER = 112;
  public static final int CODE = 116;
  public static final int FLAGS = 118;
  public static final int TIMESTAMP = 120;

  private AccountRecord() {}

  /** Reads the record that starts at {@code at}. */
  public static Account read(MemorySegment from, long at) {
    return new Account(
        Records128.read(from, at + ID),
        Records128.read(from, at + DEBITS_PENDING),
        Records128.read(from, at + DEBITS_POSTED),
        Records128.read(from, at + CREDITS_PENDING),
        Records128.read(from, at + CREDITS_POSTED),
        Records128.read(from, at + USER_DATA_128),
        from.get(JAVA_LONG_UNALIGNED, at + USER_DATA_64),
        from.get(JAVA_INT_UNALIGNED, at + USER_DATA_32),
        from.get(JAVA_INT_UNALIGNED, at + RESERVED),
        from.get(JAVA_INT_UNALIGNED, at + LEDGER),
        Short.toUnsignedInt(from.get(JAVA_SHORT_UNALIGNED, at + CODE)),
        Short.toUnsignedInt(from.get(JAVA_SHORT_UNALIGNED, at + FLAGS)),
        from.get(JAVA_LONG_UNALIGNED, at + TIMESTAMP));
  }

  /** Writes the account at {@code at}. */
  public static void write(Account account, MemorySegment to, long at) {
    Records128.write(account.id(), to, at + ID);
    Records128.write(account.debitsPending(), to, at + DEBITS_PENDING);
    Records128.write(account.debitsPosted(), to, at + DEBITS_POSTED);
    Records128.write(account.creditsPending(), to, at + CREDITS_PENDING);
    Records128.write(account.creditsPosted(), to, at + CREDITS_POSTED);
    Records128.write(account.userData128(), to, at + USER_DATA_128);
    to.set(JAVA_LONG_UNALIGNED, at + USER_DATA_64, account.userData64());
    to.set(JAVA_INT_UNALIGNED, at + USER_DATA_32, account.userData32());
    to.set(JAVA_INT_UNALIGNED, at + RESERVED, account.reserved());
    to.set(JAVA_INT_UNALIGNED, at + LEDGER, account.ledger());
    to.set(JAVA_SHORT_UNALIGNED, at + CODE, (short) account.code());
    to.set(JAVA_SHORT_UNALIGNED, at + FLAGS, (short) account.flags());
    to.set(JAVA_LONG_UNALIGNED, at + TIMESTAMP, account.timestamp());
  }
}

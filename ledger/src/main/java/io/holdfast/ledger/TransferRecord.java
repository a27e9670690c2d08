package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The fixed layout of a transfer, the same bytes on the wire, in the journal and in memory.
 *
 * <pre>
 *   0 id (16)               16 debit_account_id (16)  32 credit_account_id (16)  48 amount (16)
 *  64 pending_id (16)       80 user_data_128 (16)     96 user_data_64 (8)       104 user_data_32 (4)
 * 108 timeout, seconds (4) 112 ledger (4)            116 code (2)               118 flags (2)
 * 120 timestamp (8)
 * </pre>
 *
 * All integers are unsigned and little-endian; a 128-bit one has its lower half first.
 */
public final class TransferRecord {
  public static final int BYTES = 128;

  public static final int ID = 0;
  public static final int DEBIT_ACCOUNT_ID = 16;
  public static final int CREDIT_ACCOUNT_ID = 32;
  public static final int AMOUNT = 48;
  public static final int PENDING_ID = 64;
  public static final int USER_DATA_128 = 80;
  public static final int USER_DATA_64 = 96;
  public static final int USER_DATA_32 = 104;
  public static final int TIMEOUT = 108;
  public static final int LEDGER = 112;
  public static final int CODE = 116;
  public static final int FLAGS = 118;
  public static final int TIMESTAMP = 120;

  private TransferRecord() {}

  /** Reads the record that starts at {@code at}. */
  public static Transfer read(MemorySegment from, long at) {
    return new Transfer(
        Records128.read(from, at + ID),
        Records128.read(from, at + DEBIT_ACCOUNT_ID),
        Records128.read(from, at + CREDIT_ACCOUNT_ID),
        Records128.read(from, at + AMOUNT),
        Records128.read(from, at + PENDING_ID),
        Records128.read(from, at + USER_DATA_128),
        from.get(JAVA_LONG_UNALIGNED, at + USER_DATA_64),
        from.get(JAVA_INT_UNALIGNED, at + USER_DATA_32),
        from.get(JAVA_INT_UNALIGNED, at + TIMEOUT),
        from.get(JAVA_INT_UNALIGNED, at + LEDGER),
        Short.toUnsignedInt(from.get(JAVA_SHORT_UNALIGNED, at + CODE)),
        Short.toUnsignedInt(from.get(JAVA_SHORT_UNALIGNED, at + FLAGS)),
        from.get(JAVA_LONG_UNALIGNED, at + TIMESTAMP));
  }

  /** Writes the transfer at {@code at}. */
  public static void write(Transfer transfer, MemorySegment to, long at) {
    Records128.write(transfer.id(), to, at + ID);
    Records128.write(transfer.debitAccountId(), to, at + DEBIT_ACCOUNT_ID);
    Records128.write(transfer.creditAccountId(), to, at + CREDIT_ACCOUNT_ID);
    Records128.write(transfer.amount(), to, at + AMOUNT);
    Records128.write(transfer.pendingId(), to, at + PENDING_ID);
    Records128.write(transfer.userData128(), to, at + USER_DATA_128);
    to.set(JAVA_LONG_UNALIGNED, at + USER_DATA_64, transfer.userData64());
    to.set(JAVA_INT_UNALIGNED, at + USER_DATA_32, transfer.userData32());
    to.set(JAVA_INT_UNALIGNED, at + TIMEOUT, transfer.timeout());
    to.set(JAVA_INT_UNALIGNED, at + LEDGER, transfer.ledger());
    to.set(JAVA_SHORT_UNALIGNED, at + CODE, (short) transfer.code());
    to.set(JAVA_SHORT_UNALIGNED, at + FLAGS, (short) transfer.flags());
    to.set(JAVA_LONG_UNALIGNED, at + TIMESTAMP, transfer.timestamp());
  }
}

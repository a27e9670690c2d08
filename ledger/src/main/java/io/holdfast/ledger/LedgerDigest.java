package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 over all that the ledger has to know to judge what comes, history aside, in an order that
 * depends on history alone: not on the seed of the indexes, not on where records lie. All integers
 * are little-endian.
 *
 * <pre>
 * "HFSD", version = 3 (4), op (8), last timestamp (8),
 * accounts (8), movements (8), transfers (8), failed ids (8): how many of each so far
 * open reservations (8): how many, slots (8): of these and of free ones
 * keys of details (8): how many
 * per account: its record (128); per account: its flags as created (2)
 * per slot: as it lies in memory (160)
 * per key of details: its entry (64)
 * </pre>
 *
 * What movements, details and failed ids there were, the chain of the journal proves.
 */
final class LedgerDigest {
  private static final int MAGIC = 'H' | 'F' << 8 | 'S' << 16 | 'D' << 24;
  private static final int VERSION = 3;
  private static final int BLOCK_BYTES = 8192;
  private static final int LARGEST_STEP = 64;

  private final MessageDigest sha256;
  private final byte[] block = new byte[BLOCK_BYTES];
  private final ByteBuffer buffer = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);

  private LedgerDigest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static byte[] of(
      long op,
      long lastTimestamp,
      AccountStore accounts,
      TransferStore transfers,
      Reservations reservations) {
    LedgerDigest digest = new LedgerDigest();
    digest.buffer.putInt(MAGIC).putInt(VERSION).putLong(op).putLong(lastTimestamp);
    digest.buffer.putLong(accounts.size()).putLong(transfers.size());
    digest.buffer.putLong(transfers.transferCount()).putLong(transfers.failedCount());
    digest.buffer.putLong(reservations.open()).putLong(reservations.slots());
    digest.buffer.putLong(transfers.detailsKeys().count());
    digest.records(accounts.records());
    for (long i = 0; i < accounts.size(); i++) {
      digest.buffer.putShort((short) accounts.createdFlags(i));
      digest.flushIfFull();
    }
    digest.records(reservations.records());
    return digest.sha256.digest(transfers.detailsKeys().copy());
  }

  private void records(RecordStore store) {
    flush();
    for (long i = 0; i < store.size(); i = store.runEnd(i)) {
      MemorySegment run = store.run(i);
      for (long at = 0; at < run.byteSize(); at += BLOCK_BYTES) {
        int part = (int) Math.min(BLOCK_BYTES, run.byteSize() - at);
        MemorySegment.copy(run, JAVA_BYTE, at, block, 0, part);
        sha256.update(block, 0, part);
      }
    }
  }

  private void flushIfFull() {
    if (buffer.remaining() < LARGEST_STEP) {
      flush();
    }
  }

  private void flush() {
    sha256.update(block, 0, buffer.position());
    buffer.clear();
  }
}

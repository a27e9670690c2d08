package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 over the whole state, in an order that depends on history alone: not on the seed of the
 * indexes, not on where records lie. All integers are little-endian.
 *
 * <pre>
 * "HFSD", version = 1 (4), op (8), last timestamp (8),
 * accounts (8), movements (8), details (8), failed ids (8): how many of each
 * per account: its record (128); per account: its flags as created (2)
 * per movement: its record (128); per movement: its state (1)
 * per transfer with details: its position (8), SHA-256 of the details (32)
 * per failed id: id (16), number of the status (4), 0 (4)
 * </pre>
 */
final class LedgerDigest {
  private static final int MAGIC = 'H' | 'F' << 8 | 'S' << 16 | 'D' << 24;
  private static final int VERSION = 1;
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

  static byte[] of(long op, long lastTimestamp, AccountStore accounts, TransferStore transfers) {
    return new LedgerDigest().digest(op, lastTimestamp, accounts, transfers);
  }

  private byte[] digest(
      long op, long lastTimestamp, AccountStore accounts, TransferStore transfers) {
    DetailsStore details = transfers.details();
    RecordStore failed = transfers.failed().entries();
    buffer.putInt(MAGIC).putInt(VERSION).putLong(op).putLong(lastTimestamp);
    buffer.putLong(accounts.size()).putLong(transfers.size());
    buffer.putLong(details.count()).putLong(failed.size());
    records(accounts.records());
    for (long i = 0; i < accounts.size(); i++) {
      buffer.putShort((short) accounts.createdFlags(i));
      flushIfFull();
    }
    records(transfers.records());
    for (long i = 0; i < transfers.size(); i++) {
      buffer.put((byte) transfers.state(i));
      flushIfFull();
    }
    byte[] one = new byte[32];
    for (long i = 0; i < details.count(); i++) {
      details.copyDigest(i, one);
      buffer.putLong(details.transferOf(i)).put(one);
      flushIfFull();
    }
    records(failed);
    flush();
    return sha256.digest();
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

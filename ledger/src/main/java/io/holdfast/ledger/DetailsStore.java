package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.Limits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The opaque details of those transfers that have some, in order of the transfers. An entry:
 *
 * <pre>
 * 0 position of the transfer (8)   8 SHA-256 of the details (32)   40 first byte (8)   48 length (4)
 * </pre>
 */
final class DetailsStore {
  private static final int ENTRY_BYTES = 56;
  private static final int ENTRY_DIGEST = 8;
  private static final int ENTRY_FIRST = 40;
  private static final int ENTRY_LENGTH = 48;
  static final int DIGEST_BYTES = 32;
  private static final int BLOCK_BYTES = 64;

  private final RecordStore entries;
  private final RecordStore blocks;
  private final MessageDigest sha256;
  private final byte[] bytes = new byte[Limits.DETAILS_BYTES_MAX];
  private final byte[] digest = new byte[DIGEST_BYTES];
  private final byte[] stored = new byte[DIGEST_BYTES];

  DetailsStore(Arena arena, int chunkShift) {
    this.entries = new RecordStore(arena, ENTRY_BYTES, chunkShift);
    this.blocks = new RecordStore(arena, BLOCK_BYTES, chunkShift);
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Adds the details of the transfer that was created last. */
  void append(long transfer, MemorySegment from, long at, int length) {
    digest(from, at, length);
    long first = blocks.size();
    for (int done = 0; done < length; done += BLOCK_BYTES) {
      long block = blocks.append();
      int part = Math.min(BLOCK_BYTES, length - done);
      MemorySegment.copy(bytes, done, RecordStore.MEMORY, JAVA_BYTE, blocks.at(block), part);
    }
    long entry = entries.append();
    MemorySegment chunk = RecordStore.MEMORY;
    long entryAt = entries.at(entry);
    chunk.set(JAVA_LONG_UNALIGNED, entryAt, transfer);
    MemorySegment.copy(digest, 0, chunk, JAVA_BYTE, entryAt + ENTRY_DIGEST, DIGEST_BYTES);
    chunk.set(JAVA_LONG_UNALIGNED, entryAt + ENTRY_FIRST, first);
    chunk.set(JAVA_INT_UNALIGNED, entryAt + ENTRY_LENGTH, length);
  }

  /** Whether these are the details of the transfer; length 0 stands for none. */
  boolean equal(long transfer, MemorySegment from, long at, int length) {
    long entry = find(transfer);
    if (entry < 0 || length == 0) {
      return entry < 0 && length == 0;
    }
    copyDigest(entry, stored);
    return hasDigest(from, at, length, stored);
  }

  /** Whether these bytes have this digest. */
  boolean hasDigest(MemorySegment from, long at, int length, byte[] expected) {
    digest(from, at, length);
    return Arrays.equals(digest, expected);
  }

  /** The details of the transfer; empty when it has none. */
  byte[] read(long transfer) {
    long entry = find(transfer);
    if (entry < 0) {
      return new byte[0];
    }
    MemorySegment chunk = RecordStore.MEMORY;
    int length = chunk.get(JAVA_INT_UNALIGNED, entries.at(entry) + ENTRY_LENGTH);
    long block = chunk.get(JAVA_LONG_UNALIGNED, entries.at(entry) + ENTRY_FIRST);
    byte[] result = new byte[length];
    for (int done = 0; done < length; done += BLOCK_BYTES) {
      int part = Math.min(BLOCK_BYTES, length - done);
      MemorySegment.copy(RecordStore.MEMORY, JAVA_BYTE, blocks.at(block), result, done, part);
      block++;
    }
    return result;
  }

  /** Forgets the details of all transfers from this position on. */
  void truncate(long transfers) {
    long entry = entries.size();
    while (entry > 0 && transferOf(entry - 1) >= transfers) {
      entry--;
    }
    if (entry < entries.size()) {
      long first = RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, entries.at(entry) + ENTRY_FIRST);
      blocks.truncate(first);
      entries.truncate(entry);
    }
  }

  long count() {
    return entries.size();
  }

  long transferOf(long entry) {
    return RecordStore.MEMORY.get(JAVA_LONG_UNALIGNED, entries.at(entry));
  }

  void copyDigest(long entry, byte[] to) {
    MemorySegment.copy(
        RecordStore.MEMORY, JAVA_BYTE, entries.at(entry) + ENTRY_DIGEST, to, 0, DIGEST_BYTES);
  }

  private long find(long transfer) {
    long low = 0;
    long high = entries.size() - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      long at = transferOf(middle);
      if (at == transfer) {
        return middle;
      } else if (at < transfer) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private void digest(MemorySegment from, long at, int length) {
    MemorySegment.copy(from, JAVA_BYTE, at, bytes, 0, length);
    sha256.update(bytes, 0, length);
    try {
      sha256.digest(digest, 0, DIGEST_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("32 bytes hold a SHA-256", e);
    }
  }
}

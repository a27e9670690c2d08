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
 *  0 position of the transfer (8)   8 mark of the details (32)   40 first block (8)   48 length (4)
 * 52 form: 1 plain, 2 sealed (4)
 * </pre>
 *
 * The mark is what they are compared by: of plain details their SHA-256, of sealed ones their head,
 * with the name of the key and the tag, then zeros.
 */
final class DetailsStore {
  private static final int ENTRY_BYTES = 56;
  private static final int ENTRY_MARK = 8;
  private static final int ENTRY_FIRST = 40;
  private static final int ENTRY_LENGTH = 48;
  private static final int ENTRY_FORM = 52;
  static final int NONE = 0;
  private static final int PLAIN = 1;
  private static final int SEALED = 2;
  private static final int BLOCK_BYTES = 64;

  private final RecordStore entries;
  private final RecordStore blocks;
  private final MessageDigest sha256;
  private final byte[] bytes = new byte[SealedDetails.HEAD_BYTES + Limits.DETAILS_BYTES_MAX];
  private final byte[] mark = new byte[DetailsMark.BYTES];
  private final byte[] stored = new byte[DetailsMark.BYTES];

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
  void append(long transfer, MemorySegment from, long at, int length, boolean sealed) {
    mark(from, at, length, sealed);
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
    MemorySegment.copy(mark, 0, chunk, JAVA_BYTE, entryAt + ENTRY_MARK, DetailsMark.BYTES);
    chunk.set(JAVA_LONG_UNALIGNED, entryAt + ENTRY_FIRST, first);
    chunk.set(JAVA_INT_UNALIGNED, entryAt + ENTRY_LENGTH, length);
    chunk.set(JAVA_INT_UNALIGNED, entryAt + ENTRY_FORM, form(sealed));
  }

  static int form(boolean sealed) {
    return sealed ? SEALED : PLAIN;
  }

  /** Whether these may be the details of the transfer; length 0 stands for none. */
  boolean mayEqual(long transfer, MemorySegment from, long at, int length, boolean sealed) {
    long entry = find(transfer);
    if (entry >= 0) {
      copyMark(entry, stored);
    }
    return mayEqual(from, at, length, sealed, entry < 0 ? NONE : form(entry), stored);
  }

  /**
   * Whether these may be details that have this form and mark. Whether two are equal can be told
   * when both are plain, or both sealed under one key. If it can't be told they count as equal: a
   * payment that is sent again must not look like another one because time has passed.
   */
  boolean mayEqual(
      MemorySegment from, long at, int length, boolean sealed, int otherForm, byte[] otherMark) {
    if (otherForm == NONE || length == 0) {
      return otherForm == NONE && length == 0;
    }
    if (otherForm != form(sealed)) {
      return true;
    }
    mark(from, at, length, sealed);
    boolean comparable =
        !sealed || Arrays.equals(mark, 0, DetailsKeyName.BYTES, otherMark, 0, DetailsKeyName.BYTES);
    return !comparable || Arrays.equals(mark, otherMark);
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

  /** The form of the details of an entry. */
  int form(long entry) {
    return RecordStore.MEMORY.get(JAVA_INT_UNALIGNED, entries.at(entry) + ENTRY_FORM);
  }

  /** Whether the details of the transfer are sealed. */
  boolean isSealed(long transfer) {
    long entry = find(transfer);
    return entry >= 0 && form(entry) == SEALED;
  }

  /** Copies the mark of an entry's details. */
  void copyMark(long entry, byte[] to) {
    MemorySegment.copy(
        RecordStore.MEMORY, JAVA_BYTE, entries.at(entry) + ENTRY_MARK, to, 0, DetailsMark.BYTES);
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

  private void mark(MemorySegment from, long at, int length, boolean sealed) {
    MemorySegment.copy(from, JAVA_BYTE, at, bytes, 0, length);
    if (sealed) {
      System.arraycopy(bytes, 0, mark, 0, SealedDetails.HEAD_BYTES);
      Arrays.fill(mark, SealedDetails.HEAD_BYTES, DetailsMark.BYTES, (byte) 0);
      return;
    }
    sha256.update(bytes, 0, length);
    try {
      sha256.digest(mark, 0, DetailsMark.BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("32 bytes hold a SHA-256", e);
    }
  }
}

package io.holdfast.cluster;

import io.holdfast.kernel.Invariants;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bytes without the words that are 0, of which batches are half: amounts are small, and most fields
 * of most transfers are not used. What is left out need not be sealed, sent, checked and written.
 *
 * <pre>
 *  0 bytes that were packed (4)   4 reserved, 0 (4)
 *  8 groups, one for every 64 words of 8 bytes, the last perhaps of fewer:
 *      a bit for each word, the lowest for the first: 1 when the word is not 0 (8)
 *      the words that are not 0
 *  … the bytes behind the last whole word
 * </pre>
 *
 * Little-endian. What is not what {@link #pack} makes is refused, whole.
 */
final class PackedWords {
  /** Room that packing may need beyond what it is given. */
  static final int HEADER_BYTES = 8;

  private static final int WORD = Long.BYTES;
  private static final int GROUP = 64;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private PackedWords() {}

  /** The size of an array that takes so many bytes packed, whatever they are, or opened. */
  static int room(int bytes) {
    return HEADER_BYTES + bytes + (bytes / (GROUP * WORD) + 1) * WORD + WORD;
  }

  /**
   * Packs the first bytes of an array.
   *
   * @param into has {@link #room} for them
   * @return how many bytes they took
   */
  static int pack(byte[] plain, int length, byte[] into) {
    Invariants.check(into.length >= room(length), "there is room to pack");
    LONGS.set(into, 0, (long) length);
    int at = HEADER_BYTES;
    int words = length / WORD;
    int from = 0;
    for (int left = words; left > 0; left -= GROUP) {
      int maskAt = at;
      at += WORD;
      long mask = 0;
      int count = Math.min(GROUP, left);
      for (int i = 0; i < count; i++) {
        long word = (long) LONGS.get(plain, from);
        long some = (word | -word) >>> 63; // no branch: it would be guessed wrong too often
        LONGS.set(into, at, word);
        mask |= some << i;
        at += (int) some << 3;
        from += WORD;
      }
      LONGS.set(into, maskAt, mask);
    }
    int rest = length - words * WORD;
    System.arraycopy(plain, from, into, at, rest);
    return at + rest;
  }

  /**
   * The bytes that were packed; negative, or more than there can be, when this was never packed.
   */
  static long length(byte[] packed, int packedLength) {
    return packedLength < HEADER_BYTES ? -1 : (long) LONGS.get(packed, 0);
  }

  /**
   * Gives back what was packed.
   *
   * @param packed has a word of room behind its {@code packedLength} bytes
   * @param into has room for {@link #length} bytes
   * @return whether it was whole; {@code into} says nothing if not
   */
  static boolean unpack(byte[] packed, int packedLength, byte[] into) {
    int length = Math.toIntExact(length(packed, packedLength));
    int at = HEADER_BYTES;
    int words = length / WORD;
    int to = 0;
    for (int left = words; left > 0; left -= GROUP) {
      if (at + WORD > packedLength) {
        return false;
      }
      long mask = (long) LONGS.get(packed, at);
      at += WORD;
      int count = Math.min(GROUP, left);
      if (at + WORD * Long.bitCount(mask) > packedLength
          || (count < GROUP && mask >>> count != 0)) {
        return false;
      }
      for (int i = 0; i < count; i++) {
        long some = mask >>> i & 1;
        LONGS.set(into, to, (long) LONGS.get(packed, at) & -some);
        at += (int) some << 3;
        to += WORD;
      }
    }
    int rest = length - to;
    if (at + rest != packedLength) {
      return false;
    }
    System.arraycopy(packed, at, into, to, rest);
    return true;
  }
}

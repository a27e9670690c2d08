package io.holdfast.journal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Tells of most ids that a run does not have that it does not: a Bloom filter in blocks of 64
 * bytes, so that a look takes one line of the cache. An id that the run has is never denied.
 *
 * <p>The hash h of an id chooses the block by (h × blocks) >> 64. In each of the block's eight
 * words it sets one bit: in word i the one that bits 6i to 6i + 5 of m name, where m = h ×
 * 9E3779B97F4A7C15 mod 2^64, XORed with itself shifted right by 32.
 */
final class IdFilter {
  static final int BLOCK_BYTES = 64;

  /** 16 bits for each: fewer than 2 in 1,000 absent ids then seem to be there. */
  private static final int IDS_PER_BLOCK = 32;

  private static final int WORDS = 8;
  private static final long ODD = 0x9E37_79B9_7F4A_7C15L;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment bits;
  private final long blocks;
  private long loaded;

  /** A filter over these bytes, which may be none. */
  IdFilter(MemorySegment bits) {
    this.bits = bits;
    this.blocks = bits.byteSize() / BLOCK_BYTES;
  }

  /** Bytes of a filter for so many rows of ids. */
  static long bytesFor(long ids) {
    return (ids + IDS_PER_BLOCK - 1) / IDS_PER_BLOCK * BLOCK_BYTES;
  }

  /** Adds all of these; a block is loaded well before it is written to. */
  void addAll(long[] hashes, int count) {
    loaded += touch(hashes, 0, count);
    for (int i = 0; i < count; i++) {
      add(hashes[i]);
    }
  }

  /** What was loaded must be used, or the compiler would leave the loads out. */
  long loaded() {
    return loaded;
  }

  void add(long hash) {
    long at = Math.unsignedMultiplyHigh(hash, blocks) * BLOCK_BYTES;
    long which = which(hash);
    for (int word = 0; word < WORDS; word++) {
      long wordAt = at + 8L * word;
      bits.set(WORD, wordAt, bits.get(WORD, wordAt) | 1L << (which >>> (6 * word)));
    }
  }

  /**
   * Whether the run may have an id. All words are looked at in any case: a branch at each would be
   * guessed wrong half of the time, and what follows, the look for the next id above all, would
   * wait for memory instead of being loaded beside.
   */
  boolean mayHave(long hash) {
    if (blocks == 0) {
      return false;
    }
    long at = Math.unsignedMultiplyHigh(hash, blocks) * BLOCK_BYTES;
    long which = which(hash);
    return (bits.get(WORD, at) >>> which
            & bits.get(WORD, at + 8) >>> (which >>> 6)
            & bits.get(WORD, at + 16) >>> (which >>> 12)
            & bits.get(WORD, at + 24) >>> (which >>> 18)
            & bits.get(WORD, at + 32) >>> (which >>> 24)
            & bits.get(WORD, at + 40) >>> (which >>> 30)
            & bits.get(WORD, at + 48) >>> (which >>> 36)
            & bits.get(WORD, at + 56) >>> (which >>> 42)
            & 1)
        != 0;
  }

  /** Loads the blocks of these hashes; the sum means nothing. */
  long touch(long[] hashes, int from, int to) {
    long sum = 0;
    for (int i = from; i < to && blocks > 0; i++) {
      sum += bits.get(WORD, Math.unsignedMultiplyHigh(hashes[i], blocks) * BLOCK_BYTES);
    }
    return sum;
  }

  private static long which(long hash) {
    long mixed = hash * ODD;
    return mixed ^ mixed >>> 32;
  }

  MemorySegment bits() {
    return bits;
  }

  /** CRC-32C of each piece of 4096 bytes, the last of which may be shorter. */
  int[] checksums() {
    int piece = RunLayout.FILTER_PIECE_BYTES;
    int[] checksums = new int[Math.toIntExact((bits.byteSize() + piece - 1) / piece)];
    CRC32C crc = new CRC32C();
    for (int i = 0; i < checksums.length; i++) {
      long at = (long) i * piece;
      crc.reset();
      crc.update(bits.asSlice(at, Math.min(piece, bits.byteSize() - at)).asByteBuffer());
      checksums[i] = (int) crc.getValue();
    }
    return checksums;
  }
}

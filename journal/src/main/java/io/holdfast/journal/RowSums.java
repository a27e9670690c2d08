package io.holdfast.journal;

import java.util.Arrays;

/**
 * What rows of an index add up to, in whatever order they come: how many there are, and two sums of
 * their hashes. Two sets of rows that agree in them are the same, chance aside.
 */
final class RowSums implements RunRows {
  private static final int OPS = 0;
  private static final int IDS = 3;
  private static final int POSTINGS = 6;
  private static final long[] SEEDS = {0x5851_F42D_4C95_7F2DL, 0x1405_7B7E_F767_814FL};

  /** Of each kind of row: count and two sums. */
  private final long[] sums = new long[9];

  @Override
  public void op(long op, long segmentFirstOp, long offset, long firstTimestamp, int movements) {
    add(OPS, op, segmentFirstOp, offset, firstTimestamp, movements, 0, 0);
  }

  @Override
  public void id(long hi, long lo, long address) {
    add(IDS, hi, lo, address, 0, 0, 0, 0);
  }

  @Override
  public void posting(
      int account,
      long address,
      boolean credit,
      int kind,
      long amountHi,
      long amountLo,
      long releasedHi,
      long releasedLo) {
    long what = (long) account << 8 | kind << 1 | (credit ? 1 : 0);
    add(POSTINGS, what, address, amountHi, amountLo, releasedHi, releasedLo, 0);
  }

  private void add(int kind, long a, long b, long c, long d, long e, long f, long g) {
    sums[kind]++;
    for (int i = 0; i < SEEDS.length; i++) {
      long hash = mix(mix(mix(mix(SEEDS[i] ^ a) ^ b) ^ c) ^ d);
      sums[kind + 1 + i] += mix(mix(mix(hash ^ e) ^ f) ^ g);
    }
  }

  /** That of SplitMix64: each bit of the answer depends on each of the number. */
  private static long mix(long number) {
    long z = number + 0x9E37_79B9_7F4A_7C15L;
    z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
    return z ^ z >>> 31;
  }

  /** In words where these rows are not those; nothing if they are the same. */
  String differenceFrom(RowSums expected) {
    String[] names = {"ops", "ids", "postings"};
    for (int kind = 0; kind < names.length; kind++) {
      int at = 3 * kind;
      if (sums[at] != expected.sums[at]) {
        return "it tells of "
            + sums[at]
            + " "
            + names[kind]
            + ", the journal of "
            + expected.sums[at];
      }
      if (!Arrays.equals(sums, at, at + 3, expected.sums, at, at + 3)) {
        return "what it tells of its " + names[kind] + " is not what the journal tells";
      }
    }
    return "";
  }
}

package io.holdfast.ledger;

import java.util.Arrays;

/** Ids in the order they were added, used again and again. */
public final class IdList {
  private long[] his = new long[1024];
  private long[] los = new long[1024];
  private int size;

  public int size() {
    return size;
  }

  public long hi(int i) {
    return his[i];
  }

  public long lo(int i) {
    return los[i];
  }

  void add(long hi, long lo) {
    if (size == his.length) {
      his = Arrays.copyOf(his, size * 2);
      los = Arrays.copyOf(los, size * 2);
    }
    his[size] = hi;
    los[size++] = lo;
  }

  void clear() {
    size = 0;
  }
}

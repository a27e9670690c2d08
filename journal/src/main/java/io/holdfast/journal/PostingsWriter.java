package io.holdfast.journal;

import io.holdfast.kernel.Invariants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes the section of postings, which come in order of account, then address. For one thread. */
final class PostingsWriter {
  private final BlockWriter out;
  private final long base;
  private final byte[] content =
      new byte[FrameLayout.CONTENT_BYTES_MAX + RunLayout.POSTING_BYTES_MAX];
  private final ByteBuffer fields = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  private final Longs fences = new Longs();
  private final long[] sums = new long[Sums.LONGS];
  private int rows; // of the block so far
  private long count;
  private int end; // of the rows so far
  private int lastAccount = -1;
  private long lastAddress;

  PostingsWriter(BlockWriter out, long firstOp) {
    this.out = out;
    this.base = Address.of(firstOp, 0, 0);
  }

  /** Adds a posting; for the arguments see {@link RunRows#posting}. */
  void add(
      int account,
      long address,
      boolean credit,
      int kind,
      long amountHi,
      long amountLo,
      long releasedHi,
      long releasedLo)
      throws IOException {
    Invariants.check(
        account > lastAccount || (account == lastAccount && address >= lastAddress),
        "postings are in order");
    Invariants.check(kind >= 0 && kind < PostingKind.COUNT, "a posting has a kind");
    if (account != lastAccount) {
      Arrays.fill(sums, 0);
    }
    int from = end;
    if (rows > 0) {
      row(account, address, credit, kind, amountHi, amountLo, releasedHi, releasedLo);
      if (end > FrameLayout.CONTENT_BYTES_MAX) {
        Arrays.fill(content, from, end, (byte) 0);
        flush(FrameLayout.CONTENT_BYTES_MAX);
      }
    }
    if (rows == 0) {
      begin(account, address);
      row(account, address, credit, kind, amountHi, amountLo, releasedHi, releasedLo);
    }
    rows++;
    count++;
    lastAccount = account;
    lastAddress = address;
    boolean whole = kind == PostingKind.VOID || kind == PostingKind.EXPIRE;
    Sums.add(
        sums,
        credit,
        kind,
        amountHi,
        amountLo,
        whole ? amountHi : releasedHi,
        whole ? amountLo : releasedLo);
  }

  /** Begins a block with this row. */
  private void begin(int account, long address) {
    fields.putInt(RunLayout.ACCOUNT_AT, account);
    fields.putInt(RunLayout.FLAGS_AT, account == lastAccount ? RunLayout.CONTINUED : 0);
    Sums.put(fields, RunLayout.SUMS_AT, sums);
    fences.add(account);
    fences.add(address);
    end = RunLayout.POSTINGS_AT;
  }

  private void row(
      int account,
      long address,
      boolean credit,
      int kind,
      long amountHi,
      long amountLo,
      long releasedHi,
      long releasedLo) {
    boolean other = rows > 0 && account != lastAccount;
    content[end++] =
        (byte)
            ((credit ? RunLayout.CREDIT : 0)
                | kind << RunLayout.KIND_SHIFT
                | (other ? RunLayout.OTHER_ACCOUNT : 0));
    if (other) {
      varint(0, account - lastAccount);
    }
    varint(0, address - (other || rows == 0 ? base : lastAddress));
    varint(amountHi, amountLo);
    if (kind == PostingKind.POST) {
      varint(releasedHi, releasedLo);
    }
  }

  private void varint(long hi, long lo) {
    long upper = hi;
    long lower = lo;
    while (upper != 0 || (lower & ~0x7fL) != 0) {
      content[end++] = (byte) (lower | 0x80);
      lower = lower >>> 7 | upper << 57;
      upper >>>= 7;
    }
    content[end++] = (byte) lower;
  }

  /** Writes what is left. */
  void finish() throws IOException {
    if (rows > 0) {
      flush(end);
    }
  }

  private void flush(int length) throws IOException {
    fields.putInt(RunLayout.ROWS_AT, rows);
    out.add(FrameLayout.KIND_INDEX_POSTINGS, content, length);
    Arrays.fill(content, RunLayout.POSTINGS_AT, length, (byte) 0);
    rows = 0;
  }

  /** Rows so far. */
  long count() {
    return count;
  }

  /** Account and address of the first row of each block. */
  long[] fences() {
    return fences.toArray();
  }
}

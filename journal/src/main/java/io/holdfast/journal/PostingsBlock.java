package io.holdfast.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A block of postings, decoded: row by row what {@link RunLayout} describes. For one thread. */
final class PostingsBlock {
  private final RunFooter footer;
  private final BlockReader reader;
  private final long base;
  private final byte[] content =
      new byte[FrameLayout.CONTENT_BYTES_MAX + RunLayout.POSTING_BYTES_MAX];
  private final ByteBuffer fields = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  private final long[] openingSums = new long[Sums.LONGS];
  private int loaded = -1;
  private int rows;
  private int[] accounts = new int[0];
  private long[] addresses = new long[0];
  private byte[] kinds = new byte[0];
  private long[] amounts = new long[0]; // of each row: amount, released; upper half before lower
  private int at; // where the next byte is read
  private long varintHi;

  PostingsBlock(RunFooter footer, BlockReader reader) {
    this.footer = footer;
    this.reader = reader;
    this.base = Address.of(footer.header().firstOp(), 0, 0);
  }

  /** Makes this block the one that is decoded. */
  void load(int block) throws IOException {
    if (block == loaded) {
      return;
    }
    loaded = -1;
    Section section = footer.postings();
    rows = reader.read(section, block, content, RunLayout.POSTINGS_AT, RunLayout.POSTING_BYTES_MIN);
    Sums.get(fields, RunLayout.SUMS_AT, openingSums);
    if (!decode(section.contentBytes(block), block == section.blocks() - 1)
        || accounts[0] != footer.postingFences()[2 * block]
        || addresses[0] != footer.postingFences()[2 * block + 1]) {
      throw reader.damaged(section.offset(block), "its postings are not laid out as such");
    }
    loaded = block;
  }

  /** The block that is decoded; -1 if none. */
  int loaded() {
    return loaded;
  }

  private boolean decode(int length, boolean isLast) {
    if (accounts.length < rows) {
      accounts = new int[rows];
      addresses = new long[rows];
      kinds = new byte[rows];
      amounts = new long[4 * rows];
    }
    Arrays.fill(content, length, content.length, (byte) 0);
    at = RunLayout.POSTINGS_AT;
    int account = fields.getInt(RunLayout.ACCOUNT_AT);
    long address = base;
    for (int row = 0; row < rows; row++) {
      int flags = content[at++];
      if ((flags & RunLayout.OTHER_ACCOUNT) != 0) {
        long more = varint();
        if (row == 0 || more <= 0 || more > Integer.MAX_VALUE - account) {
          return false;
        }
        account += (int) more;
        address = base;
      }
      int kind = flags >> RunLayout.KIND_SHIFT & RunLayout.KIND_MASK;
      long further = varint();
      address += further;
      accounts[row] = account;
      addresses[row] = address;
      kinds[row] = (byte) flags;
      amount(4 * row, varint());
      boolean released = kind == PostingKind.POST;
      boolean whole = kind == PostingKind.VOID || kind == PostingKind.EXPIRE;
      amounts[4 * row + 2] = whole ? amounts[4 * row] : 0;
      amounts[4 * row + 3] = whole ? amounts[4 * row + 1] : 0;
      if (released) {
        amount(4 * row + 2, varint());
      }
      if (at > length || further < 0 || address < base || kind >= PostingKind.COUNT) {
        return false;
      }
    }
    return isLast ? at == length : length - at < RunLayout.POSTING_BYTES_MAX;
  }

  private void amount(int to, long lower) {
    amounts[to] = varintHi;
    amounts[to + 1] = lower;
  }

  /** The lower half of the number at {@link #at}; the upper goes to {@link #varintHi}. */
  private long varint() {
    varintHi = 0;
    long lower = content[at++];
    if (lower >= 0) {
      return lower;
    }
    lower &= 0x7f;
    for (int shift = 7; shift < 128; shift += 7) {
      long next = content[at++];
      long bits = next & 0x7f;
      if (shift < 64) {
        lower |= bits << shift;
        varintHi |= shift == 63 ? bits >>> 1 : 0;
      } else {
        varintHi |= bits << (shift - 64);
      }
      if (next >= 0) {
        break;
      }
    }
    return lower;
  }

  int rows() {
    return rows;
  }

  /** The sums of the first row's account over the blocks before. */
  long[] openingSums() {
    return openingSums;
  }

  /** Whether the first row's account has postings in the block before. */
  boolean isContinued() {
    return (fields.getInt(RunLayout.FLAGS_AT) & RunLayout.CONTINUED) != 0;
  }

  /** How many rows come before this account and address. */
  int rowsBefore(int account, long address) {
    int low = 0;
    int high = rows;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (accounts[middle] < account
          || (accounts[middle] == account && addresses[middle] < address)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  int account(int row) {
    return accounts[row];
  }

  long address(int row) {
    return addresses[row];
  }

  boolean credit(int row) {
    return (kinds[row] & RunLayout.CREDIT) != 0;
  }

  int kind(int row) {
    return kinds[row] >> RunLayout.KIND_SHIFT & RunLayout.KIND_MASK;
  }

  long amountHi(int row) {
    return amounts[4 * row];
  }

  long amountLo(int row) {
    return amounts[4 * row + 1];
  }

  long releasedHi(int row) {
    return amounts[4 * row + 2];
  }

  long releasedLo(int row) {
    return amounts[4 * row + 3];
  }

  void addTo(long[] sums, int row) {
    Sums.add(
        sums,
        credit(row),
        kind(row),
        amountHi(row),
        amountLo(row),
        releasedHi(row),
        releasedLo(row));
  }

  void subtractFrom(long[] sums, int row) {
    Sums.subtract(
        sums,
        credit(row),
        kind(row),
        amountHi(row),
        amountLo(row),
        releasedHi(row),
        releasedLo(row));
  }
}

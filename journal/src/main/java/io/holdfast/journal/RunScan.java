package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Reads a run as a whole: every block opens, all rows are in order, the filter denies no id, the
 * sums kept of accounts are those of their postings, and all of it gives the digest.
 */
final class RunScan {
  private final Run run;
  private final IdHash hash;
  private final RowSums rows = new RowSums();
  private final long[] sums = new long[Sums.LONGS];
  private int lastAccount = -1;
  private long lastAddress;

  private RunScan(Run run, IdHash hash) {
    this.run = run;
    this.hash = hash;
  }

  /**
   * What the rows of a run add up to.
   *
   * @throws HoldfastException code {@code index-damaged}
   */
  static RowSums of(Run run, IdHash hash) throws IOException {
    RunScan scan = new RunScan(run, hash);
    scan.digest();
    scan.ops();
    scan.ids();
    scan.postings();
    return scan.rows;
  }

  private void digest() throws IOException {
    MessageDigest all = Chain.sha256();
    RunFooter footer = run.footer();
    byte[] content = new byte[FrameLayout.CONTENT_BYTES_MAX];
    BlockReader reader = run.reader();
    for (Section section : new Section[] {footer.ops(), footer.ids(), footer.postings()}) {
      for (int block = 0; block < section.blocks(); block++) {
        int bytes = section.contentBytes(block);
        int number = section.firstBlock() + block;
        reader.read(section.kind(), number, section.offset(block), bytes, content);
        all.update(sha256(content, bytes));
      }
    }
    byte[] end = footer.encode();
    int number = footer.postings().firstBlock() + footer.postings().blocks();
    byte[] stored = new byte[end.length];
    reader.read(FrameLayout.KIND_INDEX_FOOTER, number, footer.end(), stored.length, stored);
    all.update(sha256(stored, stored.length));
    if (!Arrays.equals(all.digest(), run.digest())) {
      throw damaged("its blocks do not give its digest");
    }
  }

  private static byte[] sha256(byte[] content, int bytes) {
    MessageDigest one = Chain.sha256();
    one.update(content, 0, bytes);
    return one.digest();
  }

  private void ops() throws IOException {
    RunCursor cursor = run.cursor();
    long movement = run.firstMovement();
    for (long op = run.firstOp(); op <= run.lastOp(); op++) {
      int movements = cursor.movements(op);
      if (cursor.firstMovement(op) != movement) {
        throw damaged("the movements before op " + op + " do not add up");
      }
      movement += movements;
      rows.op(op, cursor.segment(op), cursor.offset(op), cursor.firstTimestamp(op), movements);
    }
    if (movement != run.firstMovement() + run.movements()) {
      throw damaged("the movements of its ops do not add up");
    }
  }

  private void ids() throws IOException {
    IdsCursor cursor = new IdsCursor(run.footer(), run.reader());
    long hi = 0;
    long lo = 0;
    long address = -1;
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      boolean same = cursor.hi() == hi && cursor.lo() == lo;
      if (IdsCursor.less(cursor.hi(), cursor.lo(), hi, lo)
          || (same && cursor.address() <= address)) {
        throw damaged("its ids are not in order");
      }
      hi = cursor.hi();
      lo = cursor.lo();
      address = cursor.address();
      if (!run.mayHave(hi, lo, hash.of(hi, lo))) {
        throw damaged("its filter denies an id that it has");
      }
      rows.id(hi, lo, address);
    }
  }

  private void postings() throws IOException {
    PostingsBlock block = new PostingsBlock(run.footer(), run.reader());
    for (int i = 0; i < run.footer().postings().blocks(); i++) {
      block.load(i);
      boolean goesOn = block.account(0) == lastAccount;
      if (!goesOn) {
        Arrays.fill(sums, 0);
      }
      if (goesOn != block.isContinued() || !Arrays.equals(sums, block.openingSums())) {
        throw damaged("the sums of account " + block.account(0) + " are not those of its postings");
      }
      for (int row = 0; row < block.rows(); row++) {
        posting(block, row);
      }
    }
  }

  private void posting(PostingsBlock block, int row) {
    int account = block.account(row);
    long address = block.address(row);
    if (account < lastAccount || (account == lastAccount && address < lastAddress)) {
      throw damaged("its postings are not in order");
    }
    if (account != lastAccount) {
      Arrays.fill(sums, 0);
    }
    block.addTo(sums, row);
    lastAccount = account;
    lastAddress = address;
    rows.posting(
        account,
        address,
        block.credit(row),
        block.kind(row),
        block.amountHi(row),
        block.amountLo(row),
        block.releasedHi(row),
        block.releasedLo(row));
  }

  private HoldfastException damaged(String what) {
    return IndexFaults.damaged(run.file(), 0, what);
  }
}

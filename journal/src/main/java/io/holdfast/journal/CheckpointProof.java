package io.holdfast.journal;

import io.holdfast.kernel.HoldfastException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Proves in memory that pages give a checkpoint: all of them together have its root. Takes the
 * pages in their order; for one thread.
 */
public final class CheckpointProof {
  private final CheckpointFrame frame;
  private final PageDigests digests = new PageDigests();
  private int pages;

  /**
   * @param frame of {@link CheckpointPages#frame}
   * @throws HoldfastException code {@code checkpoint-damaged}
   */
  public CheckpointProof(byte[] frame) {
    CheckpointFrame parsed = CheckpointFrame.parse(frame);
    if (parsed == null) {
      throw damaged("its header and footer are not whole");
    }
    this.frame = parsed;
  }

  public long op() {
    return frame.header().op();
  }

  /** How many it has. */
  public int pages() {
    return frame.header().pages();
  }

  /** In hex. */
  public String root() {
    return Chain.hex(frame.footer().root());
  }

  /** Of the journal after its op, in hex. */
  public String chain() {
    return Chain.hex(frame.footer().chain());
  }

  /** Which key it was sealed under, in hex. */
  public String dataKeyId() {
    return frame.header().keyIdHex();
  }

  /** Takes in the next page. */
  public void add(byte[] page) {
    digests.add(pages, page, page.length);
    pages++;
  }

  /**
   * Compares what all pages give with the root.
   *
   * @throws HoldfastException code {@code checkpoint-damaged}
   */
  public void finish() {
    if (pages != pages() || !Arrays.equals(digests.root(frame.footer()), frame.footer().root())) {
      throw damaged("its pages do not give its root");
    }
  }

  private static HoldfastException damaged(String what) {
    return JournalFaults.checkpointDamaged(Path.of("the checkpoint"), 0, what);
  }
}

package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.FrozenState;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads a checkpoint page by page, for who keeps it elsewhere; what is not what was written is
 * {@code checkpoint-damaged}. For one thread.
 */
public final class CheckpointPages implements AutoCloseable {
  /** Of a page. */
  public static final int PAGE_BYTES = FrozenState.PAGE_BYTES;

  private final CheckpointReader reader;
  private int read;

  private CheckpointPages(CheckpointReader reader) {
    this.reader = reader;
  }

  /**
   * Opens a checkpoint.
   *
   * @throws HoldfastException codes {@code checkpoint-damaged}, {@code wrong-data-key}, {@code
   *     format-unknown}
   */
  public static CheckpointPages open(Disk disk, Path file, DataKey dataKey) throws IOException {
    return new CheckpointPages(CheckpointReader.open(disk, file, dataKey));
  }

  /** All checkpoints of a directory, the newest first. */
  public static List<Path> files(Disk disk, Path directory) throws IOException {
    return CheckpointFiles.newestFirst(disk, directory);
  }

  public long op() {
    return reader.header().op();
  }

  public int pages() {
    return reader.header().pages();
  }

  /** Transfers created up to its op. */
  public long transfers() {
    return reader.footer().state().transfers();
  }

  /** Which history it is of; the last branch is the one that its op belongs to. */
  public Lineage lineage() {
    return new Lineage(reader.header().ledgerId(), reader.footer().branches());
  }

  /** Of the journal after its op, in hex. */
  public String chain() {
    return Chain.hex(reader.footer().chain());
  }

  /** In hex. */
  public String root() {
    return Chain.hex(reader.footer().root());
  }

  /** Header and footer, as {@link CheckpointAssembly} takes them. */
  public byte[] frame() {
    return new CheckpointFrame(reader.header(), reader.footer()).encode();
  }

  /**
   * Reads the next page.
   *
   * @return false after the last one, when all gave the root
   */
  public boolean next(byte[] page) throws IOException {
    if (read == pages()) {
      reader.finish();
      return false;
    }
    reader.readNext(MemorySegment.ofArray(page));
    read++;
    return true;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}

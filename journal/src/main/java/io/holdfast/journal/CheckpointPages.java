package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;

/** Reads a checkpoint page by page, for who keeps it elsewhere. For one thread. */
@SuppressWarnings("DoNotCallSuggester")
public final class CheckpointPages implements AutoCloseable {
  /** Of a page. */
  public static final int PAGE_BYTES = 4096;

  private CheckpointPages() {}

  public static CheckpointPages open(Disk disk, Path file, DataKey dataKey) throws IOException {
    throw new UnsupportedOperationException("not yet");
  }

  public long op() {
    throw new UnsupportedOperationException("not yet");
  }

  public int pages() {
    throw new UnsupportedOperationException("not yet");
  }

  /** Transfers created up to its op. */
  public long transfers() {
    throw new UnsupportedOperationException("not yet");
  }

  /** In hex. */
  public String root() {
    throw new UnsupportedOperationException("not yet");
  }

  /** Header and footer, as {@link CheckpointAssembly} takes them. */
  public byte[] frame() {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Reads the next page.
   *
   * @return false after the last one, when all gave the root
   */
  public boolean next(byte[] page) throws IOException {
    throw new UnsupportedOperationException("not yet");
  }

  @Override
  public void close() throws IOException {}
}

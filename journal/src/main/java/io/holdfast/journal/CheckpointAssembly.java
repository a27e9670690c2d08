package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntFunction;

/** Makes a checkpoint file again from its pages: the same bytes. */
@SuppressWarnings("DoNotCallSuggester")
public final class CheckpointAssembly {
  private CheckpointAssembly() {}

  /** How many pages a checkpoint with this frame has. */
  public static int pages(byte[] frame) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * Writes it, durable when this returns.
   *
   * @param frame of {@link CheckpointPages#frame}
   * @param page gives each page in turn
   * @throws io.holdfast.kernel.HoldfastException code {@code checkpoint-damaged}: the pages do not
   *     give the root
   */
  public static void write(
      Disk disk, Path directory, DataKey dataKey, byte[] frame, IntFunction<byte[]> page)
      throws IOException {
    throw new UnsupportedOperationException("not yet");
  }
}

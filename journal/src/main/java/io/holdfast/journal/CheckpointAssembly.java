package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.ledger.FrozenState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntFunction;

/** Makes a checkpoint file again from its pages: the same bytes. */
public final class CheckpointAssembly {
  private CheckpointAssembly() {}

  /**
   * How many pages a checkpoint with this frame has.
   *
   * @throws HoldfastException code {@code checkpoint-damaged}
   */
  public static int pages(byte[] frame) {
    return parse(frame, Path.of("the checkpoint")).header().pages();
  }

  /**
   * The time of the op that a checkpoint with this frame is after, in nanoseconds since 1970.
   *
   * @throws HoldfastException code {@code checkpoint-damaged}
   */
  public static long timeNanos(byte[] frame) {
    return parse(frame, Path.of("the checkpoint")).footer().state().lastTimestamp();
  }

  /**
   * Writes it, durable when this returns. It has its name only when it is whole.
   *
   * @param directory of the checkpoints; made if it does not exist
   * @param frame of {@link CheckpointPages#frame}
   * @param page gives each page in turn
   * @throws HoldfastException codes {@code checkpoint-damaged}: the pages do not give the root;
   *     {@code wrong-data-key}
   */
  public static void write(
      Disk disk, Path directory, DataKey dataKey, byte[] frame, IntFunction<byte[]> page)
      throws IOException {
    CheckpointFrame parsed = parse(frame, directory);
    CheckpointHeader header = parsed.header();
    Path file = CheckpointFiles.file(directory, header.op());
    if (!header.keyIdHex().equals(dataKey.keyIdHex())) {
      throw JournalFaults.wrongKey(file, header.keyIdHex(), dataKey.keyIdHex());
    }
    disk.createDirectories(directory);
    Path beside = CheckpointFiles.unfinished(directory, header.op());
    disk.delete(beside);
    try (DiskFile out = disk.create(beside, Disk.Access.OWNER)) {
      CheckpointFrames frames = new CheckpointFrames(header, dataKey, out, bytes -> {});
      for (int i = 0; i < header.pages(); i++) {
        byte[] content = page.apply(i);
        if (content.length != FrozenState.PAGE_BYTES) {
          throw damaged(file, "page " + i + " has " + content.length + " bytes");
        }
        frames.page(content);
      }
      if (!Arrays.equals(frames.root(parsed.footer()), parsed.footer().root())) {
        throw damaged(file, "its pages do not give its root");
      }
      frames.finish(parsed.footer());
    } catch (HoldfastException e) {
      disk.delete(beside);
      throw e;
    }
    CheckpointFiles.complete(disk, directory, header.op());
  }

  static CheckpointFrame parse(byte[] frame, Path named) {
    CheckpointFrame parsed = CheckpointFrame.parse(frame);
    if (parsed == null) {
      throw damaged(named, "its header and footer are not whole");
    }
    return parsed;
  }

  private static HoldfastException damaged(Path file, String what) {
    return JournalFaults.checkpointDamaged(file, 0, what);
  }
}

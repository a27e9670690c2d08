package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.ledger.FrozenState;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Writes a checkpoint, page after page, while the ledger goes on. */
final class CheckpointWriter {
  private CheckpointWriter() {}

  /** Where an op stands in the log of consensus and in the chain. */
  record Place(byte[] chain, UUID group, long term, long index) {}

  /**
   * Writes a checkpoint beside its place; {@link CheckpointFiles#complete} gives it its name.
   *
   * @param pace is told how many bytes went to the file, and may wait
   * @param cancelled whether to give up
   * @return null when it was given up
   */
  static @Nullable Checkpoint write(
      Disk disk,
      Path directory,
      DataKey dataKey,
      Lineage lineage,
      FrozenState state,
      Place place,
      LongConsumer pace,
      BooleanSupplier cancelled)
      throws IOException {
    CheckpointHeader header =
        new CheckpointHeader(
            dataKey.keyId(),
            lineage.ledgerId(),
            lineage.current().id(),
            lineage.current().epoch(),
            state.header().op(),
            state.header().pages());
    Path beside = CheckpointFiles.unfinished(directory, state.header().op());
    disk.delete(beside);
    try (DiskFile out = disk.create(beside, Disk.Access.OWNER)) {
      CheckpointFrames frames = new CheckpointFrames(header, dataKey, out, pace);
      if (!pages(frames, state, cancelled)) {
        return null;
      }
      byte[] none = new byte[Chain.BYTES];
      byte[] root = frames.root(footer(state, place, none, lineage.branches()));
      frames.finish(footer(state, place, root, lineage.branches()));
      return new Checkpoint(
          header.op(),
          Chain.hex(root),
          place.group(),
          place.term(),
          place.index(),
          state.header().accounts(),
          frames.sizeBytes());
    }
  }

  /** All pages; false when it was given up. */
  private static boolean pages(
      CheckpointFrames frames, FrozenState state, BooleanSupplier cancelled) throws IOException {
    byte[] content = new byte[FrozenState.PAGE_BYTES];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(FrozenState.PAGE_BYTES, FrozenState.PAGE_BYTES);
      for (int i = 0; i < state.header().pages(); i++) {
        if (cancelled.getAsBoolean()) {
          return false;
        }
        state.copy(i, page);
        MemorySegment.copy(page, ValueLayout.JAVA_BYTE, 0, content, 0, content.length);
        frames.page(content);
      }
    }
    return true;
  }

  private static CheckpointFooter footer(
      FrozenState state, Place place, byte[] root, List<Branch> branches) {
    return new CheckpointFooter(
        state.header(), place.chain(), root, place.group(), place.term(), place.index(), branches);
  }
}

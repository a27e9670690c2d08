package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.ledger.FrozenState;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Writes a checkpoint, page after page, while the ledger goes on. For one thread. */
final class CheckpointWriter {
  private static final int FLUSHED_FROM_BYTES = 256 * 1024;

  /** So that whoever syncs beside a checkpoint being written waits for no more than this. */
  private static final int SYNCED_FROM_BYTES = 512 << 10;

  private final FrozenState state;
  private final FrameCipher cipher;
  private final DiskFile out;
  private final LongConsumer pace;
  private final byte[] buffer = new byte[FLUSHED_FROM_BYTES + FrameLayout.FRAME_BYTES_MAX];
  private int buffered;
  private long flushedBytes;
  private long unsyncedBytes;

  private CheckpointWriter(FrozenState state, FrameCipher cipher, DiskFile out, LongConsumer pace) {
    this.state = state;
    this.cipher = cipher;
    this.out = out;
    this.pace = pace;
  }

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
      CheckpointWriter writer = new CheckpointWriter(state, header.cipher(dataKey), out, pace);
      CheckpointFooter footer = writer.write(header, place, lineage.branches(), cancelled);
      return footer == null
          ? null
          : new Checkpoint(
              header.op(),
              Chain.hex(footer.root()),
              place.group(),
              place.term(),
              place.index(),
              state.header().accounts(),
              writer.flushedBytes);
    }
  }

  private @Nullable CheckpointFooter write(
      CheckpointHeader header, Place place, List<Branch> branches, BooleanSupplier cancelled)
      throws IOException {
    System.arraycopy(header.encode(), 0, buffer, 0, CheckpointHeader.BYTES);
    buffered = CheckpointHeader.BYTES;
    PageDigests digests = new PageDigests();
    byte[] content = new byte[FrozenState.PAGE_BYTES];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(FrozenState.PAGE_BYTES, FrozenState.PAGE_BYTES);
      for (int i = 0; i < header.pages(); i++) {
        if (cancelled.getAsBoolean()) {
          return null;
        }
        state.copy(i, page);
        MemorySegment.copy(page, ValueLayout.JAVA_BYTE, 0, content, 0, content.length);
        seal(FrameLayout.KIND_PAGE, i, digests.add(i, content, content.length), content);
        if (buffered >= FLUSHED_FROM_BYTES) {
          flush();
        }
      }
    }
    CheckpointFooter unrooted =
        new CheckpointFooter(
            state.header(),
            place.chain(),
            new byte[Chain.BYTES],
            place.group(),
            place.term(),
            place.index(),
            branches);
    CheckpointFooter footer =
        new CheckpointFooter(
            state.header(),
            place.chain(),
            digests.root(unrooted),
            place.group(),
            place.term(),
            place.index(),
            branches);
    byte[] last = footer.encode();
    seal(FrameLayout.KIND_CHECKPOINT, header.pages(), Chain.sha256().digest(last), last);
    flush();
    out.sync();
    out.letGo();
    return footer;
  }

  private void seal(int kind, long number, byte[] digest, byte[] content) {
    buffered +=
        cipher.seal(
            kind,
            number,
            digest,
            0,
            0,
            content,
            0,
            content.length,
            buffer,
            buffered,
            flushedBytes + buffered);
  }

  private void flush() throws IOException {
    out.write(ByteBuffer.wrap(buffer, 0, buffered), flushedBytes);
    flushedBytes += buffered;
    unsyncedBytes += buffered;
    if (unsyncedBytes >= SYNCED_FROM_BYTES) {
      out.sync();
      unsyncedBytes = 0;
    }
    pace.accept(buffered);
    buffered = 0;
  }
}

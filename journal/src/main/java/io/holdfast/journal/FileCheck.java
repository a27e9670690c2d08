package io.holdfast.journal;

import io.holdfast.journal.JournalSegment.Fault;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.FrozenState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file as a whole and says whether it is what was written: every checksum and every seal;
 * of a segment the chain, which must join the segments beside it; of a checkpoint the root. A file
 * that passes was sealed with the ledger's data key, whoever sent it. For any thread.
 */
public final class FileCheck {
  private final Disk disk;
  private final JournalPlaces places;
  private final DataKey dataKey;
  private final UInt128 ledgerId;

  /**
   * @param places where the segments lie that a segment must join
   */
  public FileCheck(Disk disk, JournalPlaces places, DataKey dataKey, UInt128 ledgerId) {
    this.disk = disk;
    this.places = places;
    this.dataKey = dataKey;
    this.ledgerId = ledgerId;
  }

  /**
   * Checks a file that has its name, wherever it lies.
   *
   * @param complete whether a segment must be sealed
   * @param pace is told how many bytes were read, and may wait
   * @return where it is not what was written, and what is wrong; null when all is well
   */
  public @Nullable Fault fault(FileKind kind, Path file, boolean complete, LongConsumer pace)
      throws IOException {
    try {
      return switch (kind) {
        case SEGMENT -> segment(file, complete, pace);
        case RUN -> run(file, pace);
        case CHECKPOINT -> checkpoint(file, pace);
      };
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (HoldfastException e) {
      return switch (e.code()) {
        case "journal-damaged", "index-damaged", "checkpoint-damaged", "wrong-data-key" ->
            new Fault(0, e.message());
        default -> throw e;
      };
    }
  }

  /** How far the files reach that lie in their places; their contents are taken for good. */
  public JournalReach reach() throws IOException {
    return JournalReach.of(disk, places, dataKey);
  }

  /** Checks the beginning of a segment that is still written. */
  public @Nullable Fault faultBefore(Path file, long syncedBytes, LongConsumer pace)
      throws IOException {
    SegmentScan scan =
        SegmentScan.of(
            disk, file, dataKey, (entry, reader, chain) -> pace.accept(entry.sizeBytes()));
    if (scan == null) {
      return new Fault(0, "its header or opening is not whole");
    }
    SegmentReader.Ending.Broken broken = scan.broken();
    return broken == null || broken.offset() >= syncedBytes
        ? null
        : new Fault(broken.offset(), broken.what());
  }

  private @Nullable Fault segment(Path file, boolean complete, LongConsumer pace)
      throws IOException {
    SegmentScan scan =
        SegmentScan.of(
            disk, file, dataKey, (entry, reader, chain) -> pace.accept(entry.sizeBytes()));
    if (scan == null) {
      return new Fault(0, "its header or opening is not whole");
    }
    SegmentReader.Ending.Broken broken = scan.broken();
    if (broken != null) {
      return new Fault(broken.offset(), broken.what());
    }
    if (complete && !scan.closed()) {
      return new Fault(scan.sizeBytes(), "it has no trailer");
    }
    if (!scan.header().ledgerId().equals(ledgerId)) {
      return new Fault(16, "it belongs to ledger " + scan.header().ledgerId().toHex());
    }
    if (SegmentFiles.firstOp(file) != scan.header().firstOp()) {
      return new Fault(64, "it begins with op " + scan.header().firstOp() + ", unlike its name");
    }
    return joints(scan);
  }

  /** Whether it joins the segments beside it, as far as these are there and can be read. */
  private @Nullable Fault joints(SegmentScan scan) throws IOException {
    List<Path> all = SegmentFiles.list(disk, places.segments());
    Path before = null;
    Path after = null;
    for (Path other : all) {
      long firstOp = SegmentFiles.firstOp(other);
      if (firstOp < scan.header().firstOp()) {
        before = other;
      } else if (firstOp == scan.lastOp() + 1) {
        after = other;
      }
    }
    SegmentTrailer trailer = before == null ? null : trailer(before);
    if (trailer != null
        && trailer.lastOp() + 1 == scan.header().firstOp()
        && !Arrays.equals(trailer.chain(), scan.opening().chainBefore())) {
      return new Fault(SegmentHeader.BYTES, "its chain does not go on from the segment before it");
    }
    SegmentOpening opening = after == null ? null : opening(after);
    if (scan.closed() && opening != null && !Arrays.equals(opening.chainBefore(), scan.chain())) {
      return new Fault(scan.sizeBytes(), "the chain of the segment behind it does not go on here");
    }
    return null;
  }

  /** Null when the segment has none, or it cannot be read. */
  @Nullable SegmentTrailer trailer(Path file) throws IOException {
    try (SegmentReader reader = SegmentReader.open(disk, file, dataKey)) {
      return reader.trailer();
    } catch (HoldfastException e) {
      return null;
    }
  }

  private @Nullable SegmentOpening opening(Path file) throws IOException {
    try (SegmentReader reader = SegmentReader.open(disk, file, dataKey)) {
      return reader.opening();
    } catch (HoldfastException e) {
      return null;
    }
  }

  private @Nullable Fault run(Path file, LongConsumer pace) throws IOException {
    try (DiskFile in = disk.openForReading(file);
        Arena arena = Arena.ofConfined()) {
      RunOpening opening = RunOpening.read(file, in, dataKey, ledgerId);
      opening.filter(arena);
      pace.accept(opening.footer().filterBytes());
      BlockReader reader = new BlockReader(file, in, opening.footer().header(), dataKey);
      byte[] content = new byte[FrameLayout.CONTENT_BYTES_MAX];
      for (Section section : opening.footer().sections()) {
        for (int block = 0; block < section.blocks(); block++) {
          int bytes = section.contentBytes(block);
          reader.read(
              section.kind(), section.firstBlock() + block, section.offset(block), bytes, content);
          pace.accept(bytes);
        }
      }
      return null;
    }
  }

  private @Nullable Fault checkpoint(Path file, LongConsumer pace) throws IOException {
    try (CheckpointReader reader = CheckpointReader.open(disk, file, dataKey)) {
      if (!reader.header().ledgerId().equals(ledgerId)) {
        return new Fault(16, "it belongs to ledger " + reader.header().ledgerId().toHex());
      }
      MemorySegment page = MemorySegment.ofArray(new byte[FrozenState.PAGE_BYTES]);
      for (int i = 0; i < reader.header().pages(); i++) {
        reader.read(page);
        pace.accept(FrozenState.PAGE_BYTES);
      }
      reader.finish();
      return null;
    }
  }
}

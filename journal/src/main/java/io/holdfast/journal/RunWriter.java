package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.Invariants;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Writes a run: all ops, then all ids, then all postings, each in order. It is there, under its
 * name and durably, once {@link #finish} returns; before, there is at most a file that ends in
 * {@code .new}. For one thread.
 */
final class RunWriter implements AutoCloseable {
  private final Disk disk;
  private final Path file;
  private final Path beside;
  private final RunHeader header;
  private final DiskFile out;
  private final Arena arena = Arena.ofConfined();
  private final BlockWriter blocks;
  private final IdFilter filter;
  private final OpsWriter ops;
  private final IdsWriter ids;
  private final PostingsWriter postings;
  private long opsEnd;
  private long idsEnd;

  /**
   * Begins a run in a directory.
   *
   * @param header with all counts, which must then come true
   * @param pace is told how many bytes went to the file, and may wait
   */
  RunWriter(Disk disk, Path directory, RunHeader header, DataKey dataKey, LongConsumer pace)
      throws IOException {
    this.disk = disk;
    this.header = header;
    this.file = RunFiles.file(directory, header.firstOp(), header.lastOp());
    this.beside = RunFiles.unfinished(file);
    IdHash hash = new IdHash(dataKey, header.ledgerId());
    FrameCipher cipher = header.cipher(dataKey);
    disk.delete(beside);
    this.out = disk.create(beside, Disk.Access.OWNER);
    this.filter = new IdFilter(arena.allocate(IdFilter.bytesFor(header.ids()), 8));
    this.blocks = new BlockWriter(out, cipher, pace);
    this.ops = new OpsWriter(blocks, header.firstOp(), header.firstMovement());
    this.ids = new IdsWriter(blocks, hash, filter);
    this.postings = new PostingsWriter(blocks, header.firstOp());
    blocks.header(header.encode());
  }

  /** Takes the ops; nothing else yet. */
  OpsWriter ops() {
    return ops;
  }

  /** Ends the ops and takes the ids. */
  IdsWriter beginIds() throws IOException {
    ops.finish();
    opsEnd = blocks.offset();
    return ids;
  }

  /** Ends the ids and takes the postings. */
  PostingsWriter beginPostings() throws IOException {
    ids.finish();
    idsEnd = blocks.offset();
    return postings;
  }

  /** Ends the run and gives it its name, in place of a file that has it. */
  Path finish() throws IOException {
    postings.finish();
    check("ops", header.lastOp() + 1, ops.nextOp());
    check("movements", header.firstMovement() + header.movements(), ops.nextMovement());
    check("ids", header.ids(), ids.count());
    check("postings", header.postings(), postings.count());
    Section opsSection = new Section(FrameLayout.KIND_INDEX_OPS, RunHeader.BYTES, opsEnd, 0);
    Section idsSection = opsSection.next(FrameLayout.KIND_INDEX_IDS, idsEnd);
    Section postingsSection = idsSection.next(FrameLayout.KIND_INDEX_POSTINGS, blocks.offset());
    long filterOffset = blocks.filter(filter.bits());
    long[] fences = ids.fences();
    RunFooter footer =
        new RunFooter(
            header,
            opsSection,
            idsSection,
            postingsSection,
            filterOffset,
            filter.bits().byteSize(),
            fences.length == 0 ? 0 : fences[0],
            fences.length == 0 ? 0 : fences[1],
            ids.lastHi(),
            ids.lastLo(),
            ops.segments(),
            ops.times(),
            fences,
            postings.fences(),
            filter.checksums());
    writeFooter(footer);
    out.close();
    disk.move(beside, file);
    disk.syncDirectory(RunFiles.directory(file));
    return file;
  }

  private static void check(String what, long promised, long found) {
    Invariants.check(promised == found, "a run has the " + what + " it promised", promised, found);
  }

  private void writeFooter(RunFooter footer) throws IOException {
    byte[] content = footer.encode();
    long offset = blocks.offset();
    blocks.add(FrameLayout.KIND_INDEX_FOOTER, content, content.length);
    RunTail tail = new RunTail(blocks.blocks(), offset, content.length, blocks.digest());
    blocks.add(FrameLayout.KIND_INDEX_TAIL, tail.encode(), RunTail.BYTES);
    blocks.finish();
  }

  @Override
  public void close() throws IOException {
    arena.close();
    out.close();
  }
}

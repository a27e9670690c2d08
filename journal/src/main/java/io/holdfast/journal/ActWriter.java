package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the site's log, act after act; each is on disk when {@link #append} returns. If that
 * fails, the act may or may not be there after a crash, and the next one takes its place: there is
 * never a gap. For one thread.
 *
 * <p>At start, what a crash left of the one act that was being written is cut off. Anything else
 * that is not what was written is damage: the damaged log stays as it is, and a new one begins
 * beside it. A node starts nevertheless, since no money depends on its log.
 */
final class ActWriter implements AutoCloseable {
  /** Acts of years; small enough to be read as a whole. */
  static final int FILE_BYTES = 16 << 20;

  private final Setup setup;
  private final int log;
  private final long fileBytes;
  private ActHeader header;
  private @Nullable DiskFile out;
  private @Nullable FrameCipher cipher;
  private long sizeBytes;
  private long number;
  private byte[] chain;
  private boolean dirty; // something may lie behind sizeBytes

  /**
   * What a log needs to know.
   *
   * @param directory of its files
   * @param node whose log it is
   * @param newLogId names a log that begins
   */
  record Setup(
      Disk disk,
      Path directory,
      DataKey dataKey,
      UInt128 ledgerId,
      String node,
      Supplier<UInt128> newLogId) {}

  /**
   * A log that was opened.
   *
   * @param last the act it ended with; null if that is not known
   * @param cutBytes what a crash had left at its end
   * @param damaged the log before, which ended in damage, and how; null if none did
   */
  record Opened(ActWriter writer, @Nullable Act last, long cutBytes, @Nullable ActScan damaged) {}

  private ActWriter(Setup setup, int log, ActHeader header, long fileBytes) {
    this.setup = setup;
    this.log = log;
    this.fileBytes = fileBytes;
    this.header = header;
    this.number = header.first() - 1;
    this.chain = header.chainBefore();
  }

  static Opened open(Setup setup, long fileBytes) throws IOException {
    Disk disk = setup.disk();
    disk.createDirectories(setup.directory());
    List<Path> files = ActFiles.list(disk, setup.directory());
    for (Path file : files.reversed()) {
      ActScan scan = scan(setup, file);
      ActScan.Broken broken = scan.broken();
      if (scan.header() == null && broken != null && broken.unfinished()) {
        disk.delete(file); // the crash came while it was made: no act was in it yet
        disk.syncDirectory(setup.directory());
      } else if (broken != null && !broken.unfinished()) {
        return new Opened(begin(setup, ActFiles.log(file) + 1, fileBytes), null, 0, scan);
      } else {
        return goOn(setup, scan, fileBytes);
      }
    }
    return new Opened(begin(setup, 1, fileBytes), null, 0, null);
  }

  private static ActScan scan(Setup setup, Path file) {
    ActScan scan;
    try {
      scan = ActScan.of(setup.disk(), file, setup.dataKey());
    } catch (IOException e) {
      return damaged(file, "it can't be read: " + e);
    }
    ActHeader header = scan.header();
    if (header == null) {
      return scan;
    }
    if (!header.ledgerId().equals(setup.ledgerId()) || !header.node().equals(setup.node())) {
      return damaged(file, "it is the log of " + header.node() + ", ledger " + header.ledgerId());
    }
    return header.first() == ActFiles.first(file)
        ? scan
        : damaged(file, "its name does not fit its header");
  }

  private static ActScan damaged(Path file, String what) {
    return new ActScan(
        file, null, List.of(), new byte[Chain.BYTES], 0, 0, new ActScan.Broken(0, what, false));
  }

  private static ActWriter begin(Setup setup, int log, long fileBytes) {
    ActHeader header =
        ActHeader.ofNew(
            setup.dataKey().keyId(), setup.ledgerId(), setup.newLogId().get(), setup.node());
    return new ActWriter(setup, log, header, fileBytes);
  }

  private static Opened goOn(Setup setup, ActScan scan, long fileBytes) throws IOException {
    ActHeader header = Objects.requireNonNull(scan.header());
    ActWriter writer = new ActWriter(setup, ActFiles.log(scan.file()), header, fileBytes);
    DiskFile out = setup.disk().open(scan.file());
    try {
      if (scan.sizeBytes() > scan.wholeUntil()) {
        out.truncate(scan.wholeUntil());
      }
      // A process that was killed may have left what no sync has reached yet.
      out.sync();
      setup.disk().syncDirectory(setup.directory());
    } catch (IOException | RuntimeException e) {
      out.close();
      throw e;
    }
    writer.out = out;
    writer.cipher = header.cipher(setup.dataKey());
    writer.sizeBytes = scan.wholeUntil();
    writer.number = scan.last();
    writer.chain = scan.chain();
    Act last = scan.acts().isEmpty() ? null : scan.acts().getLast();
    return new Opened(writer, last, scan.sizeBytes() - scan.wholeUntil(), null);
  }

  /** Appends an act; see {@link Act#of}. */
  Act append(long timeNanos, String kind, String actor, String... fields) throws IOException {
    Act act = Act.of(number + 1, timeNanos, setup.node(), kind, actor, fields);
    byte[] content = act.encode();
    long sealedBytes = FrameLayout.sealedBytes(content.length);
    DiskFile file = out;
    if (file != null && dirty) {
      file.truncate(sizeBytes);
      file.sync(); // the next act may go into another file
      cipher = header.cipher(setup.dataKey()); // the JDK's refuses to seal the same act again
      dirty = false;
    }
    if (file == null || sizeBytes + sealedBytes > fileBytes) {
      file = beginFile();
    }
    byte[] frame = new byte[(int) sealedBytes];
    seal(content, frame);
    dirty = true;
    file.write(ByteBuffer.wrap(frame), sizeBytes);
    file.sync();
    dirty = false;
    sizeBytes += sealedBytes;
    number++;
    chain = Act.chain(chain, content);
    return act;
  }

  private void seal(byte[] content, byte[] frame) {
    Objects.requireNonNull(cipher)
        .seal(
            FrameLayout.KIND_ENTRY,
            number + 1,
            Chain.sha256().digest(content),
            0,
            0,
            content,
            0,
            content.length,
            frame,
            0,
            sizeBytes);
  }

  /** Makes the file for the next act, durable as soon as this returns. */
  private DiskFile beginFile() throws IOException {
    ActHeader next = header.next(number + 1, chain);
    Path file = ActFiles.file(setup.directory(), log, next.first());
    setup.disk().delete(file); // an attempt that failed; no act was in it
    DiskFile created = setup.disk().create(file, Disk.Access.OWNER);
    try {
      created.write(ByteBuffer.wrap(next.encode()), 0);
      created.sync();
      setup.disk().syncDirectory(setup.directory());
    } catch (IOException | RuntimeException e) {
      created.close();
      throw e;
    }
    DiskFile before = out;
    out = created;
    cipher = next.cipher(setup.dataKey());
    header = next;
    sizeBytes = ActHeader.BYTES;
    if (before != null) {
      before.close();
    }
    return created;
  }

  /** The number of the last act. */
  long number() {
    return number;
  }

  /** The chain after the last act. */
  byte[] chain() {
    return chain.clone();
  }

  Path directory() {
    return setup.directory();
  }

  UInt128 logId() {
    return header.logId();
  }

  @Override
  public void close() throws IOException {
    DiskFile file = out;
    if (file != null) {
      file.close();
    }
  }
}

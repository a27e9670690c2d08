package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The files of a running journal that other nodes can have, with their digests, and their bytes. A
 * file is listed once its digest is known; {@link #digestFor} computes those that are lacking, at a
 * limited rate. For any thread.
 */
public final class StoredFiles {
  /** What one reading gives at most. */
  public static final int READ_BYTES_MAX = 1 << 20;

  /** Leaves most of a disk to the payments. */
  private static final long DIGEST_BYTES_PER_SECOND = 128L << 20;

  private final Disk disk;
  private final JournalPlaces places;
  private final Lineage lineage;
  private final JournalWriter writer;
  private final FileDigests digests;
  private final Pace pace = new Pace(DIGEST_BYTES_PER_SECOND);
  private final ReentrantLock digesting = new ReentrantLock();

  StoredFiles(Journal.Setup setup, JournalWriter writer) {
    this.disk = setup.disk();
    this.places = setup.places();
    this.lineage = setup.lineage();
    this.writer = writer;
    this.digests = new FileDigests(setup.disk());
  }

  /** A file by its place. */
  public record Named(FileKind kind, String name, Path file) {}

  public JournalPlaces places() {
    return places;
  }

  /** The history that they are of. */
  public Lineage lineage() {
    return lineage;
  }

  public FileDigests digests() {
    return digests;
  }

  /** All files that will never change, the oldest first of each kind. */
  public List<Named> complete() throws IOException {
    JournalWriter.Beginning open = writer.beginning();
    List<Named> found = new ArrayList<>();
    for (FileKind kind : FileKind.values()) {
      for (Path file : disk.list(places.directory(kind))) {
        String name = String.valueOf(file.getFileName());
        if (kind.isName(name)
            && (kind != FileKind.SEGMENT || SegmentFiles.firstOp(file) < open.firstOp())) {
          found.add(new Named(kind, name, file));
        }
      }
    }
    return found;
  }

  /** What can be had now. */
  public FileListing list() {
    try {
      JournalWriter.Beginning open = writer.beginning();
      List<StoredFile> files = new ArrayList<>();
      int pending = 0;
      for (Named named : complete()) {
        StoredFile file = described(named);
        if (file != null) {
          files.add(file);
        } else if (disk.exists(named.file())) {
          pending++;
        }
      }
      StoredFile beginning = beginning(open);
      if (beginning != null) {
        files.add(beginning);
      }
      return listing(pending, files);
    } catch (IOException e) {
      throw DiskFaults.coded(e, places.segments());
    }
  }

  /** What can be had of one file; its digest is computed at once. */
  public FileListing list(FileKind kind, String name) {
    try {
      JournalWriter.Beginning open = writer.beginning();
      Path file = places.file(kind, name);
      StoredFile found = null;
      if (kind == FileKind.SEGMENT && SegmentFiles.firstOp(file) >= open.firstOp()) {
        found = SegmentFiles.firstOp(file) == open.firstOp() ? beginning(open) : null;
      } else {
        try {
          digests.forget(file); // whoever asks for one file has seen damage, perhaps here too
          digests.of(file, pace);
          found = described(new Named(kind, name, file));
        } catch (NoSuchFileException | FileNotFoundException e) {
          digests.forget(file);
        }
      }
      return listing(0, found == null ? List.of() : List.of(found));
    } catch (IOException e) {
      throw DiskFaults.coded(e, places.segments());
    }
  }

  private FileListing listing(int pending, List<StoredFile> files) {
    Branch branch = lineage.current();
    return new FileListing(
        lineage.ledgerId().toHex(),
        branch.id().toHex(),
        branch.epoch(),
        writer.stats().syncedOp(),
        pending,
        files);
  }

  /** The segment that is written, and how much of it is on disk; null when there is none. */
  public @Nullable Open open() {
    JournalWriter.Beginning open = writer.beginning();
    return open.sizeBytes() == 0
        ? null
        : new Open(SegmentFiles.file(places.segments(), open.firstOp()), open.sizeBytes());
  }

  /** A segment that is written, and how much of it is on disk. */
  public record Open(Path file, long syncedBytes) {}

  private @Nullable StoredFile described(Named named) throws IOException {
    try (DiskFile in = disk.openForReading(named.file())) {
      long size = in.sizeBytes();
      String sha256 = digests.known(named.file(), size);
      return sha256 == null ? null : new StoredFile(named.kind(), named.name(), size, sha256, true);
    } catch (NoSuchFileException | FileNotFoundException e) {
      return null; // merged, or an older checkpoint
    }
  }

  private @Nullable StoredFile beginning(JournalWriter.Beginning open) throws IOException {
    if (open.sizeBytes() == 0) {
      return null;
    }
    Path file = SegmentFiles.file(places.segments(), open.firstOp());
    String name = String.valueOf(file.getFileName());
    try {
      return new StoredFile(
          FileKind.SEGMENT,
          name,
          open.sizeBytes(),
          digests.ofBeginning(file, open.sizeBytes()),
          false);
    } catch (NoSuchFileException | FileNotFoundException e) {
      return null; // it had no entry, and another took its place
    }
  }

  /**
   * Computes digests that are lacking, for no longer than this; what is left the next call goes on
   * with. Returns at once while another thread does it.
   *
   * @return whether all are known
   */
  public boolean digestFor(long millis) {
    if (!digesting.tryLock()) {
      return false;
    }
    try {
      long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      List<Named> all = new ArrayList<>(complete());
      all.sort(Comparator.comparing(named -> named.kind() != FileKind.CHECKPOINT)); // soon gone
      for (Named named : all) {
        if (System.nanoTime() > until) {
          return false;
        }
        try {
          digests.of(named.file(), pace);
        } catch (NoSuchFileException | FileNotFoundException e) {
          // It is not there to be had any more.
          digests.forget(named.file());
        }
      }
      return true;
    } catch (IOException e) {
      throw DiskFaults.coded(e, places.segments());
    } finally {
      digesting.unlock();
    }
  }

  /**
   * Reads a part of a file; what lies behind its end is left out.
   *
   * @throws HoldfastException code {@code no-such-file}: it is not there, or not any more; {@code
   *     malformed-peer-message}: what was asked for cannot be
   */
  public byte[] read(FileKind kind, String name, long offset, int length) {
    if (!kind.isName(name) || offset < 0 || length < 0 || length > READ_BYTES_MAX) {
      throw new HoldfastException(
          "malformed-peer-message",
          "no " + kind + " has bytes " + offset + " + " + length + " and such a name",
          "all nodes of a site must run versions that know each other");
    }
    Path file = places.file(kind, name);
    byte[] bytes = new byte[length];
    try (DiskFile in = disk.openForReading(file)) {
      int read = in.read(ByteBuffer.wrap(bytes), offset);
      return read == length ? bytes : Arrays.copyOf(bytes, read);
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw new HoldfastException(
          "no-such-file",
          name + " is not here",
          "it was merged into another or is no longer kept: ask what there is",
          e);
    } catch (IOException e) {
      throw DiskFaults.coded(e, file);
    }
  }
}

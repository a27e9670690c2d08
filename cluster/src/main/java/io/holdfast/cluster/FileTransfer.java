package io.holdfast.cluster;

import io.holdfast.journal.FileCheck;
import io.holdfast.journal.FileDigests;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.JournalSegment;
import io.holdfast.journal.StoredFile;
import io.holdfast.journal.StoredFiles;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Gets one file: into the directory of partial ones, from where an earlier attempt left off; then
 * the digest over all of it is compared, every seal in it is opened, and it is synced. Only then
 * can it be put in its place. Sources that give something else are passed over by name. For any
 * thread, but not two for one file.
 */
final class FileTransfer {
  private final Disk disk;
  private final JournalPlaces places;
  private final FileCheck check;
  private final LongConsumer pace;
  private final BooleanSupplier stopped;
  private final Consumer<String> complaints;

  /**
   * @param pace is told of bytes received, and may wait
   * @param complaints is told which source gave what it should not have
   */
  FileTransfer(
      Disk disk,
      JournalPlaces places,
      FileCheck check,
      LongConsumer pace,
      BooleanSupplier stopped,
      Consumer<String> complaints) {
    this.disk = disk;
    this.places = places;
    this.check = check;
    this.pace = pace;
    this.stopped = stopped;
    this.complaints = complaints;
  }

  /** How an attempt to get a file ended. */
  enum Outcome {
    /** It lies whole, checked and synced among the partial ones. */
    READY,
    /** It is nowhere any more: another took its place, or it is no longer kept. */
    VANISHED,
    /** No source gave what was written; the complaints say why. */
    FAILED,
    STOPPED
  }

  /**
   * Gets a file from whichever source gives it.
   *
   * @param turn which source to begin with, so that many files come from all of them
   */
  Outcome get(WantedFile wanted, int turn) throws IOException {
    boolean vanished = false;
    boolean failed = false;
    for (WantedFile.Version version : wanted.versions()) {
      int sources = version.sources().size();
      for (int i = 0; i < sources; i++) {
        FileSource source = version.sources().get(Math.floorMod(turn + i, sources));
        try {
          if (!pull(version.file(), source)) {
            return Outcome.STOPPED;
          }
        } catch (HoldfastException e) {
          switch (e.code()) {
            case "no-such-file" -> vanished = true;
            case "peer-unavailable", "peer-wrong-bytes" -> {
              failed = true;
              complaints.accept(wanted.name() + ": " + e.message());
            }
            default -> throw e;
          }
          continue;
        }
        JournalSegment.Fault fault = faultOf(version.file());
        if (fault == null) {
          return Outcome.READY;
        }
        failed = true;
        disk.delete(partial(version.file()));
        complaints.accept(
            version.file().name()
                + ": damaged at "
                + String.join(", ", version.sources().stream().map(FileSource::name).toList())
                + ", byte "
                + fault.offset()
                + ": "
                + fault.what());
        break; // the others of this version have the same bytes
      }
    }
    return vanished && !failed ? Outcome.VANISHED : Outcome.FAILED;
  }

  private JournalSegment.@org.jspecify.annotations.Nullable Fault faultOf(StoredFile file)
      throws IOException {
    return check.fault(file.kind(), partial(file), file.complete(), read -> {});
  }

  /** Brings a partial file to the version's size and digest; false when stopped. */
  private boolean pull(StoredFile file, FileSource source) throws IOException {
    long had = beginning(file);
    String got = pull(file, source, had);
    if (had > 0 && !got.equals(file.sha256()) && !got.isEmpty()) {
      disk.delete(partial(file)); // what was there may be what is wrong
      beginning(file);
      got = pull(file, source, 0);
    }
    if (got.isEmpty()) {
      return false;
    }
    if (!got.equals(file.sha256())) {
      disk.delete(partial(file));
      throw wrongBytes(source, "its bytes have another digest than it said");
    }
    return true;
  }

  /** Makes sure that there is a partial file; says how much of it can be kept. */
  private long beginning(StoredFile file) throws IOException {
    Path partial = partial(file);
    if (!disk.exists(partial)) {
      disk.createDirectories(places.partial(file.kind()));
      disk.create(partial, Disk.Access.OWNER).close();
      return 0;
    }
    try (DiskFile there = disk.openForReading(partial)) {
      if (there.sizeBytes() <= file.sizeBytes()) {
        return there.sizeBytes();
      }
    }
    disk.delete(partial);
    return beginning(file);
  }

  /** Reads from an offset to the end; the digest over all, or nothing when stopped. */
  private String pull(StoredFile file, FileSource source, long from) throws IOException {
    try (DiskFile out = disk.open(partial(file))) {
      MessageDigest sha256 = FileDigests.over(out, from, read -> {});
      long at = from;
      while (at < file.sizeBytes()) {
        if (stopped.getAsBoolean()) {
          out.sync();
          return "";
        }
        int length = (int) Math.min(StoredFiles.READ_BYTES_MAX, file.sizeBytes() - at);
        byte[] bytes = source.read(file.kind(), file.name(), at, length);
        if (bytes.length != length) {
          throw wrongBytes(source, "it ends at byte " + (at + bytes.length));
        }
        out.write(ByteBuffer.wrap(bytes), at);
        sha256.update(bytes);
        at += length;
        pace.accept(length);
      }
      out.sync();
      return FileDigests.hex(sha256);
    }
  }

  private static HoldfastException wrongBytes(FileSource source, String what) {
    return new HoldfastException(
        "peer-wrong-bytes",
        source.name() + ": " + what,
        "its disk or memory may be failing: scrub it");
  }

  private Path partial(StoredFile file) {
    return places.partial(file.kind(), file.name());
  }

  /** Puts a file that is ready in its place, durably, instead of what was there. */
  Path place(FileKind kind, String name) throws IOException {
    Path file = places.file(kind, name);
    disk.move(places.partial(kind, name), file);
    disk.syncDirectory(places.directory(kind));
    return file;
  }
}

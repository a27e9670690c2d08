package io.holdfast.cluster;

import io.holdfast.journal.DamagedFileException;
import io.holdfast.journal.FileCheck;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.FileListing;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Pace;
import io.holdfast.journal.RunRebuild;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a damaged file by what it should be, from another node: fetched, checked as a whole, and
 * put in its place in one step. A run that no other node has is made anew from the journal. What
 * was there is kept beside, in {@code damaged}, for who wants to know what happened to it. For one
 * thread.
 */
final class Mender {
  private static final Logger LOG = LoggerFactory.getLogger(Mender.class);

  /** A file is mended before a payment that needs it gives up. */
  private static final long BYTES_PER_SECOND = 64L << 20;

  private final Disk disk;
  private final JournalPlaces places;
  private final FileCheck check;
  private final String ledgerId;
  private final List<? extends FileSource> sources;
  private final RunRebuild rebuild;
  private final BooleanSupplier stopped;
  private final Pace pace = new Pace(BYTES_PER_SECOND);

  /**
   * @param sources the other nodes
   * @param rebuild makes a run that none of them has
   */
  Mender(
      Disk disk,
      JournalPlaces places,
      FileCheck check,
      String ledgerId,
      List<? extends FileSource> sources,
      RunRebuild rebuild,
      BooleanSupplier stopped) {
    this.disk = disk;
    this.places = places;
    this.check = check;
    this.ledgerId = ledgerId;
    this.sources = sources;
    this.rebuild = rebuild;
    this.stopped = stopped;
  }

  /**
   * What came of it.
   *
   * @param mended whether the file is what it should be now
   * @param why not, if it is not
   */
  record Result(boolean mended, String why) {}

  /**
   * Mends a file.
   *
   * @param complete whether it must be whole; the end of a journal may still be written elsewhere
   */
  Result mend(FileKind kind, String name, boolean complete) throws IOException {
    Result fromOthers = fetch(kind, name, complete);
    return fromOthers.mended() || kind != FileKind.RUN || stopped.getAsBoolean()
        ? fromOthers
        : make(name, fromOthers.why());
  }

  /** A run says no more than the segments do. */
  private Result make(String name, String why) throws IOException {
    LOG.info("{} is made anew from the journal: {}", name, why);
    RunRebuild.Result result;
    try {
      result = rebuild.make(name, stopped);
    } catch (DamagedFileException e) {
      return new Result(false, why + "; it can't be made anew: " + e.message());
    }
    return switch (result) {
      case RunRebuild.Result.NotMade(String reason) -> new Result(false, why + "; " + reason);
      case RunRebuild.Result.Made(Path made) -> {
        if (!disk.exists(places.file(FileKind.RUN, name))) {
          yield new Result(false, "it was merged into another meanwhile");
        }
        keep(FileKind.RUN, name);
        disk.move(made, places.file(FileKind.RUN, name));
        disk.syncDirectory(places.runs());
        yield new Result(true, "");
      }
    };
  }

  private Result fetch(FileKind kind, String name, boolean complete) throws IOException {
    List<String> complaints = new ArrayList<>();
    Map<FileSource, FileListing> listings =
        Fetch.listings(sources, ledgerId, source -> source.list(kind, name), complaints);
    List<WantedFile> wanted =
        WantedFile.all(listings).stream()
            .filter(file -> file.name().equals(name))
            .filter(file -> file.first().complete() || !complete)
            .toList();
    if (wanted.isEmpty()) {
      return new Result(false, because("no other node has it", complaints));
    }
    FileTransfer transfer = new FileTransfer(disk, places, check, pace, stopped, complaints::add);
    return switch (transfer.get(wanted.getFirst(), 0)) {
      case READY -> {
        keep(kind, name);
        transfer.place(kind, name);
        yield new Result(true, "");
      }
      case VANISHED -> new Result(false, because("it is nowhere any more", complaints));
      case FAILED -> new Result(false, because("no other node gave a good copy", complaints));
      case STOPPED -> new Result(false, "the node stops");
    };
  }

  private static String because(String what, List<String> complaints) {
    return complaints.isEmpty() ? what : what + " (" + String.join("; ", complaints) + ")";
  }

  /** Gives the damaged file a second name, under which it stays. */
  private void keep(FileKind kind, String name) {
    Path kept = places.damaged(kind).resolve(name);
    try {
      disk.createDirectories(places.damaged(kind));
      disk.delete(kept); // of an earlier time
      disk.link(places.file(kind, name), kept);
    } catch (IOException e) {
      LOG.warn("the damaged {} is not kept: {}", name, e.toString());
    }
  }

  /** As an error that the caller can report, without ending anything. */
  Result tryMend(FileKind kind, String name, boolean complete) {
    try {
      return mend(kind, name, complete);
    } catch (IOException | HoldfastException e) {
      return new Result(false, "it could not be written: " + e.getMessage());
    }
  }
}

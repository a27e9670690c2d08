package io.holdfast.cluster;

import io.holdfast.journal.FileCheck;
import io.holdfast.journal.FileDigests;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.FileListing;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.JournalReach;
import io.holdfast.journal.Pace;
import io.holdfast.journal.StoredFile;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.DiskFile;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings a directory that no node runs on to what the other nodes have, in rounds: each asks what
 * there is and gets what is lacking, by digest, a few files at a time from all sources, at a
 * limited rate. What a round left unfinished the next goes on with, after a crash too. For one
 * thread, but {@link #stop} is for any.
 */
final class Fetch {
  /** Enough to keep a disk and a network busy, little enough for a peer that pays on. */
  static final int STREAMS = 3;

  private final Disk disk;
  private final JournalPlaces places;
  private final FileCheck check;
  private final String ledgerId;
  private final int streams;
  private final Pace pace;
  private final Consumer<FetchProgress> progress;
  private final FileDigests digests;
  private final Set<String> unusable = new HashSet<>();
  private volatile boolean stopped;

  /**
   * @param ledgerId in hex; sources of another ledger give nothing
   * @param streams files at a time
   * @param bytesPerSecond received at most
   * @param progress is told after each piece, from any thread
   */
  Fetch(
      Disk disk,
      JournalPlaces places,
      FileCheck check,
      String ledgerId,
      int streams,
      long bytesPerSecond,
      Consumer<FetchProgress> progress) {
    this.disk = disk;
    this.places = places;
    this.check = check;
    this.ledgerId = ledgerId;
    this.streams = streams;
    this.pace = new Pace(bytesPerSecond);
    this.progress = progress;
    this.digests = new FileDigests(disk);
  }

  /**
   * What a round did.
   *
   * @param sources that said what they have
   * @param durableOp the newest op that one of them had on disk when it began
   * @param checkpoints whether one of them has a checkpoint
   * @param files that were put in their places
   * @param bytes of these
   * @param unfinished files that could not be had this time, or are still to be listed
   * @param complaints about sources, in words
   */
  record Round(
      int sources,
      long durableOp,
      boolean checkpoints,
      int files,
      long bytes,
      int unfinished,
      List<String> complaints) {
    /** Whether all was there already; a ledger that is paid on grows from round to round. */
    boolean foundNothingNew() {
      return sources > 0 && files == 0 && unfinished == 0;
    }
  }

  /** Ends the round that runs soon; what it got is kept. */
  void stop() {
    stopped = true;
  }

  /**
   * Runs one round.
   *
   * @throws HoldfastException codes {@code disk-full}, {@code disk-failed}: of this node's own disk
   */
  Round round(List<? extends FileSource> sources) {
    List<String> complaints = java.util.Collections.synchronizedList(new ArrayList<>());
    Map<FileSource, FileListing> listings = listings(sources, complaints);
    try {
      for (FileKind kind : FileKind.values()) {
        disk.createDirectories(places.directory(kind));
      }
      List<WantedFile> lacking = new ArrayList<>();
      for (WantedFile wanted : WantedFile.of(listings, unusable)) {
        if (!isThere(wanted)) {
          lacking.add(wanted);
        }
      }
      Work work = new Work(lacking, complaints);
      work.run();
      int pending = listings.values().stream().mapToInt(FileListing::pending).max().orElse(0);
      return new Round(
          listings.size(),
          listings.values().stream().mapToLong(FileListing::durableOp).max().orElse(0),
          hasCheckpoint(listings),
          work.files.get(),
          work.bytes.get(),
          lacking.size() - work.files.get() + pending,
          List.copyOf(complaints));
    } catch (IOException e) {
      throw DiskFaults.coded(e, places.segments());
    }
  }

  private static boolean hasCheckpoint(Map<FileSource, FileListing> listings) {
    return listings.values().stream()
        .flatMap(listing -> listing.files().stream())
        .anyMatch(file -> file.kind() == FileKind.CHECKPOINT);
  }

  /** How far what lies in its place reaches. */
  JournalReach reach() {
    try {
      return check.reach();
    } catch (IOException e) {
      throw DiskFaults.coded(e, places.segments());
    }
  }

  /**
   * Deletes what was left unfinished, once no further round is needed; and segments behind a gap,
   * from the newest: no journal opens with one.
   */
  void finish(JournalReach reach) {
    try {
      for (Path behindGap : reach.beyond().reversed()) {
        disk.delete(behindGap);
      }
      for (FileKind kind : FileKind.values()) {
        for (Path partial : disk.list(places.partial(kind))) {
          disk.delete(partial);
        }
      }
    } catch (IOException e) {
      throw DiskFaults.coded(e, places.segments());
    }
  }

  private Map<FileSource, FileListing> listings(
      List<? extends FileSource> sources, List<String> complaints) {
    return listings(sources, ledgerId, FileSource::list, complaints);
  }

  /** What those say that can be reached and are of the ledger. */
  static Map<FileSource, FileListing> listings(
      List<? extends FileSource> sources,
      String ledgerId,
      Function<FileSource, FileListing> ask,
      List<String> complaints) {
    Map<FileSource, FileListing> listings = new LinkedHashMap<>();
    for (FileSource source : sources) {
      try {
        FileListing listing = ask.apply(source);
        if (listing.ledgerId().equals(ledgerId)) {
          listings.put(source, listing);
        } else {
          complaints.add(source.name() + " is of ledger " + listing.ledgerId());
        }
      } catch (HoldfastException e) {
        complaints.add(e.message());
      }
    }
    return listings;
  }

  /** Whether the place has one of the versions; of a segment that grows, at least so much. */
  private boolean isThere(WantedFile wanted) throws IOException {
    Path file = places.file(wanted.kind(), wanted.name());
    if (!disk.exists(file)) {
      return false;
    }
    long size;
    try (DiskFile there = disk.openForReading(file)) {
      size = there.sizeBytes();
    }
    StoredFile version = wanted.first();
    for (WantedFile.Version other : wanted.versions()) {
      if (other.file().complete() && other.file().sizeBytes() == size) {
        String sha256 = digests.of(file, read -> {});
        if (sha256.equals(other.file().sha256())) {
          return true;
        }
      }
    }
    return !version.complete()
        && size >= version.sizeBytes()
        && digests.ofBeginning(file, version.sizeBytes()).equals(version.sha256());
  }

  /** The files of one round, on a few threads. */
  private final class Work {
    private final Queue<WantedFile> queue;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final AtomicInteger files = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final long total;
    private final long began = System.nanoTime();
    private final FileTransfer transfer;

    Work(List<WantedFile> lacking, List<String> complaints) {
      this.queue = new ConcurrentLinkedQueue<>(lacking);
      this.total = lacking.stream().mapToLong(wanted -> wanted.first().sizeBytes()).sum();
      LongConsumer counted = this::received;
      this.transfer =
          new FileTransfer(
              disk,
              places,
              check,
              counted,
              () -> stopped || failure.get() != null,
              complaints::add);
    }

    private void received(long length) {
      long all = received.addAndGet(length);
      long nanos = Math.max(1, System.nanoTime() - began);
      progress.accept(
          new FetchProgress(
              Math.min(total, done.addAndGet(length)), total, (long) (all * 1e9 / nanos)));
      pace.accept(length);
    }

    void run() throws IOException {
      List<Thread> others = new ArrayList<>();
      for (int i = 1; i < Math.min(streams, queue.size()); i++) {
        int turn = i;
        others.add(
            Thread.ofPlatform().name("holdfast-fetch-" + i).daemon().start(() -> getAll(turn)));
      }
      getAll(0);
      try {
        for (Thread other : others) {
          other.join();
        }
      } catch (InterruptedException e) {
        stop();
        Thread.currentThread().interrupt();
      }
      Exception failed = failure.get();
      if (failed instanceof IOException e) {
        throw e;
      } else if (failed instanceof RuntimeException e) {
        throw e;
      }
    }

    private void getAll(int turn) {
      try {
        int next = turn;
        for (WantedFile wanted = queue.poll(); wanted != null; wanted = queue.poll()) {
          get(wanted, next++);
          if (stopped || failure.get() != null) {
            return;
          }
        }
      } catch (IOException | RuntimeException e) {
        failure.compareAndSet(null, e);
      }
    }

    private void get(WantedFile wanted, int turn) throws IOException {
      Path file = places.file(wanted.kind(), wanted.name());
      done.addAndGet(keepBeginning(wanted, file));
      switch (transfer.get(wanted, turn)) {
        case READY -> {
          transfer.place(wanted.kind(), wanted.name());
          digests.forget(file);
          files.incrementAndGet();
          bytes.addAndGet(wanted.first().sizeBytes());
          usable(wanted.name(), true);
        }
        case FAILED -> usable(wanted.name(), false);
        case VANISHED -> disk.delete(places.partial(wanted.kind(), wanted.name()));
        case STOPPED -> {}
      }
    }

    /** A segment that has grown goes on where it was; says how much is there already. */
    private long keepBeginning(WantedFile wanted, Path file) throws IOException {
      Path partial = places.partial(wanted.kind(), wanted.name());
      if (wanted.kind() == FileKind.SEGMENT && disk.exists(file) && !disk.exists(partial)) {
        disk.createDirectories(places.partial(wanted.kind()));
        disk.move(file, partial);
      }
      if (!disk.exists(partial)) {
        return 0;
      }
      try (DiskFile there = disk.openForReading(partial)) {
        return Math.min(there.sizeBytes(), wanted.first().sizeBytes());
      }
    }
  }

  private void usable(String name, boolean now) {
    synchronized (unusable) {
      if (now) {
        unusable.remove(name);
      } else {
        unusable.add(name);
      }
    }
  }
}

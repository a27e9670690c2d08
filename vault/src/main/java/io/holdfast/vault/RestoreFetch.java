package io.holdfast.vault;

import io.holdfast.journal.ArrivedPiece;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.SegmentAssembly;
import io.holdfast.journal.SegmentPiece;
import io.holdfast.journal.SegmentPieces;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the journal that a plan names into a directory, and hands its pieces on in their order
 * while others are fetched. What is there already and is what it should be is not fetched again, so
 * an interrupted one is gone on with. For one thread; others fetch for it.
 */
final class RestoreFetch {
  /** Enough to keep two cores busy while a store on the network answers; each takes some 20 MiB. */
  static final int AT_ONCE = 4;

  /** Pieces that are fetched, or wait to be taken: a slow one holds up nobody at once. */
  private static final int AHEAD = 3 * AT_ONCE;

  private final RestoreSources sources;
  private final Path segments;
  private final DataKey dataKey;
  private final RestorePlan plan;
  private final Telling telling;
  private final Map<Path, Long> sizes = new HashMap<>();
  private final boolean interrupted; // whether something is there already
  private long doneBytes;
  private volatile long lastNanos = System.nanoTime();

  /**
   * @param segments directory of the segments; made if it does not exist
   */
  RestoreFetch(
      RestoreSources sources, Path segments, DataKey dataKey, RestorePlan plan, Telling telling)
      throws IOException {
    this.sources = sources;
    this.segments = segments;
    this.dataKey = dataKey;
    this.plan = plan;
    this.telling = telling;
    Files.createDirectories(segments);
    this.interrupted = !SystemDisk.INSTANCE.list(segments).isEmpty();
  }

  /** An object is needed that no repository has whole. */
  static final class NotFetched extends Exception {
    private static final long serialVersionUID = 1L;
    private final HoldfastException why;

    NotFetched(HoldfastException why) {
      super(why);
      this.why = why;
    }

    HoldfastException why() {
      return why;
    }
  }

  /** When the last object was there, as {@link System#nanoTime} tells it. */
  long lastNanos() {
    return lastNanos;
  }

  /**
   * Brings all of it, durably.
   *
   * @param taking gets each piece in turn, on this thread
   */
  void run(Consumer<ArrivedPiece> taking) throws IOException, NotFetched {
    telling.progress("fetch", 0, plan.sizeBytes());
    try (SegmentAssembly assembly = new SegmentAssembly(SystemDisk.INSTANCE, segments, dataKey)) {
      handOn(assembly, tasks(assembly).iterator(), taking);
    }
    settle();
  }

  private List<Callable<List<ArrivedPiece>>> tasks(SegmentAssembly assembly) {
    List<Callable<List<ArrivedPiece>>> tasks = new ArrayList<>();
    for (Segment segment : plan.base().manifest().segments()) {
      for (PieceRef piece : plan.pieces(segment)) {
        tasks.add(() -> List.of(piece(assembly, segment, piece)));
      }
    }
    for (RestorePlan.TailRef tail : plan.tails()) {
      tasks.add(() -> tail(assembly, tail));
    }
    return tasks;
  }

  private void handOn(
      SegmentAssembly assembly,
      Iterator<Callable<List<ArrivedPiece>>> tasks,
      Consumer<ArrivedPiece> taking)
      throws IOException, NotFetched {
    Deque<Future<List<ArrivedPiece>>> running = new ArrayDeque<>();
    Path written = null;
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofPlatform().name("holdfast-restore-", 0).daemon().factory())) {
      try {
        while (tasks.hasNext() || !running.isEmpty()) {
          while (tasks.hasNext() && running.size() < AHEAD) {
            running.add(pool.submit(tasks.next()));
          }
          for (ArrivedPiece piece : arrived(running.removeFirst())) {
            SegmentAssembly.Placed placed = piece.placed();
            sizes.merge(placed.file(), placed.offset() + placed.sizeBytes(), Math::max);
            if (written != null && !written.equals(placed.file())) {
              assembly.complete(written);
            }
            written = placed.file();
            taking.accept(piece);
            doneBytes += placed.sizeBytes();
            telling.progress("fetch", doneBytes, plan.sizeBytes());
          }
        }
      } finally {
        running.forEach(one -> one.cancel(false));
      }
    }
  }

  private static List<ArrivedPiece> arrived(Future<List<ArrivedPiece>> one)
      throws IOException, NotFetched {
    try {
      return one.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case HoldfastException coded -> throw new NotFetched(coded);
        case IOException io -> throw io;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IllegalStateException("cannot fetch", e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while it was fetched", e);
    }
  }

  private Path file(long firstOp) {
    return segments.resolve(String.format(Locale.ROOT, "%020d.segment", firstOp));
  }

  private ArrivedPiece piece(SegmentAssembly assembly, Segment segment, PieceRef piece)
      throws IOException {
    byte[] sha256 = HexFormat.of().parseHex(piece.sha256());
    Path file = file(segment.firstOp());
    byte[] there = interrupted ? there(file, piece, sha256) : null;
    ArrivedPiece arrived =
        there != null
            ? assembly.write(there, sha256)
            : sources.piece(
                segment, piece, content -> placed(assembly, file, piece, content, sha256));
    lastNanos = System.nanoTime();
    return arrived;
  }

  private static ArrivedPiece placed(
      SegmentAssembly assembly, Path file, PieceRef piece, byte[] content, byte[] sha256)
      throws IOException {
    ArrivedPiece arrived = assembly.write(content, sha256);
    SegmentAssembly.Placed placed = arrived.placed();
    if (!placed.file().equals(file) || placed.offset() != piece.offset()) {
      throw new HoldfastException(
          "object-damaged",
          "it belongs to byte " + placed.offset() + " of " + placed.file().getFileName(),
          "");
    }
    return arrived;
  }

  /** What an interrupted restore brought of a piece; null when it did not, or it is not right. */
  private byte @Nullable [] there(Path file, PieceRef piece, byte[] sha256) throws IOException {
    long end = piece.offset() + piece.sizeBytes();
    if (!Files.exists(file) || Files.size(file) < end) {
      return null;
    }
    try (SegmentPieces in =
        SegmentPieces.open(SystemDisk.INSTANCE, file, dataKey, piece.offset(), end)) {
      SegmentPiece found = in.next(Math.toIntExact(piece.sizeBytes()));
      return found != null && Arrays.equals(found.sha256(), sha256) ? found.content() : null;
    } catch (HoldfastException e) {
      return null; // damaged, or another's: it is fetched
    }
  }

  private List<ArrivedPiece> tail(SegmentAssembly assembly, RestorePlan.TailRef ref)
      throws IOException {
    List<ArrivedPiece> arrived = new ArrayList<>();
    for (SegmentPiece piece : sources.tail(ref).pieces()) {
      if (piece.firstOp() > 0 && !plan.bound().needs(piece.firstOp(), piece.firstTime())) {
        break;
      }
      arrived.add(assembly.write(piece.content(), piece.sha256()));
    }
    lastNanos = System.nanoTime();
    return arrived;
  }

  /** What lies there beyond the plan is of another one, or was cut off. */
  private void settle() throws IOException {
    for (Path file : SystemDisk.INSTANCE.list(segments)) {
      Long size = sizes.get(file);
      if (size == null) {
        Files.delete(file);
      } else if (Files.size(file) > size) {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
          out.truncate(size);
          out.force(true);
        }
      }
    }
    SystemDisk.INSTANCE.syncDirectory(segments);
  }
}

package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.SegmentAssembly;
import io.holdfast.journal.SegmentPiece;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings the journal that a plan names into a directory. What is there already and is what it
 * should be is not fetched again, so an interrupted one is gone on with. An object that is missing
 * or not what it should be is got from the next repository that has what it held. For one thread;
 * others fetch for it.
 */
final class RestoreFetch {
  /** Enough to keep two cores busy while a store on the network answers; each takes some 20 MiB. */
  static final int AT_ONCE = 4;

  /** Objects that a prediction fetches. */
  private static final int SAMPLES = 2 * AT_ONCE;

  private static final int READ_BYTES = 1 << 18;

  private final Histories.History history;
  private final Path directory;
  private final JournalPlaces places;
  private final Incidents incidents;
  private final Telling telling;
  private final AtomicLong doneBytes = new AtomicLong();
  private final AtomicLong fetchedBytes = new AtomicLong();
  private final Map<PieceKey, List<Held>> holders = new HashMap<>();
  private final Set<Vault> down = ConcurrentHashMap.newKeySet(); // asked last from now on
  private long allBytes;

  /**
   * @param directory laid out as a node's
   */
  RestoreFetch(Histories.History history, Path directory, Incidents incidents, Telling telling) {
    this.history = history;
    this.directory = directory;
    this.places = JournalPlaces.in(directory);
    this.incidents = incidents;
    this.telling = telling;
    for (Histories.Source source : history.sources()) {
      for (Manifests.Named named : source.backups()) {
        for (Segment segment : named.manifest().segments()) {
          for (PieceRef piece : segment.pieces()) {
            hold(PieceKey.of(segment, piece), new Held(source.vault(), piece.object()));
          }
        }
      }
    }
  }

  /** What a piece is, wherever it lies. */
  private record PieceKey(long segmentFirstOp, long offset, String sha256) {
    static PieceKey of(Segment segment, PieceRef piece) {
      return new PieceKey(segment.firstOp(), piece.offset(), piece.sha256());
    }
  }

  /** An object of a repository. */
  record Held(Vault vault, String object) {}

  private void hold(PieceKey key, Held held) {
    List<Held> known = holders.computeIfAbsent(key, one -> new ArrayList<>(1));
    if (!known.contains(held)) {
      known.add(held);
    }
  }

  /** Bytes that were fetched of objects, when they were opened. */
  long fetchedBytes() {
    return fetchedBytes.get();
  }

  /**
   * Brings the data key.
   *
   * @throws HoldfastException what the last repository failed with
   */
  DataKey dataKey() {
    String keyId = history.sources().getFirst().backups().getLast().manifest().dataKeyId();
    byte[] identity = HexFormat.of().parseHex(keyId);
    Path file = directory.resolve("keys").resolve(DataKey.FILE);
    return any(
        ObjectKind.DATA_KEY,
        identity,
        content -> {
          Files.createDirectories(file.getParent());
          SystemDisk.INSTANCE.writeSecret(file, content);
          DataKey key = DataKey.read(file);
          if (!key.keyIdHex().equals(keyId)) {
            throw new HoldfastException(
                "object-damaged", "it holds data key " + key.keyIdHex() + ", not " + keyId, "");
          }
          return key;
        });
  }

  /** Takes an object's content, or refuses it. */
  interface Taking<T> {
    T take(byte[] content) throws IOException;
  }

  /** Takes an object, by its identity, from the first repository from which it is taken. */
  <T> T any(ObjectKind kind, byte[] identity, Taking<T> taking) {
    List<Held> held =
        history.sources().stream()
            .map(source -> source.vault())
            .map(vault -> new Held(vault, vault.keys().objectName(kind, identity)))
            .toList();
    return any(held, taking);
  }

  private <T> T any(List<Held> held, Taking<T> taking) {
    HoldfastException failed = null;
    List<Held> order = new ArrayList<>(held);
    order.sort(Comparator.comparing(one -> down.contains(one.vault()))); // keeps the order else
    for (Held one : order) {
      try {
        byte[] content = one.vault().load(one.object());
        T taken = taking.take(content);
        fetchedBytes.addAndGet(content.length);
        return taken;
      } catch (HoldfastException e) {
        if (e.code().startsWith("disk-")) {
          throw e;
        }
        incidents.add(one.vault(), one.object(), e);
        failed = named(one, e);
        if (e.code().startsWith("repository-")) {
          down.add(one.vault());
        }
      } catch (IOException e) {
        throw DiskFaults.coded(e, directory);
      }
    }
    if (failed == null) {
      throw new IllegalStateException("what is fetched is held somewhere");
    }
    throw failed;
  }

  private static HoldfastException named(Held held, HoldfastException e) {
    return new HoldfastException(
        e.code(),
        held.object() + " in " + held.vault().repository().describe() + ": " + e.message(),
        "no repository that was named has it whole: name another one that has, or an earlier moment",
        e);
  }

  /**
   * Brings the segments of a plan.
   *
   * @throws HoldfastException an object is needed that no repository has whole
   */
  void segments(RestorePlan plan, DataKey dataKey) throws IOException {
    allBytes = plan.sizeBytes();
    doneBytes.set(0);
    Files.createDirectories(places.segments());
    Map<Path, Long> sizes = new HashMap<>();
    List<Callable<Void>> tasks = new ArrayList<>();
    try (SegmentAssembly assembly =
        new SegmentAssembly(SystemDisk.INSTANCE, places.segments(), dataKey)) {
      for (Segment segment : plan.base().manifest().segments()) {
        Path file = file(segment.firstOp());
        for (PieceRef piece : plan.pieces(segment)) {
          sizes.merge(file, piece.offset() + piece.sizeBytes(), Math::max);
          tasks.add(() -> piece(assembly, file, segment, piece));
        }
      }
      for (RestorePlan.TailRef tail : plan.tails()) {
        tasks.add(() -> tail(assembly, plan.bound(), tail, sizes));
      }
      inParallel(tasks);
    }
    settle(sizes);
  }

  /** How many bytes of files come in a second, by a few objects; 0 when there are none. */
  double sampleBytesPerSecond(RestorePlan plan) {
    List<Callable<Void>> tasks = new ArrayList<>();
    long bytes = 0;
    for (Segment segment : plan.base().manifest().segments()) {
      for (PieceRef piece : plan.pieces(segment)) {
        if (tasks.size() < SAMPLES) {
          bytes += piece.sizeBytes();
          List<Held> held = holders.getOrDefault(PieceKey.of(segment, piece), List.of());
          tasks.add(
              () -> {
                int _ = any(held, content -> content.length);
                return null;
              });
        }
      }
    }
    long began = System.nanoTime();
    try {
      inParallel(tasks);
    } catch (IOException e) {
      throw DiskFaults.coded(e, directory);
    }
    return bytes * 1e9 / Math.max(1, System.nanoTime() - began);
  }

  private Path file(long firstOp) {
    return places.segments().resolve(String.format(Locale.ROOT, "%020d.segment", firstOp));
  }

  private @Nullable Void piece(SegmentAssembly assembly, Path file, Segment segment, PieceRef piece)
      throws IOException {
    byte[] sha256 = HexFormat.of().parseHex(piece.sha256());
    if (!isThere(file, piece.offset(), piece.sizeBytes(), sha256)) {
      List<Held> held = holders.getOrDefault(PieceKey.of(segment, piece), List.of());
      any(
          held,
          content -> {
            SegmentAssembly.Placed placed = assembly.write(content, sha256);
            if (!placed.file().equals(file) || placed.offset() != piece.offset()) {
              throw new HoldfastException(
                  "object-damaged",
                  "it belongs to byte " + placed.offset() + " of " + placed.file().getFileName(),
                  "");
            }
            return placed;
          });
    }
    done(piece.sizeBytes());
    return null;
  }

  /** Whether an interrupted restore brought it already. */
  private static boolean isThere(Path file, long offset, long sizeBytes, byte[] sha256)
      throws IOException {
    if (!Files.exists(file) || Files.size(file) < offset + sizeBytes) {
      return false;
    }
    MessageDigest digest = Digests.sha256();
    ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long at = offset;
      long end = offset + sizeBytes;
      while (at < end) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
        int read = in.read(buffer, at);
        if (read <= 0) {
          return false;
        }
        at += read;
        digest.update(buffer.flip());
      }
    }
    return Arrays.equals(digest.digest(), sha256);
  }

  private @Nullable Void tail(
      SegmentAssembly assembly,
      RestorePlan.Bound bound,
      RestorePlan.TailRef ref,
      Map<Path, Long> sizes)
      throws IOException {
    Tail tail = tail(ref);
    for (SegmentPiece piece : tail.pieces()) {
      if (piece.firstOp() > 0 && !bound.needs(piece.firstOp(), piece.firstTime())) {
        break;
      }
      SegmentAssembly.Placed placed = assembly.write(piece.content(), piece.sha256());
      synchronized (sizes) {
        sizes.merge(placed.file(), placed.offset() + placed.sizeBytes(), Math::max);
      }
    }
    done(ref.sizeBytes());
    return null;
  }

  private Tail tail(RestorePlan.TailRef ref) {
    HoldfastException failed = null;
    for (Histories.Source source : history.sources()) {
      Tails tails = new Tails(source.vault(), history.branch().id());
      try {
        Tail tail = tails.find(ref.firstOp());
        if (tail != null && tail.lastOp() == ref.lastOp()) {
          fetchedBytes.addAndGet(ref.sizeBytes());
          return tail;
        }
      } catch (HoldfastException e) {
        incidents.add(source.vault(), tails.name(ref.firstOp()), e);
        failed = named(new Held(source.vault(), tails.name(ref.firstOp())), e);
      }
    }
    throw failed == null
        ? new HoldfastException(
            "object-missing", ref.name() + " went away while it was fetched", "try again")
        : failed;
  }

  private void done(long bytes) {
    telling.progress("fetch", doneBytes.addAndGet(bytes), allBytes);
  }

  /** What lies there beyond the plan is of another one, or was cut off. */
  private void settle(Map<Path, Long> sizes) throws IOException {
    for (Path file : SystemDisk.INSTANCE.list(places.segments())) {
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
    SystemDisk.INSTANCE.syncDirectory(places.segments());
  }

  private void inParallel(List<Callable<Void>> tasks) throws IOException {
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofPlatform().name("holdfast-restore-", 0).daemon().factory())) {
      List<Future<Void>> running = new ArrayList<>();
      tasks.forEach(task -> running.add(pool.submit(task)));
      try {
        for (Future<Void> one : running) {
          one.get();
        }
      } catch (ExecutionException e) {
        running.forEach(one -> one.cancel(false));
        switch (e.getCause()) {
          case IOException io -> throw io;
          case RuntimeException failure -> throw failure;
          case null, default -> throw new IllegalStateException("cannot fetch", e);
        }
      } catch (InterruptedException e) {
        running.forEach(one -> one.cancel(false));
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while it was fetched", e);
      }
    }
  }
}

package io.holdfast.vault;

import io.holdfast.journal.CheckpointPages;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.JournalVerifier;
import io.holdfast.journal.Pace;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.Disk;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.vault.BackupManifest.CheckpointRef;
import io.holdfast.vault.BackupManifest.Erasure;
import io.holdfast.vault.BackupManifest.KeyRef;
import io.holdfast.vault.BackupManifest.Segment;
import io.holdfast.vault.SourceFiles.SegmentFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes one backup: what the repository lacks of a source's journal, checkpoint and keys goes into
 * it, then a manifest that names all. The manifest comes last, so a backup that has one is whole;
 * interrupted before, it goes on where it was when it is run again, since what is there is not sent
 * again. For one thread; others read and send for it.
 */
public final class Backup {
  /** A checkpoint may be gone when it is opened, since a newer one is there: then look again. */
  private static final int CHECKPOINT_TRIES = 4;

  /** An expiry is done sooner; what is scheduled then comes late rather than not at all. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final Disk disk = SystemDisk.INSTANCE;
  private final Clock clock;
  private final Vault vault;
  private final BackupSource source;
  private final Options options;
  private final int pieceBytes;
  private final Telling telling;
  private final DataKey dataKey;
  private final List<String> warnings = new ArrayList<>();
  private final AtomicLong readBytes = new AtomicLong();
  private final LongConsumer pace;
  private long checkpointOp;
  private final AtomicLong allBytes = new AtomicLong();

  private Backup(
      Clock clock,
      Vault vault,
      BackupSource source,
      Options options,
      int pieceBytes,
      Telling telling) {
    this.pieceBytes = pieceBytes;
    this.clock = clock;
    this.vault = vault;
    this.source = source.now();
    this.options = options;
    this.telling = telling;
    this.dataKey = this.source.dataKey();
    this.pace = options.bytesPerSecond() == 0 ? bytes -> {} : paced(options.bytesPerSecond());
  }

  /**
   * How a backup goes about it.
   *
   * @param replayBoundTransfers a checkpoint is sent when more were created after the last one
   * @param bytesPerSecond of files that are read; 0 for as fast as it goes
   * @param atOnce how many files are read and sent at once; each takes some 20 MiB of memory
   */
  public record Options(long replayBoundTransfers, long bytesPerSecond, int atOnce) {
    /** A restore replays them within ten seconds or so. */
    public static final long REPLAY_BOUND_TRANSFERS = 10_000_000;

    /** Enough to keep two cores busy while a store on the network answers. */
    public static final int AT_ONCE = 4;

    public static final Options USUAL = new Options(REPLAY_BOUND_TRANSFERS, 0, AT_ONCE);

    public Options {
      if (replayBoundTransfers < 0 || bytesPerSecond < 0 || atOnce < 1) {
        throw new IllegalArgumentException("options of a backup out of range");
      }
    }
  }

  /**
   * What a backup took.
   *
   * @param name of its manifest
   * @param readBytes of the source's files
   * @param reusedBytes of the source's files that earlier backups have
   * @param checkpointOp of the checkpoint that was sent; 0 for none
   * @param warnings what is not as it should be, though the backup is whole
   */
  public record Result(
      String name,
      BackupManifest manifest,
      long readBytes,
      long reusedBytes,
      long checkpointOp,
      double seconds,
      List<String> warnings) {
    public Result {
      warnings = List.copyOf(warnings);
    }

    public Manifests.Named named() {
      return new Manifests.Named(name, manifest);
    }

    /** Millions of bytes of the source in a second. */
    public double megabytesPerSecond() {
      return manifest.sourceBytes() / 1e6 / Math.max(seconds, 1e-3);
    }
  }

  /**
   * Takes a backup.
   *
   * @throws HoldfastException codes {@code journal-damaged} (naming the file; then there is no new
   *     manifest), {@code no-journal}, those of {@link Repository}
   */
  public static Result run(
      Vault vault, BackupSource source, Options options, Clock clock, Telling telling) {
    return run(vault, source, options, BackupPlan.PIECE_BYTES, clock, telling);
  }

  /**
   * As the other.
   *
   * @param pieceBytes a test has small ones
   */
  static Result run(
      Vault vault,
      BackupSource source,
      Options options,
      int pieceBytes,
      Clock clock,
      Telling telling) {
    Backup backup = new Backup(clock, vault, source, options, pieceBytes, telling);
    try (Turn turn = new Writers(vault, clock, Pause.SYSTEM).enter(Writers.Role.BACKUP, PATIENCE)) {
      return backup.run(turn);
    } catch (IOException e) {
      throw DiskFaults.coded(e, source.keys());
    }
  }

  /** Waits until nobody deletes from the repository. */
  static Turn turn(Vault vault, Clock clock) {
    return new Writers(vault, clock, Pause.SYSTEM).enter(Writers.Role.BACKUP, PATIENCE);
  }

  private Result run(Turn turn) throws IOException {
    long began = clock.monotonicNanos();
    List<Manifests.Named> known = known();
    Sender sender = new Sender(vault);
    List<BackupManifest> manifests = known.stream().map(Manifests.Named::manifest).toList();
    BackupPlan first = plan(manifests, sender);
    allBytes.set(first.bytesToRead());
    List<CheckpointRef> checkpoints = checkpoints(first, sender);
    // Looked at anew: the journal went on, and so it has all up to the checkpoint's op.
    BackupPlan plan = plan(manifests, sender);
    allBytes.set(readBytes.get() + plan.bytesToRead());
    List<SegmentUpload.Done> segments = segments(plan, sender);
    long lastOp = segments.getLast().segment().lastOp();
    if (checkpoints.removeIf(checkpoint -> checkpoint.op() > lastOp)) {
      // A source may end its journal before what it has on disk; the next backup has use for it.
      checkpointOp = 0;
    }
    List<Erasure> erasures = erasures(plan, segments);
    BackupKeys keys = new BackupKeys(vault, sender, source.keys(), dataKey);
    List<KeyRef> sent = keys.send(disk);
    warnings.addAll(keys.destroy(manifests, sent, erasures));
    BackupManifest manifest =
        manifest(known, segments, checkpoints, sent, erasures, sender.sentBytes(), began);
    return new Result(
        publish(vault, manifest, turn),
        manifest,
        readBytes.get(),
        Math.max(0, manifest.sourceBytes() - readBytes.get()),
        checkpointOp,
        (clock.monotonicNanos() - began) / 1e9,
        warnings);
  }

  private static List<Erasure> erasures(BackupPlan plan, List<SegmentUpload.Done> segments) {
    TreeMap<Long, Erasure> all = new TreeMap<>();
    plan.erasures().forEach(erasure -> all.put(erasure.op(), erasure));
    segments.forEach(done -> done.erasures().forEach(erasure -> all.put(erasure.op(), erasure)));
    return List.copyOf(all.values());
  }

  private List<Manifests.Named> known() {
    Manifests.All all = Manifests.all(vault);
    warnings.addAll(all.faults());
    String ledgerId = source.lineage().ledgerId().toHex();
    return all.backups().stream()
        .filter(named -> named.manifest().ledgerId().equals(ledgerId))
        .toList();
  }

  private BackupPlan plan(List<BackupManifest> known, Sender sender) throws IOException {
    return BackupPlan.of(
        SourceFiles.of(disk, source),
        source.lineage(),
        dataKey.keyIdHex(),
        known,
        pieceBytes,
        sender::isThere);
  }

  /** The checkpoints of this backup: the last that is there, and the newest if it is sent. */
  private List<CheckpointRef> checkpoints(BackupPlan plan, Sender sender) throws IOException {
    CheckpointRef there = plan.newest(plan.parts().getLast().file().firstOp());
    List<CheckpointRef> found = new ArrayList<>();
    if (there != null) {
      found.add(there);
    }
    CheckpointRef sent = sendCheckpoint(plan, there, sender);
    if (sent != null) {
      found.add(sent);
    }
    return found;
  }

  private @Nullable CheckpointRef sendCheckpoint(
      BackupPlan plan, @Nullable CheckpointRef there, Sender sender) throws IOException {
    for (int tries = 0; tries < CHECKPOINT_TRIES; tries++) {
      List<Path> files = source.checkpoints();
      long newest = files.isEmpty() ? 0 : SourceFiles.op(files.getLast());
      if (!BackupPlan.sendsCheckpoint(
          there, newest, transfersAfter(plan, there), options.replayBoundTransfers())) {
        return null;
      }
      try (CheckpointPages pages = CheckpointPages.open(disk, files.getLast(), dataKey)) {
        allBytes.addAndGet((long) pages.pages() * CheckpointPages.PAGE_BYTES);
        CheckpointUpload upload =
            new CheckpointUpload(
                vault, sender, bytes -> read("checkpoint", bytes), options.atOnce());
        for (CheckpointRef earlier : plan.checkpoints()) {
          upload.know(PageMap.parse(vault.load(earlier.map())));
        }
        CheckpointRef sent = upload.send(pages);
        checkpointOp = sent == null ? 0 : sent.op();
        if (sent == null) {
          warnings.add(
              "the repository has the map of checkpoint "
                  + pages.op()
                  + ", but not all pages: the backup is without it");
        }
        return sent;
      } catch (NoSuchFileException | FileNotFoundException e) {
        // A newer one took its place.
      } catch (HoldfastException e) {
        if (!e.code().equals("checkpoint-damaged")) {
          throw e;
        }
        // The journal is whole without it; a restore only replays more.
        warnings.add(e.message() + "; the backup is without it");
        return null;
      }
    }
    warnings.add("checkpoints came and went while they were read; the backup is without a new one");
    return null;
  }

  /** What a restore would replay, to within the segment that is written. */
  private long transfersAfter(BackupPlan plan, @Nullable CheckpointRef there) throws IOException {
    if (there == null) {
      return Long.MAX_VALUE;
    }
    JournalVerifier verifier = new JournalVerifier(disk, dataKey);
    long created = 0;
    for (BackupPlan.Part part : plan.parts().reversed()) {
      if (part.file().firstOp() <= there.op() || created > options.replayBoundTransfers()) {
        break;
      }
      created += part.file().sealed() ? verifier.describe(part.file().file()).created() : 0;
    }
    return created;
  }

  private List<SegmentUpload.Done> segments(BackupPlan plan, Sender sender) throws IOException {
    SegmentFile last = plan.parts().getLast().file();
    try (InFlight<SegmentUpload.Done> sending =
        new InFlight<>("holdfast-backup-", options.atOnce())) {
      SegmentUpload upload =
          new SegmentUpload(
              disk, dataKey, pieceBytes, sender, bytes -> read("journal", bytes), sending::failed);
      for (BackupPlan.Part part : plan.parts()) {
        sending.submit(() -> upload.send(part, part.file().equals(last)));
      }
      List<SegmentUpload.Done> done = sending.finish();
      checkFollows(plan, done);
      return done;
    }
  }

  /** All ops from 1 on are there, each once. */
  private static void checkFollows(BackupPlan plan, List<SegmentUpload.Done> done) {
    long expected = 1;
    for (int i = 0; i < done.size(); i++) {
      Segment segment = done.get(i).segment();
      if (segment.firstOp() != expected) {
        throw SegmentUpload.damaged(
            plan.parts().get(i).file(),
            0,
            "it begins with op " + segment.firstOp() + ", not " + expected);
      }
      expected = segment.lastOp() + 1;
    }
  }

  private BackupManifest manifest(
      List<Manifests.Named> known,
      List<SegmentUpload.Done> done,
      List<CheckpointRef> checkpoints,
      List<KeyRef> keys,
      List<Erasure> erasures,
      long sentBytes,
      long began) {
    List<Segment> segments = done.stream().map(SegmentUpload.Done::segment).toList();
    long lastOp = segments.getLast().lastOp();
    long sourceBytes =
        segments.stream().mapToLong(Segment::sizeBytes).sum()
            + (checkpoints.isEmpty() ? 0 : checkpoints.getLast().sizeBytes());
    return new BackupManifest(
        BackupManifest.FORMAT,
        clock.wallNanos(),
        source.running() ? BackupManifest.Kind.HOT : BackupManifest.Kind.COLD,
        known.stream().map(Manifests.Named::name).toList(),
        source.site(),
        source.node(),
        source.lineage().ledgerId().toHex(),
        dataKey.keyIdHex(),
        HexFormat.of().formatHex(source.lineage().encode()),
        lastOp,
        segments.stream().mapToLong(Segment::lastTime).max().orElse(0),
        done.getLast().chain(),
        segments,
        checkpoints,
        keys,
        erasures,
        sourceBytes,
        sentBytes,
        (clock.monotonicNanos() - began) / 1_000_000);
  }

  /** Without a turn an expiry may have deleted what was to be reused: then there is no backup. */
  static String publish(Vault vault, BackupManifest manifest, Turn turn) {
    turn.check();
    String name = Manifests.publish(vault, manifest);
    try {
      turn.check();
    } catch (HoldfastException e) {
      vault.repository().delete(name);
      throw e;
    }
    return name;
  }

  private void read(String step, long bytes) {
    telling.progress(step, readBytes.addAndGet(bytes), allBytes.get());
    pace.accept(bytes);
  }

  /** A pace waits no longer than a second at a time, so what is read counts in small parts. */
  private static LongConsumer paced(long bytesPerSecond) {
    Pace pace = new Pace(bytesPerSecond);
    long part = Math.max(1, bytesPerSecond / 16);
    return bytes -> {
      for (long left = bytes; left > 0; left -= part) {
        pace.accept(Math.min(part, left));
      }
    };
  }
}

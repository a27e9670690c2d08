package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.vault.BackupManifest.PieceRef;
import io.holdfast.vault.BackupManifest.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The repositories that a restore takes objects from. One that is missing or not what it should be
 * is got from the next repository that has what it held, and named. For any thread.
 */
final class RestoreSources {
  private final Histories.History history;
  private final Path directory;
  private final Incidents incidents;
  private final AtomicLong fetchedBytes = new AtomicLong();
  private final Map<PieceKey, List<Held>> holders = new HashMap<>(); // not changed once made
  private final Set<Vault> down = ConcurrentHashMap.newKeySet(); // asked last from now on

  /**
   * @param directory that is restored into, for messages
   */
  RestoreSources(Histories.History history, Path directory, Incidents incidents) {
    this.history = history;
    this.directory = directory;
    this.incidents = incidents;
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
   * Brings the data key, and writes it to a file.
   *
   * @throws HoldfastException what the last repository failed with
   */
  DataKey dataKey(Path file) {
    return dataKey(
        content -> {
          Files.createDirectories(file.getParent());
          SystemDisk.INSTANCE.writeSecret(file, content);
          return DataKey.read(file);
        });
  }

  /** The data key, for memory alone. */
  DataKey dataKey() {
    return dataKey(content -> DataKey.parse(content, Path.of(DataKey.FILE)));
  }

  private DataKey dataKey(Taking<DataKey> taking) {
    String keyId = history.sources().getFirst().backups().getLast().manifest().dataKeyId();
    byte[] identity = HexFormat.of().parseHex(keyId);
    return any(
        ObjectKind.DATA_KEY,
        identity,
        content -> {
          DataKey key = taking.take(content);
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

  /** Takes a piece from the first repository from which it is taken. */
  <T> T piece(Segment segment, PieceRef piece, Taking<T> taking) {
    return any(holders.getOrDefault(PieceKey.of(segment, piece), List.of()), taking);
  }

  /** A tail, from the first repository that has it whole. */
  Tail tail(RestorePlan.TailRef ref) {
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
}

package io.holdfast.vault;

import io.holdfast.journal.CheckpointAssembly;
import io.holdfast.journal.CheckpointPages;
import io.holdfast.journal.DataKey;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.vault.BackupManifest.CheckpointRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings the newest checkpoint before a moment. Without one the journal is replayed from its
 * beginning, with the same result: so one that cannot be had is passed over for one of another
 * repository, or an older one. For one thread.
 */
final class CheckpointFetch {
  /** Each holds up to 4 MiB; pages of one checkpoint lie in objects of a few earlier ones. */
  private static final int OBJECTS_KEPT = 12;

  private final Histories.History history;
  private final Path directory;
  private final DataKey dataKey;
  private final Incidents incidents;
  private final Telling telling;
  private long fetchedBytes;

  /**
   * @param directory of checkpoints
   */
  CheckpointFetch(
      Histories.History history,
      Path directory,
      DataKey dataKey,
      Incidents incidents,
      Telling telling) {
    this.history = history;
    this.directory = directory;
    this.dataKey = dataKey;
    this.incidents = incidents;
    this.telling = telling;
  }

  private record Candidate(Vault vault, CheckpointRef ref) {}

  /** Bytes that were fetched, when they were opened. */
  long fetchedBytes() {
    return fetchedBytes;
  }

  /** Brings it; gives its op, 0 when there is none. */
  long newest(long upToOp) throws IOException {
    for (Candidate candidate : candidates(upToOp)) {
      try {
        write(candidate);
        return candidate.ref().op();
      } catch (HoldfastException e) {
        if (e.code().startsWith("disk-")) {
          throw e;
        }
        incidents.add(candidate.vault(), "checkpoint after op " + candidate.ref().op(), e);
      }
    }
    return 0;
  }

  /** The newest first; of equal ones, that of the repository that was named first. */
  private List<Candidate> candidates(long upToOp) {
    List<Candidate> candidates = new ArrayList<>();
    for (Histories.Source source : history.sources()) {
      source.backups().stream()
          .flatMap(named -> named.manifest().checkpoints().stream())
          .filter(ref -> ref.op() <= upToOp)
          .map(ref -> new Candidate(source.vault(), ref))
          .distinct()
          .forEach(candidates::add);
    }
    candidates.sort(Comparator.comparingLong((Candidate one) -> one.ref().op()).reversed());
    return candidates;
  }

  private void write(Candidate candidate) throws IOException {
    CheckpointRef ref = candidate.ref();
    PageMap map;
    try {
      map = PageMap.parse(candidate.vault().load(ref.map()));
    } catch (HoldfastException e) {
      throw named(ref.map(), e);
    }
    Pages pages = new Pages(candidate.vault(), map);
    CheckpointAssembly.write(SystemDisk.INSTANCE, directory, dataKey, map.frame(), pages::page);
  }

  private static HoldfastException named(String object, HoldfastException e) {
    return new HoldfastException(e.code(), object + ": " + e.message(), e.hint(), e);
  }

  /** The pages of a checkpoint, and the objects that were used last. */
  private final class Pages {
    private final Vault vault;
    private final PageMap map;
    private final Map<String, byte[]> objects =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > OBJECTS_KEPT;
          }
        };

    Pages(Vault vault, PageMap map) {
      this.vault = vault;
      this.map = map;
    }

    byte[] page(int number) {
      if (number >= map.pages()) {
        throw new HoldfastException("object-damaged", "its map has too few pages", "");
      }
      String name = map.object(number);
      byte[] object = objects.get(name);
      if (object == null) {
        object = load(name);
        objects.put(name, object);
        telling.progress(
            "checkpoint",
            (long) number * CheckpointPages.PAGE_BYTES,
            (long) map.pages() * CheckpointPages.PAGE_BYTES);
      }
      long from = (long) map.place(number) * CheckpointPages.PAGE_BYTES;
      if (from + CheckpointPages.PAGE_BYTES > object.length) {
        throw new HoldfastException("object-damaged", name + " has too few pages", "");
      }
      byte[] page = Arrays.copyOfRange(object, (int) from, (int) from + CheckpointPages.PAGE_BYTES);
      if (!Arrays.equals(Digests.of(page), map.digest(number))) {
        throw new HoldfastException(
            "object-damaged", name + " holds another page " + number + " than its map says", "");
      }
      return page;
    }

    private byte[] load(String name) {
      try {
        byte[] object = vault.load(name);
        fetchedBytes += object.length;
        return object;
      } catch (HoldfastException e) {
        throw named(name, e);
      }
    }
  }
}

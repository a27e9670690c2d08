package io.holdfast.vault;

import io.holdfast.journal.CheckpointAssembly;
import io.holdfast.journal.CheckpointPages;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.BackupManifest.CheckpointRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest checkpoint before a moment, and brings its pages. Without one the journal is
 * replayed from its beginning, with the same result: so one that cannot be had is passed over for
 * one of another repository, or an older one. For one thread; the pages of what was found may be
 * asked for by another.
 */
final class CheckpointFetch {
  /** Each holds up to 4 MiB; pages of one checkpoint lie in objects of a few earlier ones. */
  private static final int OBJECTS_KEPT = 12;

  private final Histories.History history;
  private final Incidents incidents;
  private final AtomicLong fetchedBytes = new AtomicLong();
  private final Set<Candidate> passedOver = new HashSet<>();

  CheckpointFetch(Histories.History history, Incidents incidents) {
    this.history = history;
    this.incidents = incidents;
  }

  private record Candidate(Vault vault, CheckpointRef ref) {}

  /** One that its map says how to make; whether that can be done, its pages will tell. */
  final class Found {
    private final Candidate candidate;
    private final PageMap map;
    private final Pages pages;

    private Found(Candidate candidate, PageMap map) {
      this.candidate = candidate;
      this.map = map;
      this.pages = new Pages(candidate.vault(), map);
    }

    long op() {
      return candidate.ref().op();
    }

    byte[] frame() {
      return map.frame();
    }

    /** Each page in turn, for one thread. */
    byte[] page(int number) {
      return pages.page(number);
    }

    /** It cannot be used: it is named, and not found again. */
    void passOver(HoldfastException why) {
      CheckpointFetch.this.passOver(candidate, why);
    }
  }

  /** Bytes that were fetched, when they were opened. */
  long fetchedBytes() {
    return fetchedBytes.get();
  }

  /** The newest that is after an op that a plan brings; null when there is none. */
  @Nullable Found newest(RestorePlan plan) {
    for (Candidate candidate : candidates(Math.min(plan.bound().op(), plan.neededLastOp()))) {
      if (passedOver.contains(candidate)) {
        continue;
      }
      try {
        PageMap map = map(candidate);
        if (CheckpointAssembly.timeNanos(map.frame()) <= plan.bound().timeNanos()) {
          return new Found(candidate, map);
        }
      } catch (HoldfastException e) {
        passOver(candidate, e);
      }
    }
    return null;
  }

  private void passOver(Candidate candidate, HoldfastException why) {
    passedOver.add(candidate);
    incidents.add(candidate.vault(), "checkpoint after op " + candidate.ref().op(), why);
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

  private PageMap map(Candidate candidate) {
    try {
      return PageMap.parse(candidate.vault().load(candidate.ref().map()));
    } catch (HoldfastException e) {
      throw named(candidate.ref().map(), e);
    }
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
        fetchedBytes.addAndGet(object.length);
        return object;
      } catch (HoldfastException e) {
        throw named(name, e);
      }
    }
  }
}

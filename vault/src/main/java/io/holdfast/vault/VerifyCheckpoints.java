package io.holdfast.vault;

import io.holdfast.journal.CheckpointPages;
import io.holdfast.journal.CheckpointProof;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Proves checkpoints: every page is the one that the map names, and all give the root. */
final class VerifyCheckpoints {
  /** Each holds up to 4 MiB; pages of one checkpoint lie in objects of a few earlier ones. */
  private static final int OBJECTS_KEPT = 12;

  private final VerifyObjects objects;
  private final Findings findings;
  private final ProofRecord.Earlier earlier;
  private final Map<String, Wanted> wanted = new LinkedHashMap<>();
  private final Map<String, ProofRecord.Checkpoint> proved = new TreeMap<>();
  private final Map<String, ProofRecord.Checkpoint> anew = new TreeMap<>();
  private final AtomicLong skipped = new AtomicLong();

  VerifyCheckpoints(VerifyObjects objects, Findings findings, ProofRecord.Earlier earlier) {
    this.objects = objects;
    this.findings = findings;
    this.earlier = earlier;
  }

  private record Wanted(BackupManifest.CheckpointRef ref, Set<String> backups) {
    String holds() {
      return "the checkpoint after op "
          + ref.op()
          + ": without it a restore begins with an earlier one, or replays from the beginning";
    }
  }

  void add(Manifests.Named named) {
    for (BackupManifest.CheckpointRef ref : named.manifest().checkpoints()) {
      wanted
          .computeIfAbsent(ref.map(), map -> new Wanted(ref, new TreeSet<>()))
          .backups()
          .add(named.name());
    }
  }

  Set<String> toFetch() {
    Set<String> names = new TreeSet<>();
    for (Wanted one : wanted.values()) {
      if (!earlier.checkpoints().containsKey(one.ref().map())) {
        names.add(one.ref().map());
        names.addAll(one.ref().objects());
      }
    }
    return names;
  }

  void prove(int atOnce) throws IOException {
    try (InFlight<Boolean> tasks = new InFlight<>("holdfast-verify-", atOnce)) {
      for (Wanted one : wanted.values()) {
        tasks.submit(() -> prove(one));
      }
      var _ = tasks.finish();
    }
  }

  private boolean prove(Wanted one) {
    ProofRecord.Checkpoint known = earlier.checkpoints().get(one.ref().map());
    ProofRecord.Checkpoint found = known == null ? proveAnew(one) : isThere(one, known);
    if (found == null) {
      return false;
    }
    synchronized (this) {
      proved.put(found.map(), found);
      if (known == null) {
        anew.put(found.map(), found);
      }
    }
    return true;
  }

  private ProofRecord.@Nullable Checkpoint isThere(Wanted one, ProofRecord.Checkpoint known) {
    boolean whole = true;
    Set<String> names = new TreeSet<>(known.objects());
    names.add(known.map());
    for (String name : names) {
      String fault = objects.missing(name, -1);
      if (fault.isEmpty()) {
        skipped.incrementAndGet();
      } else {
        whole = false;
        findings.add(name, fault, one.holds(), one.backups());
      }
    }
    return whole ? known : null;
  }

  private ProofRecord.@Nullable Checkpoint proveAnew(Wanted one) {
    String map = one.ref().map();
    try {
      PageMap pages = PageMap.parse(objects.load(map));
      CheckpointProof proof = new CheckpointProof(pages.frame());
      if (pages.pages() != proof.pages()) {
        throw new HoldfastException(
            "object-damaged", map + " names " + pages.pages() + " of " + proof.pages(), "");
      }
      if (!new Pages(one, pages).giveTo(proof)) {
        return null;
      }
      proof.finish();
      return new ProofRecord.Checkpoint(
          map, proof.op(), proof.root(), proof.chain(), List.copyOf(pages.objects()));
    } catch (HoldfastException e) {
      findings.add(map, e, one.holds(), one.backups());
      return null;
    }
  }

  /** The pages of a checkpoint in their order, and the objects that were used last. */
  private final class Pages {
    private final Wanted wanted;
    private final PageMap map;
    private final Set<String> damaged = new TreeSet<>();
    private final Map<String, byte[]> kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > OBJECTS_KEPT;
          }
        };

    Pages(Wanted wanted, PageMap map) {
      this.wanted = wanted;
      this.map = map;
    }

    /** False, and findings, when an object is not whole; then all others were looked at, too. */
    boolean giveTo(CheckpointProof proof) {
      for (int page = 0; page < map.pages(); page++) {
        String name = map.object(page);
        if (damaged.contains(name)) {
          continue;
        }
        try {
          byte[] content = page(name, page);
          if (damaged.isEmpty()) {
            proof.add(content);
          }
        } catch (HoldfastException e) {
          damaged.add(name);
          findings.add(name, e, wanted.holds(), wanted.backups());
        }
      }
      return damaged.isEmpty();
    }

    private byte[] page(String name, int page) {
      byte[] object = kept.get(name);
      if (object == null) {
        object = objects.load(name);
        kept.put(name, object);
      }
      long from = (long) map.place(page) * CheckpointPages.PAGE_BYTES;
      if (from + CheckpointPages.PAGE_BYTES > object.length) {
        throw new HoldfastException("object-damaged", name + " has too few pages", "");
      }
      byte[] content =
          Arrays.copyOfRange(object, (int) from, (int) from + CheckpointPages.PAGE_BYTES);
      if (!Arrays.equals(Digests.of(content), map.digest(page))) {
        throw new HoldfastException(
            "object-damaged", name + " holds another page " + page + " than its map says", "");
      }
      return content;
    }
  }

  /** What was proved of a checkpoint; null when it was not. */
  synchronized ProofRecord.@Nullable Checkpoint proved(BackupManifest.CheckpointRef ref) {
    return proved.get(ref.map());
  }

  long skipped() {
    return skipped.get();
  }

  synchronized List<ProofRecord.Checkpoint> records() {
    return List.copyOf(anew.values());
  }
}

package io.holdfast.vault;

import io.holdfast.journal.DataKey;
import io.holdfast.kernel.Clock;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Proves that backups can be restored, without restoring them: every object is fetched and opened,
 * segments are sealed again in memory and compared byte for byte by their digests, the chain is
 * computed from op 1 on and compared with the manifest's, checkpoints give their roots, keys fit.
 * What it found is signed and kept in the repository, if that takes it. For one thread.
 */
public final class Verify {
  /** Enough for two cores and a store on the network; each takes some 20 MiB of memory. */
  private static final int AT_ONCE = 4;

  private final Vault vault;
  private final Clock clock;
  private final VerifyObjects objects;
  private final Findings findings = new Findings();

  private Verify(Vault vault, Clock clock, Telling telling) {
    this.vault = vault;
    this.clock = clock;
    this.objects = new VerifyObjects(vault, telling);
  }

  /** How much is proved. */
  public sealed interface Mode {
    /** All. */
    record Whole() implements Mode {}

    /** What no run proved that began within this time; of the rest, that it is there. */
    record Since(Duration within) implements Mode {}

    /** So much of the objects, chosen by chance from a seed, each by itself. */
    record Sample(double percent, long seed) implements Mode {
      public Sample {
        if (!(percent > 0 && percent <= 100)) {
          throw new HoldfastException(
              "malformed-number",
              "a sample of " + percent + " %; allowed: more than 0, up to 100",
              "");
        }
      }
    }
  }

  /**
   * Proves backups.
   *
   * @param chosen names of manifests, or how their ids begin; none for all
   * @throws HoldfastException codes {@code no-such-backup}, and what repositories fail with
   */
  public static VerifyResult run(
      Vault vault, Collection<String> chosen, Mode mode, Clock clock, Telling telling) {
    try {
      return new Verify(vault, clock, telling).run(chosen, mode);
    } catch (IOException e) {
      throw DiskFaults.coded(e, Path.of(""));
    }
  }

  /**
   * When the last run began that proved all, or what was not proved lately: in nanoseconds since
   * 1970, 0 for never.
   */
  public static long lastNanos(Vault vault) {
    return ProofRecord.all(vault).stream()
        .filter(record -> !record.mode().equals(word(new Mode.Sample(1, 0))))
        .mapToLong(ProofRecord::at)
        .max()
        .orElse(0);
  }

  private VerifyResult run(Collection<String> chosen, Mode mode) throws IOException {
    long beganNanos = clock.monotonicNanos();
    long at = clock.wallNanos();
    Manifests.All all = Manifests.all(vault);
    for (int i = 0; i < all.lost().size(); i++) {
      findings.add(
          all.lost().get(i), all.faults().get(i), "a backup; which one is not known", List.of());
    }
    List<Manifests.Named> backups = choose(all.backups(), chosen);
    objects.list();
    VerifyKeys keys = new VerifyKeys(objects, findings);
    Map<Manifests.Named, DataKey> dataKeys = new LinkedHashMap<>();
    for (Manifests.Named named : backups) {
      DataKey dataKey = keys.dataKey(named);
      if (dataKey != null) {
        dataKeys.put(named, dataKey);
        keys.details(named, dataKey, erasures(all.backups(), named));
      }
    }
    Done done =
        switch (mode) {
          case Mode.Sample sample -> sample(sample, dataKeys);
          case Mode.Whole whole -> prove(all, dataKeys, ProofRecord.Earlier.NONE, chosen.isEmpty());
          case Mode.Since since ->
              prove(
                  all,
                  dataKeys,
                  ProofRecord.Earlier.between(vault, at - since.within().toNanos(), at),
                  false);
        };
    List<Finding> found = settled();
    ProofRecord record =
        new ProofRecord(
            ProofRecord.FORMAT,
            at,
            Host.name(),
            word(mode),
            backups.stream().map(Manifests.Named::name).toList(),
            objects.objects(),
            objects.bytes(),
            found,
            done.segments(),
            done.checkpoints());
    return new VerifyResult(
        keep(record),
        word(mode),
        rows(backups, found),
        objects.objects(),
        objects.bytes(),
        done.skipped(),
        done.streams(),
        found,
        (clock.monotonicNanos() - beganNanos) / 1_000_000);
  }

  /** What was found is told also where it cannot be stored: an archive, or one that is full. */
  private VerifyResult.Kept keep(ProofRecord record) {
    if (!vault.repository().takesMore()) {
      return new VerifyResult.Kept.Nowhere(
          vault.repository().describe() + " is never written again");
    }
    try {
      return new VerifyResult.Kept.In(record.publish(vault));
    } catch (HoldfastException e) {
      if (!e.code().startsWith("repository-")) {
        throw e;
      }
      return new VerifyResult.Kept.Nowhere(e.message());
    }
  }

  private record Done(
      List<ProofRecord.Segment> segments,
      List<ProofRecord.Checkpoint> checkpoints,
      List<VerifyResult.Stream> streams,
      long skipped) {}

  private List<Manifests.Named> choose(List<Manifests.Named> all, Collection<String> chosen) {
    if (chosen.isEmpty()) {
      return all;
    }
    List<Manifests.Named> backups = new ArrayList<>();
    for (String wanted : chosen) {
      backups.add(Manifests.find(vault, all, wanted));
    }
    return backups;
  }

  private static List<BackupManifest.Erasure> erasures(
      List<Manifests.Named> all, Manifests.Named named) {
    return all.stream()
        .filter(other -> other.manifest().ledgerId().equals(named.manifest().ledgerId()))
        .flatMap(other -> other.manifest().erasures().stream())
        .distinct()
        .toList();
  }

  private Done sample(Mode.Sample mode, Map<Manifests.Named, DataKey> dataKeys) throws IOException {
    VerifySample sample = new VerifySample(vault, objects, findings);
    dataKeys.forEach(sample::add);
    List<String> chosen = sample.choose(mode.percent(), mode.seed());
    objects.expect(Set.copyOf(chosen));
    sample.prove(chosen, AT_ONCE);
    return new Done(List.of(), List.of(), List.of(), 0);
  }

  /**
   * @param gaps whether to look for tails that cannot be reached, which means to read all objects
   *     that no backup names
   */
  private Done prove(
      Manifests.All all,
      Map<Manifests.Named, DataKey> dataKeys,
      ProofRecord.Earlier earlier,
      boolean gaps)
      throws IOException {
    VerifySegments segments = new VerifySegments(objects, findings, earlier);
    VerifyCheckpoints checkpoints = new VerifyCheckpoints(objects, findings, earlier);
    dataKeys.forEach(segments::add);
    dataKeys.keySet().forEach(checkpoints::add);
    Set<String> wanted = new TreeSet<>(segments.toFetch());
    wanted.addAll(checkpoints.toFetch());
    objects.expect(wanted);
    segments.prove(AT_ONCE);
    checkpoints.prove(AT_ONCE);
    VerifyHistory history = new VerifyHistory(segments, checkpoints, findings);
    dataKeys.forEach(history::verify);

    VerifyTails tails = new VerifyTails(vault, objects, findings);
    List<VerifyResult.Stream> streams = new ArrayList<>();
    for (Manifests.Named beginning :
        StreamBeginnings.find(vault, all.backups()).byBranch().values()) {
      DataKey dataKey = dataKeys.get(beginning);
      if (dataKey != null && !findings.has(beginning.name())) {
        streams.add(tails.follow(beginning, dataKey));
      }
    }
    if (gaps) {
      Set<String> unreferenced = new TreeSet<>(objects.listed());
      all.backups().forEach(named -> unreferenced.removeAll(References.named(named.manifest())));
      tails.findGaps(unreferenced, streams);
    }
    return new Done(
        segments.records(),
        checkpoints.records(),
        streams,
        segments.skipped() + checkpoints.skipped());
  }

  /** What is wrong still: a backup that expired meanwhile is no loss. */
  private List<Finding> settled() {
    Map<String, Boolean> there = new HashMap<>();
    List<Finding> settled = new ArrayList<>();
    for (Finding finding : findings.all()) {
      boolean expired =
          !finding.backups().isEmpty()
              && finding.backups().stream()
                  .noneMatch(name -> there.computeIfAbsent(name, vault.repository()::has))
              && ExpiredBackups.names(vault).containsAll(finding.backups());
      if (!expired) {
        settled.add(finding);
      }
    }
    return settled;
  }

  private static List<VerifyResult.Backup> rows(
      List<Manifests.Named> backups, List<Finding> findings) {
    return backups.stream()
        .map(
            named ->
                new VerifyResult.Backup(
                    named,
                    (int)
                        findings.stream()
                            .filter(finding -> finding.backups().contains(named.name()))
                            .count()))
        .toList();
  }

  private static String word(Mode mode) {
    return switch (mode) {
      case Mode.Whole whole -> "whole";
      case Mode.Since since -> "since";
      case Mode.Sample sample -> "sample";
    };
  }
}

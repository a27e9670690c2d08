package io.holdfast.cluster;

import io.holdfast.journal.FileKind;
import io.holdfast.journal.FileListing;
import io.holdfast.journal.StoredFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file to have, and what its sources say it is.
 *
 * @param versions the one to try first, first; more than one when a source is damaged or a segment
 *     grows
 */
record WantedFile(FileKind kind, String name, List<Version> versions) {
  /** So that one is left when the newest cannot be read. */
  private static final int CHECKPOINTS = 2;

  /** What some of the sources agree on. */
  record Version(StoredFile file, List<FileSource> sources) {}

  StoredFile first() {
    return versions.getFirst().file();
  }

  /**
   * Decides what is needed of all that there is, in the order in which it is to be had: the newest
   * checkpoints, which are the first to be deleted where they are; every segment; the runs that lie
   * in no other.
   *
   * @param unusable names of files that could not be had: where another stands for them, it is
   *     needed
   */
  static List<WantedFile> of(Map<FileSource, FileListing> listings, Set<String> unusable) {
    List<WantedFile> all = all(listings);
    List<StoredFile> runs =
        all.stream()
            .filter(file -> file.kind == FileKind.RUN && !unusable.contains(file.name))
            .map(WantedFile::first)
            .toList();
    List<String> checkpoints =
        all.stream()
            .filter(file -> file.kind == FileKind.CHECKPOINT && !unusable.contains(file.name))
            .map(WantedFile::name)
            .sorted(Comparator.reverseOrder())
            .limit(CHECKPOINTS)
            .toList();
    return all.stream()
        .filter(
            file ->
                switch (file.kind) {
                  case SEGMENT -> true;
                  case RUN -> runs.stream().noneMatch(file.first()::isWithin);
                  case CHECKPOINT -> checkpoints.contains(file.name);
                })
        .sorted(Comparator.comparing(file -> file.kind != FileKind.CHECKPOINT))
        .toList();
  }

  /** All that there is, chosen or not. */
  static List<WantedFile> all(Map<FileSource, FileListing> listings) {
    Map<String, Map<StoredFile, List<FileSource>>> byName = new LinkedHashMap<>();
    listings.forEach(
        (source, listing) ->
            listing
                .files()
                .forEach(
                    file ->
                        byName
                            .computeIfAbsent(file.name(), name -> new LinkedHashMap<>())
                            .computeIfAbsent(file, same -> new ArrayList<>())
                            .add(source)));
    List<WantedFile> wanted = new ArrayList<>();
    byName.forEach(
        (name, found) -> {
          List<Version> versions =
              found.entrySet().stream()
                  .map(entry -> new Version(entry.getKey(), entry.getValue()))
                  .sorted(WantedFile::compare)
                  .toList();
          wanted.add(new WantedFile(versions.getFirst().file.kind(), name, versions));
        });
    return wanted;
  }

  /** What is whole first, then what most agree on, then what is longest. */
  private static int compare(Version a, Version b) {
    if (a.file.complete() != b.file.complete()) {
      return a.file.complete() ? -1 : 1;
    }
    return a.file.complete()
        ? Integer.compare(b.sources.size(), a.sources.size())
        : Long.compare(b.file.sizeBytes(), a.file.sizeBytes());
  }
}

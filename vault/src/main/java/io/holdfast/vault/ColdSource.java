package io.holdfast.vault;

import io.holdfast.journal.CheckpointPages;
import io.holdfast.journal.DataKey;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.JournalSegment;
import io.holdfast.journal.JournalVerifier;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a node that is stopped: who makes this holds the directory, so that nothing in
 * it changes. A torn end of the journal is left out, as a start would cut it off.
 */
public final class ColdSource implements BackupSource {
  private final String site;
  private final String node;
  private final Lineage lineage;
  private final DataKey dataKey;
  private final Path keys;
  private final JournalPlaces places;
  private @Nullable JournalSegment last; // described once: it does not change

  /**
   * @param keys the directory with {@code data.key} and {@code details/}
   */
  public ColdSource(
      String site, String node, Lineage lineage, DataKey dataKey, Path keys, JournalPlaces places) {
    this.site = site;
    this.node = node;
    this.lineage = lineage;
    this.dataKey = dataKey;
    this.keys = keys;
    this.places = places;
  }

  @Override
  public String site() {
    return site;
  }

  @Override
  public String node() {
    return node;
  }

  @Override
  public Lineage lineage() {
    return lineage;
  }

  @Override
  public DataKey dataKey() {
    return dataKey;
  }

  @Override
  public Path keys() {
    return keys;
  }

  @Override
  public List<Path> sealedSegments() throws IOException {
    List<Path> all = segments();
    return all.isEmpty() || last(all).sealed() ? all : all.subList(0, all.size() - 1);
  }

  @Override
  public @Nullable Open open() throws IOException {
    List<Path> all = segments();
    if (all.isEmpty() || last(all).sealed()) {
      return null;
    }
    JournalSegment open = last(all);
    return new Open(open.file(), open.sizeBytes() - open.unfinishedBytes());
  }

  private List<Path> segments() throws IOException {
    return JournalVerifier.segments(SystemDisk.INSTANCE, places.segments());
  }

  private JournalSegment last(List<Path> all) throws IOException {
    JournalSegment known = last;
    if (known == null) {
      known = new JournalVerifier(SystemDisk.INSTANCE, dataKey).describe(all.getLast());
      last = known;
    }
    JournalSegment.Fault fault = known.fault();
    if (fault != null) {
      throw new HoldfastException(
          "journal-damaged",
          known.file() + " is damaged at byte " + fault.offset() + ": " + fault.what(),
          "no backup is made of it; back up another node of the site");
    }
    return known;
  }

  @Override
  public List<Path> checkpoints() throws IOException {
    return CheckpointPages.files(SystemDisk.INSTANCE, places.checkpoints()).reversed();
  }

  @Override
  public boolean running() {
    return false;
  }
}

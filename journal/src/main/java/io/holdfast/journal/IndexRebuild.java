package io.holdfast.journal;

import io.holdfast.kernel.Disk;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Makes the runs that a journal lacks from its entries alone, and the same files as were made when
 * these came. It keeps one generation in memory, and the id of each account. Each run is durable
 * before the next is begun, so that it goes on where it was when it is begun again.
 */
final class IndexRebuild {
  private final Disk disk;
  private final Path journal;
  private final DataKey dataKey;
  private final OpenRuns runs;
  private final RunTiers tiers;
  private final long generationWeight;
  private final OpPlaces places = new OpPlaces();
  private final EntryVisits visits = new EntryVisits();
  private final RunBuilder builder = new RunBuilder(1024);
  private final GenerationRows rows = new GenerationRows(builder, places);
  private long movements; // before the generation that is being collected
  private long weight;
  private long movementsHere;

  /**
   * @param runs without gaps; those made here are added, from the op after them on
   * @param generationWeight how much happens in a generation, as the ledger counts it
   */
  IndexRebuild(
      Disk disk,
      Path journal,
      Path index,
      DataKey dataKey,
      UInt128 ledgerId,
      OpenRuns runs,
      long generationWeight) {
    this.disk = disk;
    this.journal = journal;
    this.dataKey = dataKey;
    this.runs = runs;
    this.tiers = new RunTiers(disk, index, dataKey, ledgerId, runs);
    this.generationWeight = generationWeight;
  }

  /**
   * Makes the runs of all generations that are complete by an op.
   *
   * @param told each entry that was read
   */
  void upTo(long lastOp, Consumer<Entry> told) throws IOException {
    tiers.merge(() -> false); // a crash may have come before it
    long has = runs.lastOp();
    begin(1);
    try (JournalReader reader = JournalReader.open(disk, journal, dataKey, 1)) {
      Entry entry = lastOp <= has ? null : reader.next();
      while (entry != null && entry.op() <= lastOp) {
        if (entry.op() <= has) {
          pass(entry);
        } else {
          collect(entry, reader);
        }
        told.accept(entry);
        entry = entry.op() == lastOp ? null : reader.next(); // behind it, it may be written
      }
    }
  }

  /** Makes a run of what was read last and is no complete generation. */
  void rest() throws IOException {
    if (weight > 0) {
      tiers.add(builder);
      weight = 0;
    }
  }

  private void begin(long op) {
    weight = 0;
    movements += movementsHere;
    movementsHere = 0;
    builder.begin(op, movements);
  }

  /** Takes an entry that a run tells of already. */
  private void pass(Entry entry) {
    visits.pass(entry);
    movementsHere += EntryVisits.movements(entry);
    begin(entry.op() + 1);
  }

  private void collect(Entry entry, JournalReader reader) throws IOException {
    places.add(entry.op(), reader.segment(), reader.offset());
    movementsHere += visits.visit(entry, rows);
    places.forget(entry.op());
    weight += EntryVisits.weight(entry);
    if (weight >= generationWeight) {
      tiers.add(builder);
      tiers.merge(() -> false);
      begin(entry.op() + 1);
    }
  }
}

package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Moves the rows of a file into a ledger: while one chunk is on its way, the next is read. Chunks
 * go strictly one after the other, because dates must only grow, and because a movement may need
 * the money of the one before it.
 */
final class Importer {
  private final Mapping mapping;
  private final Options options;

  /**
   * @param imported whether to keep the file's dates
   * @param batch transfers sent together, 1 to 8,189
   */
  record Options(boolean imported, int batch) {}

  /** Tells how far an import has come, after each chunk. */
  interface Progress {
    void at(long rows, long bytesRead);
  }

  Importer(Mapping mapping, Options options) {
    this.mapping = mapping;
    this.options = options;
  }

  /**
   * Sends all rows.
   *
   * @param preflight is given the first movement before anything is sent, and may throw
   */
  void run(
      CsvRows rows,
      Destination destination,
      AccountBook book,
      ImportTally tally,
      RejectedRows rejected,
      Consumer<Movement> preflight,
      Progress progress) {
    RowMapper mapper = new RowMapper(mapping, rows.header(), options.imported());
    ChunkSender sender = new ChunkSender(destination, book, tally, rejected);
    boolean checked = false;
    try (ExecutorService sending = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Void> onItsWay = CompletableFuture.completedFuture(null);
      for (Chunk chunk = read(rows, mapper); !chunk.isEmpty(); chunk = read(rows, mapper)) {
        if (!checked && !chunk.movements().isEmpty()) {
          preflight.accept(chunk.movements().getFirst());
          checked = true;
        }
        Waiting.on(onItsWay);
        progress.at(tally.rows(), rows.bytesRead());
        Chunk next = chunk;
        onItsWay = CompletableFuture.runAsync(() -> sender.send(next), sending);
      }
      Waiting.on(onItsWay);
      progress.at(tally.rows(), rows.bytesRead());
    }
  }

  private Chunk read(CsvRows rows, RowMapper mapper) {
    Chunk chunk = new Chunk(options.batch());
    while (!chunk.full()) {
      CsvRows.Row row = rows.next();
      if (row == null) {
        break;
      }
      RowRefused refused = row.refused();
      if (refused == null) {
        try {
          chunk.add(mapper.map(row));
          continue;
        } catch (RowRefused e) {
          refused = e;
        }
      }
      chunk.add(new Chunk.Refused(row.line(), row.raw(), refused));
    }
    return chunk;
  }

  /** Refuses to keep dates that the mapping does not know. */
  static void checkDates(Mapping mapping, boolean imported) {
    if (imported && mapping.transfer().date() == null) {
      throw new HoldfastException(
          "no-dates",
          "--imported keeps the file's dates, but " + mapping.file() + " has no transfer.date",
          "add transfer.date with column and pattern, or leave --imported away");
    }
  }
}

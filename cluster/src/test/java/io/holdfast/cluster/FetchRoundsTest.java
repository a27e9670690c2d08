package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.FileCheck;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.FileListing;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.kernel.SystemDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetching from a node that is paid on faster than rounds go; its journal is real. */
class FetchRoundsTest {
  private static final long OPS = 100;

  /** Some two segments, and most of a generation. */
  private static final long OPS_A_ROUND = 14;

  private static final int LISTINGS_MAX = 40;

  @TempDir Path directory;
  private final AtomicLong time = new AtomicLong();
  private SmallJournal first;

  @BeforeEach
  void start() {
    first = new SmallJournal(directory.resolve("n1"), "n1").run(OPS);
  }

  @AfterEach
  void stop() {
    first.close();
  }

  /** Whenever it is asked what it has, it is paid on, and has no digests of what is new. */
  private static final class Busy implements FileSource {
    private final SmallJournal journal;
    private int listings;
    private int incomplete;

    Busy(SmallJournal journal) {
      this.journal = journal;
    }

    @Override
    public String name() {
      return journal.name();
    }

    @Override
    public FileListing list() {
      if (++listings > LISTINGS_MAX) {
        throw new AssertionError("it never ends");
      }
      journal.journal.files().digestFor(10_000);
      journal.run(journal.ledger.op() + OPS_A_ROUND);
      FileListing listing = journal.journal.files().list();
      incomplete += listing.pending() > 0 ? 1 : 0;
      return listing;
    }

    @Override
    public FileListing list(FileKind kind, String file) {
      return journal.list(kind, file);
    }

    @Override
    public byte[] read(FileKind kind, String file, long offset, int length) {
      return journal.read(kind, file, offset, length);
    }
  }

  private boolean fetch(FileSource source) {
    JournalPlaces places = JournalPlaces.in(directory.resolve("n3"));
    Fetch fetch =
        new Fetch(
            SystemDisk.INSTANCE,
            places,
            new FileCheck(SystemDisk.INSTANCE, places, SmallJournal.KEY, SmallJournal.LEDGER_ID),
            SmallJournal.LEDGER_ID.toHex(),
            2,
            1L << 40,
            made -> {});
    return new FetchRounds(
            fetch, new NearEnough(0), () -> time.addAndGet(TimeUnit.SECONDS.toNanos(4)))
        .run(List.of(source));
  }

  @Test
  void it_comes_to_an_end_though_there_is_always_a_file_more_and_a_node_starts_from_it() {
    Busy busy = new Busy(first);
    assertThat(fetch(busy)).isTrue();
    assertThat(busy.incomplete).as("no listing told all").isEqualTo(busy.listings);

    try (SmallJournal third = new SmallJournal(directory.resolve("n3"), "n3")) {
      long reached = third.ledger.op();
      assertThat(reached)
          .isGreaterThanOrEqualTo(OPS)
          .isBetween(first.ledger.op() - 2 * OPS_A_ROUND, first.ledger.op());
      assertThat(third.recoveredFrom).as("a checkpoint").isPositive();
      third.run(reached + 2 * OPS_A_ROUND);
      first.run(reached + 2 * OPS_A_ROUND);
      assertThat(third.ledger.digest()).isEqualTo(first.ledger.digest());
      assertThat(third.failures).isEmpty();
    }
  }

  @Test
  void a_source_at_rest_is_fetched_in_one_round_and_its_proof() {
    assertThat(fetch(first)).isTrue();
    try (SmallJournal third = new SmallJournal(directory.resolve("n3"), "n3")) {
      assertThat(third.ledger.digest()).isEqualTo(first.ledger.digest());
    }
  }
}

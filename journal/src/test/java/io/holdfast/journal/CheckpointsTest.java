package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where checkpoints fall: on the same ops on all nodes, whenever each of them was started. */
class CheckpointsTest {
  private static final Path DIRECTORY = Path.of("/journal");
  private static final DataKey KEY = DataKey.create();

  /** The generations of the next twelve, from 1, on whose ends checkpoints fall. */
  private static List<Integer> falls(int passed, long accounts) throws IOException {
    HostileDisk disk = new HostileDisk(1);
    Lineage lineage = Lineage.ofNew(LedgerRun.LEDGER_ID);
    Journal.Setup setup =
        new Journal.Setup(
            disk,
            DIRECTORY,
            DIRECTORY.resolveSibling("index"),
            DIRECTORY.resolveSibling("checkpoints"),
            KEY,
            lineage,
            LedgerRun.GROUP,
            0,
            20_000,
            Checkpoints.GENERATIONS);
    JournalRecovery.End end = JournalRecovery.recover(disk, DIRECTORY, KEY, lineage, 0);
    List<Integer> falls = new ArrayList<>();
    try (JournalWriter writer = new JournalWriter(setup, end, new OpPlaces());
        Checkpoints checkpoints =
            new Checkpoints(
                setup,
                writer,
                op -> true,
                failure -> {
                  throw failure;
                },
                false)) {
      for (int i = 0; i < passed; i++) {
        checkpoints.passes(accounts);
      }
      for (int generation = 1; generation <= 12; generation++) {
        if (checkpoints.falls(generation * 10L, accounts)) {
          falls.add(generation);
        }
      }
    }
    return falls;
  }

  @Test
  void they_fall_on_the_end_of_every_fourth_generation() throws IOException {
    assertThat(falls(0, 1_000_000)).containsExactly(4, 8, 12);
  }

  @Test
  void generations_that_a_start_judged_again_are_counted() throws IOException {
    assertThat(falls(3, 10)).containsExactly(1, 5, 9);
    assertThat(falls(4, 10)).containsExactly(4, 8, 12);
  }

  @Test
  void with_very_many_accounts_they_are_rarer() throws IOException {
    assertThat(falls(0, 6L << 18)).containsExactly(6, 12);
  }
}

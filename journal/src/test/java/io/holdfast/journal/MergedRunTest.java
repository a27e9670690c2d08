package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.DiskFile;
import io.holdfast.testkit.HostileDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A merged run has the same content as one that was made of all its ops at once. */
class MergedRunTest {
  private static final Path PARTS = Path.of("/parts");
  private static final Path WHOLE = Path.of("/whole");
  private static final DataKey KEY = DataKey.create();
  private static final int OPS_OF_PART = 8;
  private static final int OPS = RunTiers.MERGED * OPS_OF_PART;

  /** So many that each part has several blocks of ids and of postings. */
  private static final int EVENTS_MAX = 1_500;

  @Test
  void a_merged_run_has_every_row_of_its_parts_over_all_their_blocks() throws IOException {
    for (int seed = 0; seed < 3; seed++) {
      HostileDisk disk = new HostileDisk(seed);
      RunModel model = new RunModel(seed, OPS, EVENTS_MAX);
      RunBuilder builder = new RunBuilder(10);
      model.give(builder, 1, OPS);
      Path whole = builder.write(disk, WHOLE, KEY, RunModel.LEDGER_ID);
      try (OpenRuns runs = new OpenRuns(List.of())) {
        RunTiers tiers = new RunTiers(disk, PARTS, KEY, RunModel.LEDGER_ID, runs);
        for (int first = 1; first <= OPS; first += OPS_OF_PART) {
          assertThat(runs.all())
              .as("not merged before there are eight")
              .hasSize(first / OPS_OF_PART);
          model.give(builder, first, first + OPS_OF_PART - 1L);
          tiers.add(builder);
          assertThat(runs.all().getLast().footer().postings().blocks()).isGreaterThan(1);
          tiers.merge(() -> false);
        }
        assertThat(runs.all()).hasSize(1);
        Run merged = runs.all().getFirst();
        assertThat(merged.level()).isEqualTo(1);
        try (Run made = Run.open(disk, whole, KEY, RunModel.LEDGER_ID)) {
          assertThat(blocks(disk, merged)).as("seed %d", seed).isEqualTo(blocks(disk, made));
        }
      }
    }
  }

  /** What the blocks of all sections hold. */
  private static List<String> blocks(HostileDisk disk, Run run) throws IOException {
    List<String> blocks = new ArrayList<>();
    try (DiskFile in = disk.openForReading(run.file())) {
      BlockReader reader = new BlockReader(run.file(), in, run.footer().header(), KEY);
      for (Section section : run.footer().sections()) {
        for (int block = 0; block < section.blocks(); block++) {
          byte[] content = new byte[FrameLayout.CONTENT_BYTES_MAX];
          int bytes = section.contentBytes(block);
          reader.read(
              section.kind(), section.firstBlock() + block, section.offset(block), bytes, content);
          blocks.add(HexFormat.of().formatHex(content, 0, bytes));
        }
      }
    }
    return blocks;
  }
}

package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node does about its stored log: mends what a crash explains, refuses the rest. */
class DamagedLogTest {
  private static final Duration RESUMED = RunningSite.RESUMED;
  private static final int TORN_LENGTH = 1_000;

  private final RunningSite site = RunningSite.prepared("damaged", 3);

  @BeforeEach
  void start() {
    site.startAll();
  }

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void a_torn_last_write_is_cut_off_and_filled_again() throws Exception {
    long seed = Seeds.next("torn write");
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed))) {
      load.start();
      load.awaitAcknowledged(300, RESUMED);
      NodeProcess node = site.follower();
      node.kill9();
      load.awaitAcknowledged(100, RESUMED);
      Path file = newestSegment(node);
      long end = endOfData(file);
      writeHalfAnEntry(file, end, new Random(seed));

      site.awaitWhole();
      site.prove(load);
    }
  }

  @Test
  void a_flipped_bit_is_named_with_file_and_offset_and_the_node_does_not_serve() throws Exception {
    long seed = Seeds.next("flipped bit");
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(seed))) {
      load.start();
      load.awaitAcknowledged(300, RESUMED);
      NodeProcess node = site.follower();
      node.stop(RESUMED);
      Path file = newestSegment(node);
      StoredBits.flip(file, endOfData(file) / 2);

      site.site().restart(node);
      assertThat(node.waitGone(RunningSite.READY)).as("the node refuses to start").isTrue();
      assertThat(node.exitValue().orElse(0)).isNotZero();
      assertThat(node.output())
          .content()
          .contains("log-damaged")
          .contains(file.getFileName().toString())
          .containsPattern("at byte \\d+");
      load.awaitAcknowledged(200, RESUMED);
      site.prove(load);
    }
  }

  private static Path newestSegment(NodeProcess node) throws IOException {
    try (Stream<Path> files = Files.walk(node.directory().resolve("raft"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("log_"))
          .max(Comparator.comparing(DamagedLogTest::firstIndex))
          .orElseThrow();
    }
  }

  private static Long firstIndex(Path segment) {
    String name = segment.getFileName().toString().replace("log_", "").replace("inprogress_", "");
    return Long.valueOf(name.replaceAll("-.*", ""));
  }

  /** Behind the last byte that is not zero: space may have been allocated ahead. */
  private static long endOfData(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  /** A length and fewer bytes than it says, as a power cut leaves them. */
  private static void writeHalfAnEntry(Path file, long at, Random random) throws IOException {
    byte[] half = new byte[TORN_LENGTH / 2];
    random.nextBytes(half);
    half[0] = (byte) ((TORN_LENGTH & 0x7F) | 0x80);
    half[1] = (byte) (TORN_LENGTH >> 7);
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
      log.seek(at);
      log.write(half);
    }
  }
}

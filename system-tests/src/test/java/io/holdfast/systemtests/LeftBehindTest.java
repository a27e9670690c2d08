package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that was down for longer than the log of consensus reaches back. */
class LeftBehindTest {
  /** Some 800,000 transfers, three times what is kept in the log here. */
  private static final int REQUESTS = 100;

  private final RunningSite site = RunningSite.prepared("left-behind", 3);

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void it_fetches_what_it_lacks_from_the_others_by_itself_and_serves_again() throws IOException {
    for (NodeProcess node : site.nodes()) {
      Files.writeString(
          node.configuration(), "\nconsensus:\n  log-generations: 1\n", StandardOpenOption.APPEND);
    }
    site.startAll();
    BulkPayer bulk = new BulkPayer(site.client());
    assertThat(bulk.payOnce()).isTrue();
    NodeProcess late = site.follower();
    late.kill9();
    for (int i = 0; i < REQUESTS; i++) {
      assertThat(bulk.payOnce()).isTrue();
    }
    for (NodeProcess node : site.nodes()) {
      if (node != late) {
        io.holdfast.drill.Deadline.await(
            node.name() + " cut its log",
            RunningSite.READY,
            () ->
                firstSegment(node).compareTo("log_0-") > 0
                    && !firstSegment(node).startsWith("log_0-"));
      }
    }
    site.site().restart(late);
    site.probe().awaitCaughtUp(late, RunningSite.READY);
    assertThat(Files.readString(late.output())).contains("log-left-behind", "starting again");
    assertThat(late.directory().resolve("behind.json")).doesNotExist();
    assertThat(bulk.payOnce()).isTrue();
    site.awaitWhole();
    assertThat(
            site.probe().digests(RunningSite.READY).values().stream()
                .map(digest -> digest.digest())
                .distinct())
        .hasSize(1);
    bulk.assertNothingLost();
  }

  private static String firstSegment(NodeProcess node) {
    try (java.util.stream.Stream<java.nio.file.Path> files =
        Files.walk(node.directory().resolve("raft"))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith("log_"))
          .min(java.util.Comparator.comparingLong(LeftBehindTest::firstIndex))
          .orElse("log_0-");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static long firstIndex(String name) {
    return Long.parseLong(
        name.replace("log_inprogress_", "").replace("log_", "").split("-", -1)[0]);
  }
}

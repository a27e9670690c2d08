package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that was down for longer than the log of consensus reaches back. */
class LeftBehindTest {
  /** Some 1.3 million transfers: more than two segments of the log, of which few are kept here. */
  private static final int REQUESTS = 160;

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
    pay(bulk, 1);
    NodeProcess late = site.follower();
    late.kill9();
    pay(bulk, REQUESTS);
    for (NodeProcess node : site.nodes()) {
      if (node != late) {
        Deadline.await(node.name() + " cut its log", RunningSite.READY, () -> firstIndex(node) > 0);
      }
    }
    site.site().restart(late);
    site.probe().awaitCaughtUp(late, RunningSite.READY);
    assertThat(Files.readString(late.output())).contains("log-left-behind", "starting again");
    assertThat(late.directory().resolve("behind.json")).doesNotExist();
    pay(bulk, 1);
    site.awaitWhole();
    assertThat(
            site.probe().digests(RunningSite.READY).values().stream()
                .map(digest -> digest.digest())
                .distinct())
        .hasSize(1);
    bulk.assertNothingLost();
  }

  /** So many acknowledged requests; on a crowded machine some get no answer in time. */
  private static void pay(BulkPayer bulk, int requests) {
    AtomicInteger acknowledged = new AtomicInteger();
    Deadline.await(
        requests + " requests are acknowledged",
        RunningSite.READY,
        () -> bulk.payOnce() && acknowledged.incrementAndGet() == requests);
  }

  private static long firstIndex(NodeProcess node) {
    try (Stream<Path> files = Files.walk(node.directory().resolve("raft"))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith("log_"))
          .mapToLong(LeftBehindTest::firstIndex)
          .min()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long firstIndex(String name) {
    return Long.parseLong(
        name.replace("log_inprogress_", "").replace("log_", "").split("-", -1)[0]);
  }
}

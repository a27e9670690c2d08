package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.SiteProbe.NodeView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A node whose journal tells another history than the site's. Such a journal is made honestly: the
 * same site is run twice from the same directories, with other payments each time.
 */
class DivergedNodeTest {
  private static final List<String> STORED = List.of("journal", "index", "checkpoints");

  private static final int WHILE_IT_IS_REBUILT = 8;

  private final RunningSite site = RunningSite.prepared("diverged", 3);
  private final Path aside = site.site().directory().resolve("aside");

  @AfterEach
  void killAll() {
    site.close();
  }

  @Test
  void it_is_found_kept_and_made_anew_in_the_same_process_while_payments_go_on()
      throws IOException {
    Files.createDirectories(aside);
    for (NodeProcess node : site.nodes()) {
      RunningSite.copyTree(node.directory(), aside.resolve(node.name()));
    }
    site.startAll();
    pay(new BulkPayer(site.client()), 5);
    site.awaitWhole();
    for (NodeProcess node : site.nodes()) {
      node.stop(RunningSite.READY);
    }
    NodeProcess odd = site.nodes().getLast();
    for (String stored : STORED) {
      RunningSite.copyTree(odd.directory().resolve(stored), aside.resolve(stored));
    }
    for (NodeProcess node : site.nodes()) {
      RunningSite.deleteTree(node.directory());
      RunningSite.copyTree(aside.resolve(node.name()), node.directory());
    }

    site.startAll();
    BulkPayer bulk = new BulkPayer(site.client());
    pay(bulk, 3);
    site.awaitWhole();
    odd.stop(RunningSite.READY);
    for (String stored : STORED) {
      RunningSite.deleteTree(odd.directory().resolve(stored));
      RunningSite.copyTree(aside.resolve(stored), odd.directory().resolve(stored));
    }
    site.site().restart(odd);

    AtomicInteger paid = new AtomicInteger();
    Deadline.await(
        "the node starts again",
        RunningSite.READY,
        () -> {
          // Not for ever: what is fetched in rounds must be able to catch up.
          if (paid.getAndIncrement() < WHILE_IT_IS_REBUILT) {
            bulk.payOnce();
          }
          return said(odd).contains("starting again")
              && site.probe().view(odd).map(NodeView::op).orElse(0L) > 0;
        });
    site.awaitWhole();
    assertThat(said(odd)).contains("replica-diverged");
    assertThat(odd.isAlive()).isTrue();
    assertThat(odd.directory().resolve("diverged.json")).doesNotExist();
    try (Stream<Path> evidence = Files.list(odd.directory().resolve("diverged"))) {
      Path kept = evidence.findFirst().orElseThrow();
      for (String stored : STORED) {
        assertThat(kept.resolve(stored)).isDirectory();
      }
    }
    pay(bulk, 1);
    site.awaitWhole();
    assertThat(
            site.probe().digests(RunningSite.READY).values().stream()
                .map(digest -> digest.digest())
                .distinct())
        .hasSize(1);
    bulk.assertNothingLost();
  }

  private static String said(NodeProcess node) {
    try {
      return Files.readString(node.output());
    } catch (IOException e) {
      return "";
    }
  }

  private static void pay(BulkPayer bulk, int requests) {
    for (int i = 0; i < requests; i++) {
      Deadline.await("a request is acknowledged", RunningSite.READY, bulk::payOnce);
    }
  }
}

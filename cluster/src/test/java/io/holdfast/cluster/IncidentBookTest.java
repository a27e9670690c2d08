package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cluster.IncidentBook.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IncidentBookTest {
  private final IncidentBook book = new IncidentBook(List.of("n1", "n2", "n3"));
  private long second;

  /** One look each second for so long. */
  private List<Change> look(int seconds, String... incidents) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < seconds; i++) {
      changes.addAll(book.observe(TimeUnit.SECONDS.toNanos(second++), List.of(incidents)));
    }
    return changes;
  }

  private static List<String> shown(List<Change> changes) {
    return changes.stream()
        .map(change -> (change instanceof Change.Began ? "+" : "-") + change.key())
        .toList();
  }

  @Test
  void an_incident_begins_when_it_lasts_and_ends_when_it_stays_away() {
    assertThat(look(2, "no-leader: nobody leads")).isEmpty();
    List<Change> began = look(1, "no-leader: nobody leads");
    assertThat(began).hasSize(1).first().isInstanceOf(Change.Began.class);
    assertThat(look(60, "no-leader: nobody leads")).isEmpty();
    assertThat(look(4)).isEmpty();
    assertThat(look(1))
        .containsExactly(
            new Change.Ended(
                "no-leader",
                "no-leader: nobody leads",
                IncidentBook.QUIET_NANOS,
                TimeUnit.SECONDS.toNanos(62),
                0));
    assertThat(look(10_000)).isEmpty();
  }

  @Test
  void what_is_over_at_once_is_none() {
    for (int i = 0; i < 100; i++) {
      assertThat(look(2, "no-leader: nobody leads")).isEmpty();
      assertThat(look(3)).isEmpty();
    }
  }

  @Test
  void words_that_change_are_the_same_incident_and_another_node_is_another() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      changes.addAll(
          look(
              1,
              "node-unreachable: n2 was last heard of " + i + " s ago",
              "node-unreachable: n3 was last heard of " + i + " s ago"));
    }
    assertThat(shown(changes)).containsExactly("+node-unreachable n2", "+node-unreachable n3");
    assertThat(shown(look(20, "node-unreachable: n3 was last heard of 9 s ago")))
        .containsExactly("-node-unreachable n2");
  }

  @Test
  void the_same_of_two_repositories_is_two_incidents() {
    String main = "backup-late: repository main (file:/backup/main) lacks what is 31 s old";
    String far = "backup-late: repository far-away (s3://far/ledger) lacks what is 40 s old";
    assertThat(shown(look(3, main, far)))
        .containsExactly("+backup-late main", "+backup-late far-away");
    assertThat(shown(look(20, far))).containsExactly("-backup-late main");
  }

  @Test
  void one_that_comes_and_goes_gives_few_records_however_it_does_so() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed * 7919L);
      int here = 1 + random.nextInt(20);
      int away = 1 + random.nextInt(1_000);
      IncidentBook one = new IncidentBook(List.of());
      int records = 0;
      int day = 86_400;
      for (int at = 0; at < day; at++) {
        boolean there = at % (here + away) < here;
        List<String> now = there ? List.of("clock-off: by " + at) : List.of();
        records += one.observe(TimeUnit.SECONDS.toNanos(at), now).size();
      }
      assertThat(records).as("seed %d: %d s of %d s", seed, here, here + away).isLessThan(24 * 13);
      assertThat(here < 3 || records > 0).isTrue();
    }
  }

  @Test
  void no_more_than_a_bounded_number_is_remembered() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add("code-" + i + ": words");
    }
    assertThat(look(5, many.toArray(String[]::new))).hasSize(IncidentBook.KNOWN_MAX);
  }
}

package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.cluster.RootVote.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RootVoteTest {
  private static final Map<Long, String> OWN = Map.of(40L, "a", 80L, "b");

  private static Verdict judge(Map<Long, String> n2, Map<Long, String> n3) {
    return RootVote.judge(OWN, Map.of("n2", n2, "n3", n3), 3);
  }

  @Test
  void equal_roots_and_roots_of_other_ops_are_no_difference() {
    assertThat(judge(OWN, Map.of(120L, "c"))).isEqualTo(Verdict.AGREED);
    assertThat(RootVote.judge(Map.of(), Map.of("n2", OWN), 3)).isEqualTo(Verdict.AGREED);
  }

  @Test
  void a_majority_with_this_node_names_the_odd_one() {
    assertThat(judge(OWN, Map.of(80L, "x")))
        .isEqualTo(new Verdict(80, false, List.of("n3"), List.of()));
  }

  @Test
  void a_majority_without_this_node_makes_it_the_odd_one() {
    assertThat(judge(Map.of(80L, "x"), Map.of(80L, "x")))
        .isEqualTo(new Verdict(80, true, List.of(), List.of()));
  }

  @Test
  void the_majority_is_named_to_whom_it_leaves_out() {
    Map<Long, String> same = Map.of(80L, "x");
    assertThat(RootVote.majority(80, Map.of("n2", same, "n3", same), 3))
        .containsExactly("n2", "n3");
    assertThat(RootVote.majority(80, Map.of("n2", same, "n3", OWN), 3)).isEmpty();
    assertThat(RootVote.majority(40, Map.of("n2", same, "n3", same), 3)).isEmpty();
  }

  @Test
  void without_a_majority_nobody_is_blamed() {
    assertThat(judge(Map.of(80L, "x"), Map.of()))
        .isEqualTo(new Verdict(80, false, List.of(), List.of("n2")));
    assertThat(judge(Map.of(80L, "x"), Map.of(80L, "y")))
        .isEqualTo(new Verdict(80, false, List.of(), List.of("n2", "n3")));
    assertThat(RootVote.judge(OWN, Map.of("n2", Map.of(80L, "x"), "n3", Map.of(80L, "x")), 5))
        .isEqualTo(new Verdict(80, false, List.of(), List.of("n2", "n3")));
  }

  @Test
  void the_oldest_difference_is_judged() {
    assertThat(judge(Map.of(40L, "x", 80L, "y"), Map.of(40L, "a", 80L, "b")).op()).isEqualTo(40);
  }
}

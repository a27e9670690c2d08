package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RootsTest {
  private static final List<String> OTHERS = List.of("n2", "n3");

  private final Roots roots = new Roots();

  private static SortedMap<Long, String> at(long op, String root) {
    return new TreeMap<>(Map.of(op, root));
  }

  @Test
  void the_odd_one_is_named_until_it_says_the_right_root() {
    roots.heard("n2", at(40, "a"));
    roots.heard("n3", at(40, "x"));
    assertThat(roots.judge(at(40, "a"), OTHERS).verdict().odd()).containsExactly("n3");
    assertThat(roots.incidents("n1"))
        .hasSize(1)
        .allMatch(said -> said.startsWith("replica-diverged: n3 has another state at op 40"));
    roots.judge(at(40, "a"), OTHERS);
    assertThat(roots.incidents("n1")).as("silent now").hasSize(1);
    roots.heard("n3", at(40, "a"));
    roots.judge(at(40, "a"), OTHERS);
    assertThat(roots.incidents("n1")).isEmpty();
  }

  @Test
  void the_odd_one_is_named_though_this_node_has_newer_checkpoints_by_now() {
    roots.heard("n2", at(40, "a"));
    roots.heard("n3", at(40, "x"));
    roots.judge(at(40, "a"), OTHERS);
    roots.judge(at(80, "b"), OTHERS);
    assertThat(roots.incidents("n1"))
        .hasSize(1)
        .allMatch(said -> said.startsWith("replica-diverged: n3 has another state at op 40"));
    roots.heard("n3", at(120, "c"));
    roots.judge(at(80, "b"), OTHERS);
    assertThat(roots.incidents("n1")).as("nothing in common yet").hasSize(1);
    roots.judge(at(120, "c"), OTHERS);
    assertThat(roots.incidents("n1")).isEmpty();
  }

  @Test
  void a_node_that_is_behind_is_judged_by_roots_that_agreed_while_their_checkpoints_were_kept() {
    roots.heard("n2", at(40, "a"));
    roots.judge(at(40, "a"), OTHERS);
    roots.heard("n2", at(80, "b"));
    roots.judge(at(80, "b"), OTHERS);
    roots.heard("n3", at(40, "x"));
    assertThat(roots.judge(at(80, "b"), OTHERS).verdict().odd()).containsExactly("n3");
    assertThat(roots.incidents("n1"))
        .hasSize(1)
        .allMatch(said -> said.startsWith("replica-diverged: n3 has another state at op 40"));
    roots.heard("n3", at(40, "a"));
    roots.judge(at(80, "b"), OTHERS);
    assertThat(roots.incidents("n1")).as("rebuilt").isEmpty();
  }

  @Test
  void what_nobody_agreed_on_is_not_held_against_anyone_later() {
    roots.judge(at(40, "a"), OTHERS);
    roots.judge(at(80, "b"), OTHERS);
    roots.heard("n3", at(40, "x"));
    assertThat(roots.judge(at(80, "b"), OTHERS).verdict().op()).isZero();
  }

  @Test
  void the_odd_one_is_no_longer_named_when_it_is_no_member() {
    roots.heard("n2", at(40, "a"));
    roots.heard("n3", at(40, "x"));
    roots.judge(at(40, "a"), OTHERS);
    roots.judge(at(80, "b"), List.of("n2", "n4"));
    assertThat(roots.incidents("n1")).isEmpty();
  }

  @Test
  void a_node_that_left_the_site_has_no_voice() {
    roots.heard("n2", at(40, "x"));
    roots.heard("n4", at(40, "x"));
    Roots.Judgement judged = roots.judge(at(40, "a"), OTHERS);
    assertThat(judged.verdict().selfIsOdd()).isFalse();
    assertThat(roots.incidents("n1"))
        .hasSize(1)
        .allMatch(said -> said.startsWith("replicas-differ: n1 and n2 "));
  }

  @Test
  void the_odd_one_learns_whom_to_trust() {
    roots.heard("n2", at(40, "x"));
    roots.heard("n3", at(40, "x"));
    Roots.Judgement judged = roots.judge(at(40, "a"), OTHERS);
    assertThat(judged.verdict().selfIsOdd()).isTrue();
    assertThat(judged.majority()).containsExactly("n2", "n3");
  }

  @Test
  void each_comparison_counts_once() {
    roots.heard("n2", at(40, "a"));
    roots.heard("n3", at(40, "x"));
    for (int i = 0; i < 3; i++) {
      roots.judge(at(40, "a"), OTHERS);
    }
    assertThat(roots.counts()).isEqualTo(new Roots.Counts(1, 1));
    roots.heard("n2", at(80, "b"));
    roots.judge(at(80, "b"), OTHERS);
    assertThat(roots.counts()).isEqualTo(new Roots.Counts(2, 1));
  }
}

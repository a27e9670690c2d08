package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who belongs to a site, as one of its nodes knows it. */
class MembersTest {
  private static final Member N1 = new Member("n1", "localhost", 7401);
  private static final Member N3 = new Member("n3", "localhost", 7403);
  private static final Member SUCCESSOR = new Member("n2-2", "localhost", 7402);

  @TempDir Path directory;
  private Path home = Path.of("");
  private Genesis genesis;

  @BeforeEach
  void init() {
    home = Identities.site(directory.resolve("site")).resolve("n1");
    genesis = Genesis.read(home);
  }

  @Test
  void they_are_those_of_the_genesis_until_the_log_says_otherwise_and_then_for_good() {
    Members members = Members.open(home, genesis);
    assertThat(members.all()).extracting(Member::nodeId).containsExactly("n1", "n2", "n3");
    assertThat(members.changed(17, List.of(N1, N3, SUCCESSOR))).isTrue();
    for (Members each : List.of(members, Members.open(home, genesis))) {
      assertThat(each.all()).containsExactly(N1, N3, SUCCESSOR);
      assertThat(each.isRemoved("n2")).isTrue();
      assertThat(each.isMember("n2")).isFalse();
      assertThat(each.mayTakePart("n2")).isFalse();
    }
  }

  @Test
  void what_the_log_said_earlier_is_not_news() {
    Members members = Members.open(home, genesis);
    members.changed(17, List.of(N1, N3, SUCCESSOR));
    assertThat(members.changed(16, genesis.members())).isFalse();
    assertThat(members.changed(17, genesis.members())).isFalse();
    assertThat(members.isMember("n2")).isFalse();
    assertThat(members.changed(18, List.of(N1, N3, SUCCESSOR)))
        .as("a new leader repeats the members")
        .isFalse();
  }

  @Test
  void a_node_that_is_taken_in_may_answer_at_the_address_of_the_one_that_it_replaces() {
    Members members = Members.open(home, genesis);
    assertThat(members.at("localhost", 7402)).extracting(Member::nodeId).containsExactly("n2");
    members.expect(SUCCESSOR);
    assertThat(members.at("localhost", 7402))
        .extracting(Member::nodeId)
        .containsExactly("n2", "n2-2");
    assertThat(members.mayTakePart("n2-2")).isTrue();
    assertThat(members.isMember("n2-2")).isFalse();
  }

  @Test
  void a_seeded_node_is_no_member_before_consensus_says_so() {
    Genesis seeded =
        new Genesis(
            Genesis.FORMAT_LATER,
            genesis.ledgerId(),
            genesis.site(),
            "n1",
            genesis.incarnation(),
            genesis.dataKeyId(),
            genesis.members(),
            true,
            null,
            genesis.lineage());
    assertThat(Members.of(seeded).isMember("n1")).isFalse();
    assertThat(Members.of(genesis).isMember("n1")).isTrue();
  }

  @Test
  void members_of_another_incarnation_do_not_count() throws Exception {
    new MemberList(UUID.randomUUID(), 99, List.of(N1), java.util.Set.of("n2")).write(home);
    assertThat(Members.open(home, genesis).all()).hasSize(3);
  }

  @Test
  void a_directory_for_a_successor_is_whole_and_names_whom_it_asks() {
    Path target = directory.resolve("site").resolve("n2-2");
    JoinInit.prepare(
        directory.resolve("site").resolve("ca"),
        directory.resolve("site"),
        new SiteInit.NodePlan(SUCCESSOR, List.of(), java.util.Map.of()),
        "n2",
        target,
        Identities.CLOCK);
    assertThat(Seeding.isDue(target)).isTrue();
    JoinFile join = JoinFile.read(target);
    assertThat(join.peers()).containsExactly(N1, N3);
    assertThat(join.replaces()).isEqualTo("n2");
    NodeTls.load(join.genesis(), target.resolve("keys"), Identities.CLOCK);
    assertThat(Identities.refusal(() -> Genesis.read(target)).code()).isEqualTo("genesis-missing");
  }

  @Test
  void a_name_that_the_site_knows_or_knew_is_refused_for_a_new_node() {
    Members.open(home, genesis).changed(17, List.of(N1, N3, SUCCESSOR));
    for (String name : List.of("n1", "n2", "n2-2")) {
      assertThat(
              Identities.refusal(
                      () ->
                          JoinInit.prepare(
                              directory.resolve("site").resolve("ca"),
                              directory.resolve("site"),
                              new SiteInit.NodePlan(
                                  new Member(name, "localhost", 7409),
                                  List.of(),
                                  java.util.Map.of()),
                              null,
                              directory.resolve("new"),
                              Identities.CLOCK))
                  .code())
          .isEqualTo("bad-site");
    }
  }
}

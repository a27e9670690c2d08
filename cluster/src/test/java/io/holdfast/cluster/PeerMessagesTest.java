package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.cluster.RemoteSubmission.Outcome;
import io.holdfast.cluster.Waiting.Origin;
import io.holdfast.journal.Branch;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PeerMessagesTest {
  private static final Lineage LINEAGE =
      new Lineage(
          UInt128.of(9),
          List.of(
              new Branch(1, UInt128.of(9), 1, "ab".repeat(32)),
              new Branch(2, UInt128.MAX, 77, "cd".repeat(32))));

  private static final List<String> DECLINED = List.of("main", "far-away");

  private static final SortedMap<Long, String> ROOTS =
      new TreeMap<>(Map.of(40L, "ab".repeat(32), 80L, "0f".repeat(32)));

  private final Request request =
      Request.ofAccounts(List.of(Account.opening(UInt128.of(7), 1, 1, 0)));

  @Test
  void requests_arrive_as_they_were_sent() {
    byte[] bytes =
        PeerMessages.encodeSubmit(
            1500,
            List.of(
                new Waiting(new Origin(1, 2), request, 0),
                new Waiting(new Origin(3, 4), request, 0)));

    PeerMessages.Submit submit = PeerMessages.decodeSubmit(bytes);

    assertThat(submit.patienceMillis()).isEqualTo(1500);
    assertThat(submit.entries())
        .extracting(PeerMessages.Submit.Entry::origin)
        .containsExactly(new Origin(1, 2), new Origin(3, 4));
    assertThat(submit.entries().get(1).request().bytes()).isEqualTo(request.bytes());
  }

  @Test
  void outcomes_arrive_as_they_were_given() {
    List<Outcome> outcomes =
        List.of(
            new Outcome.Answered(new Reply(9, new byte[16])),
            new Outcome.NotLeader(),
            new Outcome.Overloaded(),
            new Outcome.Unknown());

    List<Outcome> decoded = PeerMessages.decodeOutcomes(PeerMessages.encodeOutcomes(outcomes));

    assertThat(decoded).hasSize(4);
    assertThat(decoded.get(0))
        .isInstanceOfSatisfying(
            Outcome.Answered.class, a -> assertThat(a.reply().op()).isEqualTo(9));
    assertThat(decoded.subList(1, 4)).isEqualTo(outcomes.subList(1, 4));
  }

  @Test
  void a_hello_arrives_as_it_was_said() {
    Hello hello =
        new Hello("00ff", "abcd", -5, true, false, 6, 7, "leader", LINEAGE, ROOTS, DECLINED);

    assertThat(PeerMessages.decodeHello(PeerMessages.encodeHello(hello))).isEqualTo(hello);
  }

  @Test
  void a_message_cut_anywhere_is_refused_with_a_code() {
    byte[] submit =
        PeerMessages.encodeSubmit(1, List.of(new Waiting(new Origin(1, 2), request, 0)));
    byte[] hello =
        PeerMessages.encodeHello(
            new Hello("00ff", "abcd", 5, false, true, 6, 7, "leader", LINEAGE, ROOTS, DECLINED));
    for (int length = 0; length < submit.length; length++) {
      byte[] cut = Arrays.copyOf(submit, length);
      assertThatThrownBy(() -> PeerMessages.decodeSubmit(cut))
          .isInstanceOf(HoldfastException.class);
    }
    for (int length = 0; length < hello.length; length++) {
      byte[] cut = Arrays.copyOf(hello, length);
      assertThatThrownBy(() -> PeerMessages.decodeHello(cut)).isInstanceOf(HoldfastException.class);
    }
  }
}

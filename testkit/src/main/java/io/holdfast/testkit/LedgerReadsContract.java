package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferWithDetails;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The part of {@link LedgerAccessContract} about looking up what stands now. */
public abstract class LedgerReadsContract extends LedgerWritesContract {
  @Test
  void look_ups_answer_in_the_order_asked_without_the_missing() {
    UInt128 first = account(0);
    UInt128 second = account(0);

    List<Account> found =
        ledger()
            .accounts(List.of(second, freshId(), first), Consistency.LINEARIZABLE)
            .join()
            .value();

    assertThat(found).extracting(Account::id).containsExactly(second, first);
  }

  @Test
  void a_transfer_is_found_as_it_was_sent_with_its_details() {
    UInt128 from = account(0);
    UInt128 to = account(0);
    byte[] details = {0, 1, 2, (byte) 0xFF};
    Transfer plain = payment(freshId(), from, to, 5);
    Transfer detailed =
        new Transfer(
            freshId(),
            from,
            to,
            new UInt128(1, 2),
            UInt128.ZERO,
            UInt128.MAX,
            -1,
            -2,
            0,
            978,
            65_535,
            0,
            0);

    Reply reply =
        submit(Request.ofTransfers(List.of(plain, detailed), List.of(new byte[0], details)));
    List<TransferWithDetails> found =
        ledger()
            .transfers(List.of(plain.id(), detailed.id()), Consistency.LINEARIZABLE)
            .join()
            .value();

    assertThat(found.get(0).transfer()).isEqualTo(at(plain, reply.timestamp(0)));
    assertThat(found.get(0).details()).isEmpty();
    assertThat(found.get(1).transfer()).isEqualTo(at(detailed, reply.timestamp(1)));
    assertThat(found.get(1).details()).isEqualTo(details);
  }

  @Test
  void a_read_sees_every_write_that_was_acknowledged_before_it() {
    UInt128 from = account(0);
    UInt128 to = account(0);
    for (int i = 1; i <= 50; i++) {
      Reply reply = submit(payment(freshId(), from, to, 1));
      var read = ledger().accounts(List.of(from), Consistency.LINEARIZABLE).join();
      assertThat(read.value().getFirst().debitsPosted()).isEqualTo(UInt128.of(i));
      assertThat(read.op()).isGreaterThanOrEqualTo(reply.op());
      assertThat(read.lagOps()).isZero();
    }
  }

  @Test
  void a_stale_read_says_how_far_behind_it_may_be() {
    UInt128 id = account(0);

    var read = ledger().accounts(List.of(id), Consistency.STALE_OK).join();

    assertThat(read.op()).isNotNegative();
    assertThat(read.lagOps()).isNotNegative();
    assertThat(read.lagMillis()).isNotNegative();
  }

  @Test
  void the_status_names_the_leader_and_counts() {
    account(0);

    var status = ledger().status().join();

    assertThat(status.ledgerId()).matches("[0-9a-f]{32}");
    assertThat(status.leader()).isNotEmpty();
    assertThat(status.nodes()).extracting("node").contains(status.node(), status.leader());
    assertThat(status.op()).isPositive();
    assertThat(status.accounts()).isPositive();
  }

  private static Transfer at(Transfer transfer, long timestamp) {
    return new Transfer(
        transfer.id(),
        transfer.debitAccountId(),
        transfer.creditAccountId(),
        transfer.amount(),
        transfer.pendingId(),
        transfer.userData128(),
        transfer.userData64(),
        transfer.userData32(),
        transfer.timeout(),
        transfer.ledger(),
        transfer.code(),
        transfer.flags(),
        timestamp);
  }
}

package io.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.LedgerAccess;
import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.TimeOrderedIds;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFlags;
import io.holdfast.ledger.AccountStatus;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import io.holdfast.ledger.TransferStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The part of {@link LedgerAccessContract} about writing and looking up. Ids are fresh each time,
 * so that one ledger may serve all tests.
 */
public abstract class LedgerWritesContract {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final TimeOrderedIds IDS = new TimeOrderedIds(new SystemClock());
  private static final int CURRENCY = 978;
  private static final int CODE = 10;

  /** The way under test; the same during one test. */
  protected abstract LedgerAccess ledger();

  @Test
  void an_account_is_created_once_and_exists_from_then_on() {
    Request request = Request.ofAccounts(List.of(Account.opening(IDS.next(), CURRENCY, CODE, 0)));

    Reply first = submit(request);
    Reply second = submit(request);

    assertThat(first.accountStatus(0).isSuccess()).isTrue();
    assertThat(second.accountStatus(0)).isEqualTo(AccountStatus.EXISTS);
    assertThat(second.timestamp(0)).isEqualTo(first.timestamp(0)).isPositive();
    assertThat(second.op()).isGreaterThan(first.op());
  }

  @Test
  void statuses_come_in_the_order_of_the_events() {
    UInt128 from = account(0);
    UInt128 to = account(0);
    UInt128 id = IDS.next();

    Reply reply =
        submit(
            Request.ofTransfers(
                List.of(
                    payment(id, from, to, 5),
                    payment(id, from, to, 6),
                    payment(IDS.next(), from, from, 7),
                    payment(UInt128.ZERO, from, to, 8),
                    payment(id, from, to, 5),
                    payment(IDS.next(), from, IDS.next(), 9))));

    assertThat(IntStream.range(0, reply.count()).mapToObj(i -> answer(reply, i)))
        .containsExactly(
            TransferStatus.CREATED,
            TransferStatus.EXISTS_WITH_DIFFERENT_AMOUNT,
            TransferStatus.ACCOUNTS_MUST_BE_DIFFERENT,
            TransferStatus.ID_MUST_NOT_BE_ZERO,
            TransferStatus.CREATED,
            TransferStatus.CREDIT_ACCOUNT_NOT_FOUND);
  }

  @Test
  void a_payment_moves_its_amount_and_a_refused_one_nothing() {
    UInt128 from = account(AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS);
    UInt128 to = account(0);
    UInt128 tooMuch = IDS.next();

    created(payment(IDS.next(), to, from, 100));
    created(payment(IDS.next(), from, to, 40));
    assertThat(answer(submit(payment(tooMuch, from, to, 61)), 0))
        .isEqualTo(TransferStatus.EXCEEDS_CREDITS);

    Account account = read(from);
    assertThat(account.creditsPosted()).isEqualTo(UInt128.of(100));
    assertThat(account.debitsPosted()).isEqualTo(UInt128.of(40));
    Reply again = submit(payment(tooMuch, from, to, 61));
    assertThat(again.transferStatus(0)).isEqualTo(TransferStatus.ID_ALREADY_FAILED);
    assertThat(again.reserved(0)).isEqualTo(TransferStatus.EXCEEDS_CREDITS.code());
  }

  @Test
  void a_reservation_is_posted_in_part_and_the_rest_released() {
    UInt128 from = account(0);
    UInt128 to = account(0);
    UInt128 reservation = IDS.next();

    created(with(payment(reservation, from, to, 100), TransferFlags.PENDING, UInt128.ZERO));
    assertThat(read(from).debitsPending()).isEqualTo(UInt128.of(100));
    created(
        with(payment(IDS.next(), from, to, 30), TransferFlags.POST_PENDING_TRANSFER, reservation));

    assertThat(read(from).debitsPending()).isEqualTo(UInt128.ZERO);
    assertThat(read(from).debitsPosted()).isEqualTo(UInt128.of(30));
    assertThat(
            submit(
                    with(
                        payment(IDS.next(), from, to, 0),
                        TransferFlags.VOID_PENDING_TRANSFER,
                        reservation))
                .transferStatus(0))
        .isEqualTo(TransferStatus.PENDING_TRANSFER_ALREADY_POSTED);
  }

  @Test
  void a_chain_succeeds_or_fails_whole() {
    UInt128 from = account(0);
    UInt128 to = account(0);

    Reply reply =
        submit(
            Request.ofTransfers(
                List.of(
                    with(payment(IDS.next(), from, to, 5), TransferFlags.LINKED, UInt128.ZERO),
                    payment(IDS.next(), from, IDS.next(), 6))));

    assertThat(reply.transferStatus(0)).isEqualTo(TransferStatus.LINKED_EVENT_FAILED);
    assertThat(answer(reply, 1)).isEqualTo(TransferStatus.CREDIT_ACCOUNT_NOT_FOUND);
    assertThat(read(from).debitsPosted()).isEqualTo(UInt128.ZERO);
  }

  @Test
  void payments_from_many_callers_are_each_made_once() {
    UInt128 from = account(0);
    UInt128 to = account(0);
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Request request = Request.ofTransfers(List.of(payment(IDS.next(), from, to, 3)));
      replies.add(ledger().submit(request, DEADLINE));
      replies.add(ledger().submit(request, DEADLINE));
    }

    assertThat(replies)
        .allSatisfy(reply -> assertThat(reply.join().transferStatus(0).isSuccess()).isTrue());
    assertThat(read(from).debitsPosted()).isEqualTo(UInt128.of(1_500));
    assertThat(read(to).creditsPosted()).isEqualTo(UInt128.of(1_500));
  }

  @Test
  void a_request_of_8189_events_is_answered_whole() {
    UInt128 from = account(0);
    UInt128 to = account(0);
    List<Transfer> transfers = new ArrayList<>();
    for (int i = 0; i < 8_189; i++) {
      transfers.add(payment(IDS.next(), from, to, 1));
    }

    Reply reply = submit(Request.ofTransfers(transfers));

    assertThat(reply.count()).isEqualTo(8_189);
    for (int i = 0; i < reply.count(); i++) {
      assertThat(answer(reply, i)).isEqualTo(TransferStatus.CREATED);
    }
    assertThat(read(from).debitsPosted()).isEqualTo(UInt128.of(8_189));
    List<UInt128> ids = transfers.stream().map(Transfer::id).toList();
    assertThat(ledger().transfers(ids, Consistency.LINEARIZABLE).join().value()).hasSize(8_189);
  }

  /** Opens an account with a fresh id. */
  final UInt128 account(int flags) {
    UInt128 id = IDS.next();
    Reply reply = submit(Request.ofAccounts(List.of(Account.opening(id, CURRENCY, CODE, flags))));
    assertThat(reply.accountStatus(0).isSuccess()).isTrue();
    return id;
  }

  final Account read(UInt128 id) {
    return ledger().accounts(List.of(id), Consistency.LINEARIZABLE).join().value().getFirst();
  }

  final Reply submit(Request request) {
    Reply reply = ledger().submit(request, DEADLINE).join();
    assertThat(reply.count()).isEqualTo(request.eventCount());
    return reply;
  }

  final Reply submit(Transfer transfer) {
    return submit(Request.ofTransfers(List.of(transfer)));
  }

  final void created(Transfer transfer) {
    assertThat(answer(submit(transfer), 0)).isEqualTo(TransferStatus.CREATED);
  }

  /**
   * What became of an event at first: a way to the ledger may have sent it twice, which answers
   * {@code exists} or {@code id_already_failed} and the original status.
   */
  static TransferStatus answer(Reply reply, int event) {
    TransferStatus status = reply.transferStatus(event);
    return switch (status) {
      case EXISTS -> TransferStatus.CREATED;
      case ID_ALREADY_FAILED -> TransferStatus.ofCode(reply.reserved(event));
      default -> status;
    };
  }

  static UInt128 freshId() {
    return IDS.next();
  }

  static Transfer payment(UInt128 id, UInt128 from, UInt128 to, long amount) {
    return Transfer.payment(id, from, to, amount, CURRENCY, CODE);
  }

  static Transfer with(Transfer transfer, int flags, UInt128 pendingId) {
    return new Transfer(
        transfer.id(),
        transfer.debitAccountId(),
        transfer.creditAccountId(),
        transfer.amount(),
        pendingId,
        transfer.userData128(),
        transfer.userData64(),
        transfer.userData32(),
        transfer.timeout(),
        transfer.ledger(),
        transfer.code(),
        flags,
        transfer.timestamp());
  }
}

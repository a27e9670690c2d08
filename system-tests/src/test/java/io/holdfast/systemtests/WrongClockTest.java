package io.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.LedgerAccess.Consistency;
import io.holdfast.client.Outcome;
import io.holdfast.drill.Deadline;
import io.holdfast.drill.NodeProcess;
import io.holdfast.drill.PaymentLoad;
import io.holdfast.drill.SiteProbe.NodeView;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One node's wall clock is wrong, from the start or by a step. Money must not notice. */
@Isolated("a starved node holds elections that no clock caused")
class WrongClockTest {
  private static final Duration RESUMED = RunningSite.RESUMED;
  private static final int LONG_TIMEOUT_SECONDS = 1_800; // half of what the clocks are off
  private static final int SHORT_TIMEOUT_SECONDS = 2;

  private final RunningSite site = RunningSite.prepared("clock", 3);

  @BeforeEach
  void giveEachNodeAClockThatCanBeSet() {
    for (NodeProcess node : site.nodes()) {
      set(node, 0);
      node.launch(node.launch().withJvmFlags("-Dholdfast.clock.offset-file=" + offset(node)));
      electsOnlyForACause(node);
    }
  }

  /**
   * A busy machine may starve a node for longer than the usual 300 ms, and the election that
   * follows has nothing to do with clocks. Ours are an hour off, which two seconds do not hide.
   */
  private static void electsOnlyForACause(NodeProcess node) {
    String settings =
        "consensus:\n  election-timeout-min: 1000ms\n  election-timeout-max: 2000ms\n";
    try {
      Files.writeString(node.configuration(), settings, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void killAll() {
    site.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {3_600_000, -3_600_000})
  void a_follower_whose_clock_is_an_hour_off_is_named_and_harms_nothing(int offMillis) {
    NodeProcess wrong = site.nodes().getLast();
    set(wrong, offMillis);
    site.startAll();
    awaitNamed(wrong);
    awaitLeaderOtherThan(wrong);
    long term = term();
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(Seeds.next("wrong clock")))) {
      load.start();
      reservationsExpireInTimeAndNotBefore(load);
      load.awaitAcknowledged(200, RESUMED);
      site.prove(load);
    }
    assertThat(term()).as("the term: nobody stood for election").isEqualTo(term);
  }

  @ParameterizedTest
  @ValueSource(ints = {3_600_000, -3_600_000})
  void a_step_of_the_leaders_clock_neither_expires_nor_stops_anything(int stepMillis) {
    site.startAll();
    NodeProcess leader = site.leader();
    try (PaymentLoad load = site.clientLoad(RunningSite.modest(Seeds.next("stepped clock")))) {
      load.start();
      Reservation held = reserve(load, 1, LONG_TIMEOUT_SECONDS);
      set(leader, stepMillis);
      awaitNamed(leader);
      awaitLeaderOtherThan(leader);
      load.awaitAcknowledged(200, RESUMED);

      assertThat(post(load, held, 2))
          .as("posting what is reserved")
          .isInstanceOf(Outcome.Answered.class);
      reservationsExpireInTimeAndNotBefore(load);
      site.prove(load);
      assertThat(site.nodes()).allMatch(NodeProcess::isAlive);
    }
  }

  /** A short reservation expires about when it should; a long one stays. */
  private void reservationsExpireInTimeAndNotBefore(PaymentLoad load) {
    Reservation longer = reserve(load, 11, LONG_TIMEOUT_SECONDS);
    long from = System.nanoTime();
    Reservation shorter = reserve(load, 12, SHORT_TIMEOUT_SECONDS);
    Deadline.await(
        "the reservation of " + SHORT_TIMEOUT_SECONDS + " s is released",
        RESUMED,
        () -> pending(shorter.debit()) == 0);
    double seconds = (System.nanoTime() - from) / 1e9;
    assertThat(seconds).as("seconds until released").isGreaterThan(SHORT_TIMEOUT_SECONDS - 0.1);
    assertThat(pending(longer.debit())).isEqualTo(1);
  }

  private record Reservation(UInt128 id, UInt128 debit) {}

  /** Between accounts of its own, apart from those of the load. */
  private Reservation reserve(PaymentLoad load, int number, int timeoutSeconds) {
    UInt128 debit = load.plan().payment(5_000, 2L * number);
    UInt128 credit = load.plan().payment(5_000, 2L * number + 1);
    for (UInt128 account : List.of(debit, credit)) {
      assertThat(site.client().account(Account.opening(account, 978, 1, 0)).join())
          .isInstanceOf(Outcome.Answered.class);
    }
    UInt128 id = load.plan().payment(6_000, number);
    Transfer pending =
        transfer(id, debit, credit, 1, UInt128.ZERO, timeoutSeconds, TransferFlags.PENDING);
    assertThat(site.client().transfer(pending).join()).isInstanceOf(Outcome.Answered.class);
    return new Reservation(id, debit);
  }

  private Outcome post(PaymentLoad load, Reservation held, int number) {
    UInt128 id = load.plan().payment(7_000, number);
    UInt128 zero = UInt128.ZERO;
    return site.client()
        .transfer(transfer(id, zero, zero, 1, held.id(), 0, TransferFlags.POST_PENDING_TRANSFER))
        .join();
  }

  private static Transfer transfer(
      UInt128 id,
      UInt128 debit,
      UInt128 credit,
      long amount,
      UInt128 pendingId,
      int timeout,
      int flags) {
    return new Transfer(
        id,
        debit,
        credit,
        UInt128.of(amount),
        pendingId,
        UInt128.ZERO,
        0,
        0,
        timeout,
        978,
        1,
        flags,
        0);
  }

  private long pending(UInt128 account) {
    return site.client()
        .accounts(List.of(account), Consistency.LINEARIZABLE)
        .join()
        .value()
        .getFirst()
        .debitsPending()
        .lo();
  }

  private void awaitNamed(NodeProcess wrong) {
    Deadline.await(
        "the incident names " + wrong.name(),
        RunningSite.SOON,
        () ->
            site.nodes().stream()
                .flatMap(node -> site.probe().view(node).stream())
                .flatMap(view -> view.incidents().stream())
                .anyMatch(words -> words.contains("clock") && words.contains(wrong.name())));
  }

  /** It may have been elected before its clock was compared with the others'. */
  private void awaitLeaderOtherThan(NodeProcess wrong) {
    Deadline.await(
        "a node whose clock is wrong gives up leadership",
        RunningSite.SOON,
        () -> site.leader() != wrong);
  }

  private long term() {
    return site.probe().view(site.leader()).map(NodeView::term).orElseThrow();
  }

  private static Path offset(NodeProcess node) {
    return node.directory().resolve("clock-offset");
  }

  private static void set(NodeProcess node, int millis) {
    try {
      // Renamed into place: the node reads the file at every call.
      Path beside = node.directory().resolve("clock-offset.new");
      Files.writeString(beside, Integer.toString(millis));
      Files.move(
          beside,
          offset(node),
          java.nio.file.StandardCopyOption.ATOMIC_MOVE,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

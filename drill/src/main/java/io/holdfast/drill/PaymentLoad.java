package io.holdfast.drill;

import io.holdfast.client.LedgerAccess;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that pay at the same time, each writing down what it sent and what it was told. Started
 * once, stopped once; what it counts may be looked at in between by any thread.
 */
public final class PaymentLoad implements AutoCloseable {
  private static final Duration READ_PATIENCE = Duration.ofSeconds(2);
  private static final long PAUSE_WHEN_NOT_TAKEN_NANOS = 5_000_000;

  private final LoadPlan plan;
  private final PaymentDoor door;
  private final List<PaymentHistory> histories = new ArrayList<>();
  private final List<Thread> clients = new ArrayList<>();
  private final ConcurrentLinkedQueue<UInt128> unseen = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
  private volatile boolean running;
  private volatile long startedNanos;
  private volatile long stoppedNanos;

  public PaymentLoad(LoadPlan plan, PaymentDoor door) {
    this.plan = plan;
    this.door = door;
    for (int client = 0; client < plan.clients(); client++) {
      histories.add(new PaymentHistory(client));
    }
  }

  /** Opens the plan's accounts; opening them again changes nothing. */
  public static void openAccounts(LoadPlan plan, LedgerAccess access, Duration within) {
    Reply reply =
        ClientDoor.await(access.submit(Request.ofAccounts(plan.openings()), within), within);
    for (int i = 0; i < reply.count(); i++) {
      if (!reply.accountStatus(i).isSuccess()) {
        throw new HoldfastException(
            "account-refused",
            "account "
                + plan.openings().get(i).id().toId()
                + " could not be opened: "
                + reply.accountStatus(i).label(),
            "");
      }
    }
  }

  public void start() {
    running = true;
    startedNanos = System.nanoTime();
    for (PaymentHistory history : histories) {
      clients.add(
          Thread.ofVirtual()
              .name("payer-" + history.client())
              .start(() -> payUntilStopped(history)));
    }
  }

  /** No new payments; waits until each client has the answer, or gave up, on its last one. */
  public void stop() {
    running = false;
    Deadline deadline = Deadline.in(plan.deadline().plusSeconds(10));
    for (Thread client : clients) {
      try {
        if (!client.join(deadline.left().plusMillis(1))) {
          throw new HoldfastException(
              "client-stuck",
              client.getName() + " got no outcome, though its deadline passed",
              "a client must always come back with an answer, a refusal or unknown");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HoldfastException("interrupted", "interrupted while the load stopped", "", e);
      }
    }
    stoppedNanos = System.nanoTime();
    Throwable fault = broken.get();
    if (fault != null) {
      throw new HoldfastException("client-broken", "a paying client failed: " + fault, "", fault);
    }
  }

  /** Stops without complaint; for the end of a test or drill that failed already. */
  @Override
  public void close() {
    running = false;
    clients.forEach(Thread::interrupt);
    door.close();
  }

  public LoadPlan plan() {
    return plan;
  }

  /** What each client sent and was told; complete once stopped. */
  public List<PaymentHistory> histories() {
    return List.copyOf(histories);
  }

  /** Payments that had been acknowledged when a look-up after that did not show them. */
  public List<UInt128> unseen() {
    return List.copyOf(unseen);
  }

  public long sent() {
    return histories.stream().mapToLong(PaymentHistory::size).sum();
  }

  public long acknowledged() {
    return histories.stream().mapToLong(PaymentHistory::successes).sum();
  }

  /** On the machine's monotonic clock. */
  public long startedNanos() {
    return startedNanos;
  }

  /** On the machine's monotonic clock; 0 while it runs. */
  public long stoppedNanos() {
    return stoppedNanos;
  }

  /** Waits until so many more payments were acknowledged. */
  public void awaitAcknowledged(long more, Duration within) {
    long goal = acknowledged() + more;
    Deadline.await(more + " more acknowledged payments", within, () -> acknowledged() >= goal);
  }

  private void payUntilStopped(PaymentHistory history) {
    try {
      PaymentMaker maker = new PaymentMaker(plan, history.client());
      long pace = plan.requestsPerSecond() == 0 ? 0 : 1_000_000_000L / plan.requestsPerSecond();
      long next = System.nanoTime();
      for (int count = 1; running; count++) {
        pay(history, maker, plan.readBackEvery() > 0 && count % plan.readBackEvery() == 0);
        next = Math.max(next + pace, System.nanoTime() - pace); // no burst after an outage
        while (running && next - System.nanoTime() > 0) {
          LockSupport.parkNanos(next - System.nanoTime());
        }
      }
    } catch (RuntimeException | Error e) {
      if (running) {
        broken.compareAndSet(null, e);
      }
    }
  }

  private void pay(PaymentHistory history, PaymentMaker maker, boolean readBack) {
    PaymentMaker.Step step = maker.next();
    List<Transfer> request = step.request();
    int firstRow = -1;
    long sentNanos = System.nanoTime();
    for (Transfer transfer : request) {
      int row = history.sending(transfer, step.again(), sentNanos);
      firstRow = firstRow < 0 ? row : firstRow;
    }
    Told told = door.pay(history.client(), request, plan.deadline());
    long answeredNanos = System.nanoTime();
    switch (told) {
      case Told.Answered(Reply reply) -> {
        for (int i = 0; i < request.size(); i++) {
          history.judged(
              firstRow + i, reply.statusCode(i), reply.timestamp(i), reply.op(), answeredNanos);
          maker.judged(step, i, reply.transferStatus(i).isSuccess());
        }
        if (readBack && reply.transferStatus(0).isSuccess()) {
          readBack(history.client(), request.getFirst().id());
        }
      }
      case Told.NotTaken(String code) -> {
        closeAll(history, firstRow, request.size(), PaymentHistory.Fate.NOT_TAKEN, answeredNanos);
        LockSupport.parkNanos(PAUSE_WHEN_NOT_TAKEN_NANOS);
      }
      case Told.Unknown(String code) ->
          closeAll(history, firstRow, request.size(), PaymentHistory.Fate.UNKNOWN, answeredNanos);
    }
  }

  private static void closeAll(
      PaymentHistory history, int firstRow, int rows, PaymentHistory.Fate fate, long nowNanos) {
    for (int i = 0; i < rows; i++) {
      history.close(firstRow + i, fate, nowNanos);
    }
  }

  private void readBack(int client, UInt128 id) {
    try {
      // At another gateway than the one that the client pays at, where there is one.
      if (door.lookUp(client + 1, List.of(id), READ_PATIENCE).isEmpty()) {
        unseen.add(id);
      }
    } catch (HoldfastException e) {
      return; // no answer is no false answer; outages are measured by the payments
    }
  }
}

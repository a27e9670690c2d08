package io.holdfast.drill;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes one client's requests from the seed and from what it was told so far: only reservations
 * that were acknowledged are posted or voided. Used by one thread.
 */
final class PaymentMaker {
  private static final int REMEMBERED = 64;
  private static final int AMOUNT_MAX = 10_000;
  private static final int HUNDRED = 100;

  private final LoadPlan plan;
  private final int client;
  private final SplittableRandom random;
  private final Deque<Transfer> reservations = new ArrayDeque<>();
  private final Deque<Transfer> answered = new ArrayDeque<>();
  private long sequence;

  PaymentMaker(LoadPlan plan, int client) {
    this.plan = plan;
    this.client = client;
    this.random = new SplittableRandom(plan.seed() * 1_000_003 + client);
  }

  /**
   * What to send next.
   *
   * @param again whether all of it was answered before
   */
  record Step(List<Transfer> request, boolean again) {}

  Step next() {
    LoadPlan.Mixture mixture = plan.mixture();
    int draw = random.nextInt(HUNDRED);
    if ((draw -= mixture.twoPhase()) < 0) {
      return fresh(List.of(twoPhase()));
    }
    if ((draw -= mixture.linked()) < 0) {
      return fresh(chain());
    }
    if ((draw -= mixture.refused()) < 0) {
      return fresh(List.of(breakingARule()));
    }
    if ((draw -= mixture.again()) < 0 && !answered.isEmpty()) {
      return new Step(List.of(answered.removeFirst()), true);
    }
    return fresh(List.of(plain(0)));
  }

  /**
   * What was judged: a success may be posted or voided later. What was sent alone may be sent again
   * later; an event of a chain may not, for alone it is another thing.
   */
  void judged(Step step, int event, boolean success) {
    Transfer transfer = step.request().get(event);
    if (step.again()) {
      return;
    }
    if (success && transfer.flags() == TransferFlags.PENDING) {
      remember(reservations, transfer);
    }
    if (plan.mixture().again() > 0 && step.request().size() == 1) {
      remember(answered, transfer);
    }
  }

  private static Step fresh(List<Transfer> request) {
    return new Step(request, false);
  }

  private static void remember(Deque<Transfer> memory, Transfer transfer) {
    memory.addLast(transfer);
    if (memory.size() > REMEMBERED) {
      memory.removeFirst();
    }
  }

  private Transfer plain(int flags) {
    int debit = random.nextInt(plan.accounts());
    int credit = (debit + 1 + random.nextInt(plan.accounts() - 1)) % plan.accounts();
    return transfer(plan.account(debit), plan.account(credit), amount(), UInt128.ZERO, flags);
  }

  private Transfer twoPhase() {
    if (reservations.isEmpty() || random.nextInt(3) == 0) {
      return plain(TransferFlags.PENDING);
    }
    Transfer reserved = reservations.removeFirst();
    boolean post = random.nextInt(3) > 0;
    long whole = reserved.amount().lo();
    long amount = post ? 1 + random.nextLong(whole) : 0;
    return transfer(
        UInt128.ZERO,
        UInt128.ZERO,
        amount,
        reserved.id(),
        post ? TransferFlags.POST_PENDING_TRANSFER : TransferFlags.VOID_PENDING_TRANSFER);
  }

  private List<Transfer> chain() {
    int length = 2 + random.nextInt(3);
    boolean fails = random.nextInt(4) == 0;
    List<Transfer> chain = new ArrayList<>();
    for (int i = 0; i < length - 1; i++) {
      chain.add(plain(TransferFlags.LINKED));
    }
    chain.add(fails ? breakingARule() : plain(0));
    return chain;
  }

  private Transfer breakingARule() {
    UInt128 good = plan.account(random.nextInt(plan.accounts()));
    return switch (random.nextInt(3)) {
      case 0 -> transfer(plan.pennilessAccount(), good, amount(), UInt128.ZERO, 0);
      case 1 -> transfer(good, plan.unknownAccount(), amount(), UInt128.ZERO, 0);
      default -> transfer(good, good, amount(), UInt128.ZERO, 0);
    };
  }

  private long amount() {
    return 1L + random.nextInt(AMOUNT_MAX);
  }

  private Transfer transfer(
      UInt128 debit, UInt128 credit, long amount, UInt128 pendingId, int flags) {
    boolean settles = !pendingId.isZero();
    return new Transfer(
        plan.payment(client, sequence++),
        debit,
        credit,
        UInt128.of(amount),
        pendingId,
        UInt128.ZERO,
        sequence,
        client,
        0,
        settles ? 0 : LoadPlan.LEDGER,
        settles ? 0 : LoadPlan.CODE,
        flags,
        0);
  }
}

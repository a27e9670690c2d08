package io.holdfast.drill;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Transfer;
import java.time.Duration;
import java.util.List;

/**
 * The way by which a load's clients pay. Safe for use by many threads, which it blocks: callers are
 * virtual threads.
 */
public interface PaymentDoor extends AutoCloseable {
  /**
   * Sends the transfers as one request, again with the same ids where that helps, until answered or
   * the deadline passes.
   *
   * @param client who pays, from 0: spreads clients over gateways
   */
  Told pay(int client, List<Transfer> request, Duration deadline);

  /**
   * Looks transfers up, seeing every acknowledged one; missing ones are absent.
   *
   * @throws io.holdfast.kernel.HoldfastException when no answer came by the deadline
   */
  List<Transfer> lookUp(int client, List<UInt128> ids, Duration deadline);

  @Override
  void close();
}

package io.holdfast.drill;

import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFlags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a load does. Everything but the pace of the answers follows from the seed.
 *
 * @param seed of all choices; the failing run's seed repeats its payments
 * @param run upper half of all ids of this run, so that runs on one ledger do not meet
 * @param accounts among which money moves
 * @param clients that pay at the same time, each waiting for its answer before its next request
 * @param requestsPerSecond of each client at most; 0 for as fast as answers come
 * @param deadline of a request
 * @param mixture shares of the kinds of payments
 * @param readBackEvery after so many requests a client looks its last payment up; 0 for never
 */
public record LoadPlan(
    long seed,
    long run,
    int accounts,
    int clients,
    int requestsPerSecond,
    Duration deadline,
    Mixture mixture,
    int readBackEvery) {
  public static final int LEDGER = 978; // euro, ISO 4217
  public static final int CODE = 1;
  private static final long ACCOUNT_HALF = 1L << 63;

  /**
   * Shares of a hundred; what is left are plain payments.
   *
   * @param twoPhase reserved first, then posted whole or in part, or voided
   * @param linked chains of two to four that share their fate, one in four of them a failing one
   * @param refused payments that break a rule on purpose
   * @param again payments sent again that were answered before
   */
  public record Mixture(int twoPhase, int linked, int refused, int again) {
    public static final Mixture PLAIN = new Mixture(0, 0, 0, 0);
    public static final Mixture OF_EVERYTHING = new Mixture(20, 10, 10, 5);
  }

  /** A mixture of everything, by a handful of clients as fast as they get answers. */
  public static LoadPlan of(long seed, int clients) {
    long run = (System.currentTimeMillis() << 16) | (seed & 0xFFFF);
    return new LoadPlan(
        seed, run, 64, clients, 0, Duration.ofSeconds(10), Mixture.OF_EVERYTHING, 16);
  }

  public LoadPlan withMixture(Mixture other) {
    return new LoadPlan(
        seed, run, accounts, clients, requestsPerSecond, deadline, other, readBackEvery);
  }

  public LoadPlan withRequestsPerSecond(int each) {
    return new LoadPlan(seed, run, accounts, clients, each, deadline, mixture, readBackEvery);
  }

  public LoadPlan withDeadline(Duration other) {
    return new LoadPlan(
        seed, run, accounts, clients, requestsPerSecond, other, mixture, readBackEvery);
  }

  public LoadPlan withAccounts(int count) {
    return new LoadPlan(
        seed, run, count, clients, requestsPerSecond, deadline, mixture, readBackEvery);
  }

  /** The account with this number, from 0. */
  public UInt128 account(int number) {
    return new UInt128(run, ACCOUNT_HALF + 1 + number);
  }

  /** An account that must not be overdrawn and never gets money. */
  public UInt128 pennilessAccount() {
    return account(accounts);
  }

  /** An id that no account has. */
  public UInt128 unknownAccount() {
    return account(accounts + 1);
  }

  /** The id of a client's payment. */
  public UInt128 payment(int client, long sequence) {
    return new UInt128(run, ((long) (client + 1) << 40) | sequence);
  }

  /** The accounts to be opened before the load begins. */
  public List<Account> openings() {
    List<Account> openings = new ArrayList<>();
    for (int i = 0; i < accounts; i++) {
      openings.add(Account.opening(account(i), LEDGER, CODE, 0));
    }
    openings.add(
        Account.opening(
            pennilessAccount(), LEDGER, CODE, AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS));
    return openings;
  }
}

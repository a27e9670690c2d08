package io.holdfast.ledger;

import io.holdfast.kernel.UInt128;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** The state machine. Not safe for use by more than one thread at a time. */
public final class Ledger implements Queries, AutoCloseable {
  /** The version of the rules in this code; a batch names the version that judges it. */
  public static final int RULES_VERSION = 1;

  /**
   * An empty ledger.
   *
   * @param hashSeed spreads ids in the indexes; it has no influence on any result or digest
   */
  public Ledger(long hashSeed) {}

  /**
   * Judges a batch as the next op.
   *
   * @param batch laid out as {@link Batch} says, {@code sizeBytes} long
   * @param results takes 16 bytes per event over all requests in order (nothing for a pulse)
   * @return the number of results written
   */
  public int apply(MemorySegment batch, long sizeBytes, MemorySegment results) {
    return 0;
  }

  /** The position of the last batch applied; 0 before the first. */
  public long op() {
    return 0;
  }

  /** T of the last batch: no later event gets a smaller timestamp. */
  public long lastTimestamp() {
    return 0;
  }

  /** When the next pending transfer expires; {@link Long#MAX_VALUE} when none will. */
  public long nextExpiryNanos() {
    return Long.MAX_VALUE;
  }

  public long accountCount() {
    return 0;
  }

  /** Transfers created so far. */
  public long transferCount() {
    return 0;
  }

  /** SHA-256 over the whole state; equal on all replicas at the same op. */
  public byte[] digest() {
    return new byte[32];
  }

  /** Whether, over all accounts of each ledger, debits equal credits, posted and pending. */
  public boolean conserved() {
    return true;
  }

  @Override
  public List<Account> accounts(List<UInt128> ids) {
    return List.of();
  }

  @Override
  public List<Transfer> transfers(List<UInt128> ids) {
    return List.of();
  }

  @Override
  public Optional<byte[]> details(UInt128 transferId) {
    return Optional.empty();
  }

  @Override
  public Page<Account> accounts(AccountFilter filter) {
    return new Page<>(List.of(), 0);
  }

  @Override
  public Page<Transfer> transfersOf(UInt128 accountId, HistoryFilter filter) {
    return new Page<>(List.of(), 0);
  }

  @Override
  public Page<Balance> balancesOf(UInt128 accountId, HistoryFilter filter) {
    return new Page<>(List.of(), 0);
  }

  /** Releases the memory. */
  @Override
  public void close() {}
}

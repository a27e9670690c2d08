package io.holdfast.ledger;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Invariants;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The state machine: {@code (state, batch) -> (state', results)}. The same batches give the same
 * state, results and digest on every machine.
 *
 * <p>{@link #apply} excludes everything else; between two calls of it any number of threads may
 * read. The caller sees to that.
 */
public final class Ledger implements Queries, AutoCloseable {
  /** The version of the rules in this code; a batch names the version that judges it. */
  public static final int RULES_VERSION = 1;

  private final Arena arena = Arena.ofShared();
  private final AccountStore accounts;
  private final TransferStore transfers;
  private final ExpiryQueue expiries;
  private final AccountJudge accountJudge;
  private final TransferJudge transferJudge;
  private final Pulse pulse;
  private final Conservation conservation;
  private final RequestJudge requestJudge;
  private final Histories histories;
  private long op;
  private long lastTimestamp;
  private long movementsBefore;

  /**
   * An empty ledger.
   *
   * @param hashSeed spreads ids in the indexes; it has no influence on any result or digest
   */
  public Ledger(long hashSeed) {
    this(hashSeed, RecordStore.CHUNK_SHIFT);
  }

  /**
   * @param chunkShift binary logarithm of the records in a chunk of memory
   */
  Ledger(long hashSeed, int chunkShift) {
    accounts = new AccountStore(arena, hashSeed, chunkShift);
    transfers = new TransferStore(arena, hashSeed, chunkShift);
    expiries = new ExpiryQueue(transfers);
    accountJudge = new AccountJudge(accounts, transfers);
    transferJudge = new TransferJudge(accounts, transfers, expiries);
    pulse = new Pulse(expiries, transferJudge.resolution());
    conservation = new Conservation(accounts);
    requestJudge = new RequestJudge(conservation);
    histories = new Histories(accounts, transfers);
  }

  /**
   * Judges a batch as the next op. A batch that is not laid out as it must be, or whose rules
   * version is unknown, breaks an invariant before anything is changed.
   *
   * @param batch laid out as {@link Batch} says, {@code sizeBytes} long
   * @param results takes 16 bytes per event over all requests in order (nothing for a pulse)
   * @return the number of results written
   */
  public int apply(MemorySegment batch, long sizeBytes, MemorySegment results) {
    checkOpen();
    BatchStructure.check(batch, sizeBytes, results.byteSize());
    boolean isPulse = Batch.requestKind(batch, Batch.HEADER_BYTES) == RequestKind.PULSE.code();
    int events = isPulse ? 0 : Batch.eventCount(batch);
    movementsBefore = transfers.size();
    lastTimestamp =
        isPulse
            ? pulse.release(Batch.stamp(batch), lastTimestamp)
            : judge(batch, Batch.requestCount(batch), events, results);
    conservation.check();
    expiries.settle();
    op++;
    return events;
  }

  /** Judges all requests and returns the batch's time. */
  private long judge(MemorySegment batch, int requests, int events, MemorySegment results) {
    long time = Math.max(Batch.stamp(batch), lastTimestamp + events);
    Invariants.check(time > 0, "time of the batch is in range");
    long timestamp = time - events + 1;
    long at = Batch.HEADER_BYTES;
    long resultsAt = 0;
    for (int i = 0; i < requests; i++) {
      EventJudge judge =
          Batch.requestKind(batch, at) == RequestKind.CREATE_ACCOUNTS.code()
              ? accountJudge
              : transferJudge;
      long requestAt = at + Batch.REQUEST_HEADER_BYTES;
      int count = requestJudge.judge(batch, requestAt, judge, timestamp, results, resultsAt);
      timestamp += count;
      resultsAt += (long) count * Reply.RESULT_BYTES;
      at = requestAt + Batch.requestLength(batch, at);
    }
    return time;
  }

  /** The position of the last batch applied; 0 before the first. */
  public long op() {
    return op;
  }

  /** T of the last batch: no later event gets a smaller timestamp. */
  public long lastTimestamp() {
    return lastTimestamp;
  }

  /** When the next pending transfer expires; {@link Long#MAX_VALUE} when none will. */
  public long nextExpiryNanos() {
    return expiries.next();
  }

  public long accountCount() {
    return accounts.size();
  }

  /** Transfers created so far. */
  public long transferCount() {
    return transfers.transferCount();
  }

  /** Movements so far: transfers created, and between them the expiries of pending ones. */
  public long movementCount() {
    return transfers.size();
  }

  /** Movements before the last batch: those from this position on are its own, in its order. */
  public long movementsBefore() {
    return movementsBefore;
  }

  /**
   * Copies the record of a movement as it is stored. That of an expiry is like its pending transfer
   * but for timestamp, pending_id, which is the pending transfer's own id, and flags.
   */
  public void copyMovement(long position, MemorySegment to, long at) {
    Invariants.check(
        position >= 0 && position < transfers.size(),
        "a movement is one of the ledger's",
        transfers.size(),
        position);
    MemorySegment.copy(RecordStore.MEMORY, transfers.at(position), to, at, TransferRecord.BYTES);
  }

  /** SHA-256 over the whole state; equal on all replicas at the same op. */
  public byte[] digest() {
    checkOpen();
    return LedgerDigest.of(op, lastTimestamp, accounts, transfers);
  }

  /** Whether, over all accounts of each ledger, debits equal credits, posted and pending. */
  public boolean conserved() {
    checkOpen();
    return conservation.holdsForAll();
  }

  @Override
  public List<Account> accounts(List<UInt128> ids) {
    checkOpen();
    checkLimit("ids", ids.size(), Limits.LOOKUP_IDS_MAX);
    List<Account> found = new ArrayList<>(ids.size());
    for (UInt128 id : ids) {
      int position = accounts.find(id.hi(), id.lo());
      if (position != AccountStore.NOT_FOUND) {
        found.add(AccountRecord.read(RecordStore.MEMORY, accounts.at(position)));
      }
    }
    return found;
  }

  @Override
  public List<Transfer> transfers(List<UInt128> ids) {
    checkOpen();
    checkLimit("ids", ids.size(), Limits.LOOKUP_IDS_MAX);
    List<Transfer> found = new ArrayList<>(ids.size());
    for (UInt128 id : ids) {
      long position = transfers.findTransfer(id.hi(), id.lo());
      if (position != TransferStore.NOT_FOUND) {
        found.add(TransferRecord.read(RecordStore.MEMORY, transfers.at(position)));
      }
    }
    return found;
  }

  @Override
  public Optional<byte[]> details(UInt128 transferId) {
    checkOpen();
    long position = transfers.findTransfer(transferId.hi(), transferId.lo());
    if (position == TransferStore.NOT_FOUND) {
      return Optional.empty();
    }
    byte[] details = transfers.details().read(position);
    return details.length == 0 ? Optional.empty() : Optional.of(details);
  }

  @Override
  public Page<Account> accounts(AccountFilter filter) {
    checkOpen();
    checkLimit("limit", filter.limit(), Limits.PAGE_ROWS_MAX);
    return AccountQueries.page(accounts, filter);
  }

  @Override
  public Page<Transfer> transfersOf(UInt128 accountId, HistoryFilter filter) {
    checkOpen();
    checkLimit("limit", filter.limit(), Limits.PAGE_ROWS_MAX);
    int account = accounts.find(accountId.hi(), accountId.lo());
    return account == AccountStore.NOT_FOUND
        ? new Page<>(List.of(), 0)
        : histories.transfersOf(account, filter);
  }

  @Override
  public Page<Balance> balancesOf(UInt128 accountId, HistoryFilter filter) {
    checkOpen();
    checkLimit("limit", filter.limit(), Limits.PAGE_ROWS_MAX);
    int account = accounts.find(accountId.hi(), accountId.lo());
    return account == AccountStore.NOT_FOUND
        ? new Page<>(List.of(), 0)
        : histories.balancesOf(account, filter);
  }

  /** Memory is reached without a check at each access; a ledger that was closed ends here. */
  private void checkOpen() {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("the ledger is closed");
    }
  }

  /** Releases the memory. */
  @Override
  public void close() {
    arena.close();
  }

  /** Where a test finds the accounts, to break them. */
  AccountStore accountStore() {
    return accounts;
  }

  private static void checkLimit(String field, int value, int most) {
    boolean counted = field.equals("limit");
    if (value > most || (counted && value < 1)) {
      throw new HoldfastException(
          "out-of-range",
          (counted ? "limit is " + value : value + " ids are asked for")
              + "; allowed: "
              + (counted ? "1 to " : "at most ")
              + most,
          "ask for the rest with a second call");
    }
  }
}

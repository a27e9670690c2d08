package io.holdfast.ledger;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.holdfast.kernel.Invariants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The state machine: {@code (state, batch) -> (state', results)}. The same batches give the same
 * state, results and digest on every machine.
 *
 * <p>{@link #apply} excludes everything else; between two calls of it any number of threads may
 * read. The caller sees to that.
 */
public final class Ledger implements AutoCloseable {
  /** The version of the rules in this code; a batch names the version that judges it. */
  public static final int RULES_VERSION = 1;

  private final Arena arena = Arena.ofShared();
  private final AccountStore accounts;
  private final TransferStore transfers;
  private final Reservations reservations;
  private final ExpiryQueue expiries;
  private final AccountJudge accountJudge;
  private final TransferJudge transferJudge;
  private final Pulse pulse;
  private final Conservation conservation;
  private final RequestJudge requestJudge;
  private final RecentQueries queries;
  private final Prefetch prefetch;
  private final Events sealedEvents = new Events();
  private final PagePool pagePool = new PagePool(arena);
  private final long generationWeight;
  private long op;
  private long lastTimestamp;
  private long movementsBefore;
  private @Nullable Generation sealed;
  private @Nullable FrozenState frozen;

  /**
   * An empty ledger that has all of its history in memory.
   *
   * @param hashSeed spreads ids in the indexes; it has no influence on any result or digest
   */
  public Ledger(long hashSeed) {
    this(hashSeed, History.NONE, Long.MAX_VALUE);
  }

  /**
   * An empty ledger that forgets.
   *
   * @param history knows what was forgotten
   * @param generationWeight how much happens in a generation, in events and ops, before the next
   *     one begins
   */
  public Ledger(long hashSeed, History history, long generationWeight) {
    this(hashSeed, history, generationWeight, RecordStore.CHUNK_SHIFT);
  }

  /**
   * As the other, for many small ledgers.
   *
   * @param chunkShift binary logarithm of the records in a chunk of memory
   */
  public Ledger(long hashSeed, History history, long generationWeight, int chunkShift) {
    this.generationWeight = generationWeight;
    accounts = new AccountStore(arena, hashSeed, chunkShift);
    transfers = new TransferStore(arena, hashSeed, chunkShift);
    reservations = new Reservations(arena, accounts, hashSeed, chunkShift);
    expiries = new ExpiryQueue(reservations);
    accountJudge = new AccountJudge(accounts, transfers);
    transferJudge = new TransferJudge(accounts, transfers, reservations, expiries);
    pulse = new Pulse(transfers, expiries, transferJudge.resolution());
    conservation = new Conservation(accounts);
    requestJudge = new RequestJudge(conservation);
    queries = new RecentQueries(accounts, transfers, reservations, this::checkOpen);
    prefetch = new Prefetch(history, transfers, reservations);
  }

  /**
   * Asks the history what judging this batch will want to know of it. To be called right before
   * {@link #apply} by the same thread; others may read meanwhile.
   */
  public void prefetch(MemorySegment batch, long sizeBytes) {
    prefetch(batch, sizeBytes, event -> true);
  }

  /**
   * As the other, for a batch of which something is known.
   *
   * @param uncertain whether the event of this number may meet something old; where it says no,
   *     neither its id nor what it refers to is looked for
   */
  public void prefetch(MemorySegment batch, long sizeBytes, IntPredicate uncertain) {
    checkOpen();
    BatchStructure.check(batch, sizeBytes, Long.MAX_VALUE);
    prefetch.load(batch, uncertain);
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
    RequestKind kind = Batch.kind(batch);
    int events = kind.ofClients() ? Batch.eventCount(batch) : 0;
    movementsBefore = transfers.size();
    long detailsBefore = transfers.newest().details().count();
    lastTimestamp =
        switch (kind) {
          case PULSE -> pulse.release(Batch.stamp(batch), lastTimestamp);
          case DESTROY_DETAILS -> destroyDetails(batch);
          case CREATE_ACCOUNTS, CREATE_TRANSFERS ->
              judge(batch, Batch.requestCount(batch), events, results);
        };
    transfers.countDetails(detailsBefore);
    conservation.check();
    expiries.settle();
    op++;
    Generation newest = transfers.newest();
    newest.endOp(kind == RequestKind.PULSE ? (int) (movementCount() - movementsBefore) : events);
    sealed = newest.weight() >= generationWeight ? transfers.seal() : null;
    return events;
  }

  /** The generation that the last batch completed; null if it completed none. */
  public @Nullable Generation sealed() {
    return sealed;
  }

  /** Forgets the oldest generation. As {@link #apply}, it excludes everything else. */
  public void forget(Generation oldest) {
    checkOpen();
    transfers.forget(oldest);
  }

  /** Takes back a generation that was forgotten and is no longer read, for its memory. */
  public void recycle(Generation forgotten) {
    transfers.recycle(forgotten);
  }

  /** Marks the keys of a period as destroyed and returns the batch's time. */
  private long destroyDetails(MemorySegment batch) {
    long time = Math.max(Batch.stamp(batch), lastTimestamp);
    transfers.beginOp(time + 1);
    DetailsPeriod period =
        Request.destroyedPeriod(batch, Batch.HEADER_BYTES + Batch.REQUEST_HEADER_BYTES);
    transfers.detailsKeys().destroy(period, op + 1, time);
    return time;
  }

  /** Judges all requests and returns the batch's time. */
  private long judge(MemorySegment batch, int requests, int events, MemorySegment results) {
    long time = Math.max(Batch.stamp(batch), lastTimestamp + events);
    Invariants.check(time > 0, "time of the batch is in range");
    long timestamp = time - events + 1;
    transfers.beginOp(timestamp);
    long at = Batch.HEADER_BYTES;
    long resultsAt = 0;
    for (int i = 0; i < requests; i++) {
      EventJudge judge =
          Batch.requestKind(batch, at) == RequestKind.CREATE_ACCOUNTS.code()
              ? accountJudge
              : transferJudge;
      long requestAt = at + Batch.REQUEST_HEADER_BYTES;
      useDetailsKeys(batch, requestAt);
      int count = requestJudge.judge(batch, requestAt, judge, timestamp, results, resultsAt);
      timestamp += count;
      resultsAt += (long) count * Reply.RESULT_BYTES;
      at = requestAt + Batch.requestLength(batch, at);
    }
    return time;
  }

  /** Notes under which keys details come, those of refused events included: all is journalled. */
  private void useDetailsKeys(MemorySegment batch, long requestAt) {
    if (!Request.hasSealedDetails(batch, requestAt)) {
      return;
    }
    sealedEvents.load(batch, requestAt);
    for (int i = 0; i < sealedEvents.count(); i++) {
      if (sealedEvents.detailsLength(i) > 0) {
        transfers.detailsKeys().use(batch, sealedEvents.detailsAt(i), op + 1);
      }
    }
  }

  /**
   * Keeps the state as it is now for another thread to read, while the ledger goes on. As {@link
   * #apply}, it excludes everything else. One state at a time is kept.
   */
  public FrozenState freeze() {
    checkOpen();
    Invariants.check(frozen == null, "one state at a time is kept");
    FrozenPages pages = new FrozenPages(accounts.records(), AccountRecord.BYTES, pagePool);
    FrozenPages sides = new FrozenPages(accounts.sides(), AccountStore.SIDE_BYTES, pagePool);
    FrozenPages slots = new FrozenPages(reservations.records(), Reservations.BYTES, pagePool);
    accounts.freeze(pages, sides);
    reservations.freeze(slots);
    frozen =
        new FrozenState(header(), pages, sides, slots, pagePool, transfers.detailsKeys().copy());
    return frozen;
  }

  /**
   * The state that was kept is no longer needed. As {@link #apply}, it excludes everything else;
   * the memory that the state took is given back by {@link FrozenState#release}, which does not.
   */
  public void thaw() {
    if (frozen != null) {
      accounts.thaw();
      reservations.thaw();
      frozen = null;
    }
  }

  private StateHeader header() {
    return new StateHeader(
        op,
        lastTimestamp,
        transfers.lastTimestamp(),
        transfers.size(),
        transfers.transferCount(),
        transfers.failedCount(),
        accounts.size(),
        reservations.slots(),
        reservations.open(),
        reservations.lastFree(),
        transfers.detailsKeys().count());
  }

  /**
   * Takes over a state that was kept as pages. For an empty ledger, whose history must know all ops
   * up to that state's.
   *
   * @throws Invariants.Broken when the pages are not those of the header, or money is not conserved
   */
  public void restore(StateHeader header, PageReader pages) {
    checkOpen();
    Invariants.check(op == 0, "only an empty ledger takes over a state");
    new StateLoader(accounts, reservations, transfers.detailsKeys(), header, pages).load();
    transfers.restore(header);
    op = header.op();
    lastTimestamp = header.lastTimestamp();
    expiries.restore();
    expiries.settle();
    pagePool.prepare(header.pages());
    Invariants.check(header.equals(header()), "a state is what its header says");
    Invariants.check(conservation.holdsForAll(), "money conserved in a state that is taken over");
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

  /** The keys that details are sealed under, in the order of their first use. */
  public List<DetailsKeyState> detailsKeys() {
    return transfers.detailsKeys().states();
  }

  /** Grows whenever {@link #detailsKeys} has a new key, or one is destroyed. */
  public int detailsKeysVersion() {
    return transfers.detailsKeys().version();
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
  public void copyMovement(long movement, MemorySegment to, long at) {
    Invariants.check(
        movement >= transfers.firstInMemory() && movement < transfers.size(),
        "a movement is in memory",
        transfers.size(),
        movement);
    MemorySegment.copy(RecordStore.MEMORY, transfers.at(movement), to, at, TransferRecord.BYTES);
  }

  /** Writes what a movement took from what is pending as 128 bits; 0 if it resolved nothing. */
  public void copyReleased(long movement, MemorySegment to, long at) {
    long record = transfers.at(movement);
    MovementKind kind = MovementKind.of(transfers.flags(movement));
    if (kind == MovementKind.POST) {
      Generation generation = transfers.generation(movement);
      long here = movement - generation.firstMovement();
      to.set(JAVA_LONG_UNALIGNED, at, generation.released(here, false));
      to.set(JAVA_LONG_UNALIGNED, at + 8, generation.released(here, true));
    } else if (kind.resolves()) {
      MemorySegment.copy(RecordStore.MEMORY, record + TransferRecord.AMOUNT, to, at, 16);
    } else {
      to.set(JAVA_LONG_UNALIGNED, at, 0);
      to.set(JAVA_LONG_UNALIGNED, at + 8, 0);
    }
  }

  /** SHA-256 over the state, history aside; equal on all replicas at the same op. */
  public byte[] digest() {
    checkOpen();
    return LedgerDigest.of(op, lastTimestamp, accounts, transfers, reservations);
  }

  /** Whether, over all accounts of each ledger, debits equal credits, posted and pending. */
  public boolean conserved() {
    checkOpen();
    return conservation.holdsForAll();
  }

  /** Answers from what is in memory: of transfers, the newest. */
  public RecentQueries queries() {
    return queries;
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
}

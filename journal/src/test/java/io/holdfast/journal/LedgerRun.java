package io.holdfast.journal;

import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.AccountFlags;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A ledger that is given batches of every kind, by a seed: the same seed, the same batches. */
final class LedgerRun implements AutoCloseable {
  static final UUID GROUP = new UUID(0x1111, 0x2222);
  static final UInt128 LEDGER_ID = new UInt128(7, 9);
  static final int ACCOUNTS = 10;
  private static final long SECOND = 1_000_000_000L;

  final Ledger ledger;
  private final Arena arena = Arena.ofShared();
  final MemorySegment batch = arena.allocate(Limits.BATCH_BYTES_MAX, 8);
  final MemorySegment results =
      arena.allocate((long) Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES, 8);
  private final Random random;
  private final @Nullable Random variety;
  List<Request> requests = List.of();
  private final List<Long> pending = new ArrayList<>();
  private final int eventsMax;
  int batchBytes;
  private long now = 1_800_000_000L * SECOND;
  private long nextId = 1;
  private long made;

  /**
   * @param eventsMax of one request
   */
  LedgerRun(long seed, int eventsMax) {
    this(seed, eventsMax, new Ledger(1));
  }

  /**
   * @param ledger empty; it is closed with this
   */
  LedgerRun(long seed, int eventsMax, Ledger ledger) {
    this(seed, eventsMax, ledger, false);
  }

  /**
   * @param varied whether codes, ledgers and user data differ, and accounts are opened all along
   */
  LedgerRun(long seed, int eventsMax, Ledger ledger, boolean varied) {
    this.random = new Random(seed);
    this.variety = varied ? new Random(~seed) : null;
    this.eventsMax = eventsMax;
    this.ledger = ledger;
  }

  /** Ids of transfers below this one were used. */
  long nextId() {
    return nextId;
  }

  /** The time of the newest batch, as its leader stamped it. */
  long now() {
    return now;
  }

  /** Lets the ledger judge the next batch. */
  void next() {
    prepare();
    judge();
  }

  /** Lets the ledger judge these requests as the next batch. */
  void next(List<Request> given) {
    now += SECOND;
    requests = given;
    write();
    made++;
    judge();
  }

  private void judge() {
    ledger.prefetch(batch, batchBytes);
    ledger.apply(batch, batchBytes, results);
  }

  /** What the newest batch was answered. */
  Reply reply() {
    byte[] answers = new byte[Batch.eventCount(batch) * Reply.RESULT_BYTES];
    MemorySegment.copy(results, 0, MemorySegment.ofArray(answers), 0, answers.length);
    return new Reply(ledger.op(), answers);
  }

  /** Makes the next batch, which is to be the op after the last one made. */
  void prepare() {
    now += 1 + random.nextLong(SECOND);
    requests = new ArrayList<>();
    if (made == 0) {
      requests.add(accounts());
    } else if (variety != null && variety.nextInt(10) == 0) {
      requests.add(Variety.accounts(variety, ACCOUNTS + (int) made));
    } else if (random.nextInt(6) == 0) {
      now += 5 * SECOND;
      requests.add(Request.pulse());
    } else {
      int count = 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        requests.add(transfers());
      }
    }
    write();
    made++;
  }

  private void write() {
    int events = requests.stream().mapToInt(Request::eventCount).sum();
    Batch.writeHeader(batch, Ledger.RULES_VERSION, now, requests.size(), events);
    long at = Batch.HEADER_BYTES;
    for (Request request : requests) {
      at = Batch.writeRequest(batch, at, 77, made, request);
    }
    batchBytes = (int) at;
  }

  private static Request accounts() {
    List<Account> accounts = new ArrayList<>();
    for (int i = 1; i <= ACCOUNTS; i++) {
      int flags = i == 1 ? AccountFlags.DEBITS_MUST_NOT_EXCEED_CREDITS : 0;
      accounts.add(Account.opening(UInt128.of(i), 1, 1, flags));
    }
    return Request.ofAccounts(accounts);
  }

  private Request transfers() {
    int count = 1 + random.nextInt(eventsMax);
    List<Transfer> transfers = new ArrayList<>();
    List<byte[]> details = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean last = i == count - 1;
      Transfer transfer = transfer(!last && random.nextInt(5) == 0 ? TransferFlags.LINKED : 0);
      transfers.add(variety == null ? transfer : Variety.of(transfer, variety));
      byte[] detail = new byte[random.nextInt(4) == 0 ? random.nextInt(100) : 0];
      random.nextBytes(detail);
      details.add(detail);
    }
    return Request.ofTransfers(transfers, details);
  }

  private Transfer transfer(int linked) {
    long id = nextId++;
    return switch (random.nextInt(8)) {
      case 0, 1 -> {
        pending.add(id);
        yield transfer(id, 100, 0, 1 + random.nextInt(20), linked | TransferFlags.PENDING);
      }
      case 2, 3 -> resolving(id, linked);
      case 4 -> transfer(id, 1_000_000, 0, 0, linked | TransferFlags.BALANCING_DEBIT);
      case 5 -> transfer(Math.max(1, id - 3), 5, 0, 0, linked); // an id that was used before
      default -> transfer(id, 1 + random.nextInt(1_000), 0, 0, linked);
    };
  }

  private Transfer resolving(long id, int linked) {
    if (pending.isEmpty()) {
      return transfer(id, 1, 0, 0, linked);
    }
    long of = pending.remove(random.nextInt(pending.size()));
    boolean post = random.nextBoolean();
    int flags = post ? TransferFlags.POST_PENDING_TRANSFER : TransferFlags.VOID_PENDING_TRANSFER;
    UInt128 zero = UInt128.ZERO;
    UInt128 amount = post ? UInt128.of(40) : zero;
    return new Transfer(
        UInt128.of(id), zero, zero, amount, UInt128.of(of), zero, 0, 0, 0, 0, 0, flags | linked, 0);
  }

  private Transfer transfer(long id, long amount, long pendingId, int timeout, int flags) {
    int debit = 1 + random.nextInt(ACCOUNTS);
    int credit = 1 + (debit + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    return new Transfer(
        UInt128.of(id),
        UInt128.of(debit),
        UInt128.of(credit),
        UInt128.of(amount),
        UInt128.of(pendingId),
        UInt128.of(random.nextInt(100)),
        0,
        0,
        timeout,
        1,
        1,
        flags,
        0);
  }

  /** The entry of the batch judged last, as it is journalled. */
  byte[] entry() {
    int events = Batch.eventCount(batch);
    byte[] bytes = new byte[EntryComposer.bytesMax(batchBytes, ledger, events)];
    int length =
        new EntryComposer(GROUP)
            .compose(
                MemorySegment.ofArray(bytes),
                0,
                ledger,
                1,
                batch,
                batchBytes,
                results,
                3,
                ledger.op() + 10);
    byte[] entry = Arrays.copyOf(bytes, length);
    MemorySegment.ofArray(entry)
        .set(ValueLayout.JAVA_INT_UNALIGNED, EntryLayout.CRC_AT, EntryLayout.crc(entry, 0, length));
    return entry;
  }

  /** The entries of so many batches. */
  static List<byte[]> entries(long seed, int batches, int eventsMax) {
    List<byte[]> entries = new ArrayList<>();
    try (LedgerRun run = new LedgerRun(seed, eventsMax)) {
      for (int i = 0; i < batches; i++) {
        run.next();
        entries.add(run.entry());
      }
    }
    return entries;
  }

  @Override
  public void close() {
    ledger.close();
    arena.close();
  }
}

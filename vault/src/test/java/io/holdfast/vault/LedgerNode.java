package io.holdfast.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.journal.DataKey;
import io.holdfast.journal.DetailsKey;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.journal.FileKind;
import io.holdfast.journal.Journal;
import io.holdfast.journal.JournalPlaces;
import io.holdfast.journal.Lineage;
import io.holdfast.journal.StoredFiles;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.DetailsPeriod;
import io.holdfast.ledger.FrozenState;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.SealedDetails;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferFlags;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A node without its site: a ledger with its journal, index and checkpoints in a directory, given
 * payments of all kinds by a seed, beside a naive model of the same payments.
 */
final class LedgerNode implements BackupSource, AutoCloseable {
  static final UInt128 LEDGER_ID = new UInt128(7, 9);
  private static final int GENERATION = 300;
  private static final int SEGMENT_BYTES = 40_000;
  private static final long SECOND = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 20 * SECOND;

  final Path directory;
  final NaiveLedger model;
  private final Lineage lineage;
  private final DataKey dataKey;
  private final DetailsKeys detailsKeys;
  private final Journal journal;
  private final Ledger ledger;
  private final ReentrantLock lock = new ReentrantLock();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment batch = arena.allocate(Limits.BATCH_BYTES_MAX, 8);
  private final MemorySegment results =
      arena.allocate((long) Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES, 8);
  private final Random random;
  private boolean lies;
  private long now;

  private LedgerNode(
      Path directory, DataKey dataKey, Lineage lineage, NaiveLedger model, long seed) {
    this.directory = directory;
    this.dataKey = dataKey;
    this.lineage = lineage;
    this.model = model;
    this.random = new Random(seed);
    JournalPlaces places = JournalPlaces.in(directory);
    this.journal =
        Journal.open(
            new Journal.Setup(
                SystemDisk.INSTANCE,
                places.segments(),
                places.runs(),
                places.checkpoints(),
                dataKey,
                lineage,
                new UUID(seed, 1),
                0,
                SEGMENT_BYTES,
                2,
                GENERATION),
            failure -> {
              throw failure;
            },
            said -> {});
    this.ledger =
        journal
            .recovery()
            .run(() -> new Ledger(seed, journal.index().history(), GENERATION))
            .ledger();
    this.detailsKeys = DetailsKeys.open(SystemDisk.INSTANCE, keys().resolve("details"), dataKey);
    detailsKeys.learn(ledger.detailsKeys());
    this.now = Math.max(1_800_000_000L * SECOND, ledger.lastTimestamp());
  }

  /** A new ledger with some accounts. */
  static LedgerNode create(Path directory, long seed) throws IOException {
    Files.createDirectories(directory.resolve("keys"));
    DataKey key = DataKey.create();
    key.write(directory.resolve("keys").resolve(DataKey.FILE));
    LedgerNode node =
        new LedgerNode(
            directory,
            DataKey.read(directory.resolve("keys").resolve(DataKey.FILE)),
            Lineage.ofNew(LEDGER_ID),
            new NaiveLedger(),
            seed);
    List<Account> accounts = new ArrayList<>();
    for (int i = 1; i <= NaiveLedger.ACCOUNTS; i++) {
      accounts.add(Account.opening(UInt128.of(i), 1, 1, 0));
    }
    node.apply(Request.ofAccounts(accounts));
    node.model.done(node.ledger.lastTimestamp());
    return node;
  }

  /** What a directory holds; it goes on as this lineage says. */
  static LedgerNode open(
      Path directory, DataKey key, Lineage lineage, NaiveLedger model, long seed) {
    return new LedgerNode(directory, key, lineage, model, seed);
  }

  long op() {
    return ledger.op();
  }

  /** Some ops with some payments each. */
  void run(int ops) {
    for (int i = 0; i < ops; i++) {
      int count = 1 + random.nextInt(40);
      List<Transfer> transfers = new ArrayList<>();
      for (int j = 0; j < count; j++) {
        Transfer next = next();
        transfers.add(next);
        model.apply(next);
      }
      apply(Request.ofTransfers(transfers));
      model.done(ledger.lastTimestamp());
    }
  }

  private Transfer next() {
    long id = model.nextId();
    UInt128 pending = model.anyPending(random);
    return switch (random.nextInt(8)) {
      case 0 -> transfer(Math.max(1, id - 1 - random.nextInt(50)), 5, 0, UInt128.ZERO);
      case 1 -> transfer(id, 1 + random.nextInt(90), TransferFlags.PENDING, UInt128.ZERO);
      case 2 ->
          pending.isZero()
              ? transfer(id, 3, 0, UInt128.ZERO)
              : resolving(id, TransferFlags.POST_PENDING_TRANSFER, pending);
      case 3 ->
          pending.isZero()
              ? transfer(id, 4, 0, UInt128.ZERO)
              : resolving(id, TransferFlags.VOID_PENDING_TRANSFER, pending);
      default -> transfer(id, 1 + random.nextInt(1_000), 0, UInt128.ZERO);
    };
  }

  private Transfer transfer(long id, long amount, int flags, UInt128 pending) {
    int debit = 1 + random.nextInt(NaiveLedger.ACCOUNTS + 1); // the last one does not exist
    int credit = 1 + (debit + random.nextInt(NaiveLedger.ACCOUNTS - 1)) % NaiveLedger.ACCOUNTS;
    UInt128 zero = UInt128.ZERO;
    return new Transfer(
        UInt128.of(id),
        UInt128.of(debit),
        UInt128.of(credit),
        UInt128.of(amount),
        pending,
        zero,
        0,
        0,
        0,
        1,
        1,
        flags,
        0);
  }

  private Transfer resolving(long id, int flags, UInt128 pending) {
    UInt128 zero = UInt128.ZERO;
    UInt128 amount =
        (flags & TransferFlags.POST_PENDING_TRANSFER) == 0 ? zero : model.reserved(pending);
    return new Transfer(UInt128.of(id), zero, zero, amount, pending, zero, 0, 0, 0, 0, 0, flags, 0);
  }

  /** A payment whose details are sealed under a new key of a period. */
  DetailsKey payWithDetails(DetailsPeriod period) {
    DetailsKey key = DetailsKey.create(period);
    assertThat(detailsKeys.add(key)).isTrue();
    long id = model.nextId();
    Transfer payment = Transfer.payment(UInt128.of(id), UInt128.of(1), UInt128.of(2), 1, 1, 1);
    byte[] sealed = new byte[SealedDetails.HEAD_BYTES + 3];
    key.cipher().seal(0, id, new byte[] {1, 2, 3}, 0, 3, sealed, 0);
    byte[] bytes = Request.ofTransfers(List.of(payment), List.of(sealed)).bytes();
    model.apply(payment);
    bytes[Request.FLAGS_AT] = (byte) Request.FLAG_SEALED_DETAILS;
    apply(Request.ofSealed(bytes));
    model.done(ledger.lastTimestamp());
    return key;
  }

  void destroyDetails(DetailsPeriod period) {
    apply(Request.destroyDetails(period));
    model.done(ledger.lastTimestamp());
    detailsKeys.learn(ledger.detailsKeys());
    detailsKeys.settle();
  }

  /** The next refusal is journalled as another than the ledger gave. */
  void lieOnce() {
    lies = true;
  }

  boolean hasLied() {
    return !lies;
  }

  private void lieOfFirstRefusal(int events) {
    for (int i = 0; i < events && lies; i++) {
      long at = (long) i * Reply.RESULT_BYTES + Reply.STATUS;
      int status = results.get(ValueLayout.JAVA_INT_UNALIGNED, at);
      if (status != -1) {
        results.set(ValueLayout.JAVA_INT_UNALIGNED, at, status == 1 ? 2 : 1);
        lies = false;
      }
    }
  }

  private void apply(Request request) {
    now += SECOND / 2 + random.nextLong(SECOND);
    Batch.writeHeader(batch, Ledger.RULES_VERSION, now, 1, request.eventCount());
    int size = (int) Batch.writeRequest(batch, Batch.HEADER_BYTES, 77, ledger.op(), request);
    ledger.prefetch(batch, size);
    ledger.apply(batch, size, results);
    if (lies) {
      lieOfFirstRefusal(request.eventCount());
    }
    Generation sealed = ledger.sealed();
    boolean falls =
        sealed != null && journal.checkpoints().falls(ledger.op(), ledger.accountCount());
    FrozenState state = falls ? ledger.freeze() : null;
    journal.append(ledger, batch, size, results, 1, ledger.op());
    if (state != null) {
      journal.checkpoints().write(state, 1, ledger.op(), this::thaw);
    }
    if (sealed != null) {
      journal.index().add(sealed);
      Generation indexed = await(() -> journal.index().indexed());
      ledger.forget(indexed);
      journal.index().forgotten(indexed, ledger);
    }
    if (state != null) {
      await(() -> journal.checkpoints().isWriting() ? null : "written");
    }
  }

  private void thaw() {
    ledger.thaw();
  }

  private interface Look<T> {
    @Nullable T look();
  }

  private static <T> T await(Look<T> look) {
    long until = System.nanoTime() + PATIENCE_NANOS;
    T found = look.look();
    while (found == null) {
      assertThat(System.nanoTime()).as("in time").isLessThan(until);
      LockSupport.parkNanos(100_000);
      found = look.look();
    }
    return found;
  }

  /** What the ledger answers: of each account its four balances. */
  List<List<UInt128>> balances() {
    List<UInt128> ids = new ArrayList<>();
    for (int i = 1; i <= NaiveLedger.ACCOUNTS; i++) {
      ids.add(UInt128.of(i));
    }
    return journal.index().queries(ledger, lock, detailsKeys).accounts(ids).stream()
        .map(
            account ->
                List.of(
                    account.debitsPending(),
                    account.debitsPosted(),
                    account.creditsPending(),
                    account.creditsPosted()))
        .toList();
  }

  /** Waits until all is on disk. */
  LedgerNode synced() {
    await(() -> journal.stats().syncedOp() >= ledger.op() ? "synced" : null);
    return this;
  }

  @Override
  public String site() {
    return "rome";
  }

  @Override
  public String node() {
    return "n1";
  }

  @Override
  public Lineage lineage() {
    return lineage;
  }

  @Override
  public DataKey dataKey() {
    return dataKey;
  }

  @Override
  public Path keys() {
    return directory.resolve("keys");
  }

  @Override
  public List<Path> sealedSegments() throws IOException {
    return files(FileKind.SEGMENT);
  }

  @Override
  public List<Path> checkpoints() throws IOException {
    return files(FileKind.CHECKPOINT);
  }

  private List<Path> files(FileKind kind) throws IOException {
    return journal.files().complete().stream()
        .filter(named -> named.kind() == kind)
        .map(StoredFiles.Named::file)
        .sorted()
        .toList();
  }

  @Override
  public @Nullable Open open() {
    StoredFiles.Open open = journal.files().open();
    return open == null ? null : new Open(open.file(), open.syncedBytes());
  }

  @Override
  public boolean running() {
    return true;
  }

  @Override
  public void close() {
    journal.close();
    ledger.close();
    arena.close();
  }
}

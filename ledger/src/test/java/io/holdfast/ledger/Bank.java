package io.holdfast.ledger;

import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A ledger under test, with a clock that the test moves and short words for what tests do. */
final class Bank implements AutoCloseable {
  static final long SECOND = 1_000_000_000L;
  static final UInt128 MAX = UInt128.MAX;

  /** Few records in a chunk, so that small tests cross the ends of chunks. */
  private static final int SMALL_CHUNKS = 3;

  final Ledger ledger;
  private final @Nullable Remembered remembered;
  private final int kept;

  /** Every batch so far, to apply them again elsewhere. */
  final List<byte[]> batches = new ArrayList<>();

  /** What the clock of the leader shows. */
  long stamp = 1_000 * SECOND;

  Bank() {
    this(42);
  }

  Bank(long seed) {
    ledger = new Ledger(seed, History.NONE, Long.MAX_VALUE, SMALL_CHUNKS);
    remembered = null;
    kept = 0;
  }

  /**
   * One whose ledger forgets.
   *
   * @param generationWeight how much happens before a generation is complete
   * @param kept how many complete generations stay in memory
   */
  Bank(long seed, int generationWeight, int kept) {
    this(seed, generationWeight, kept, new Remembered());
  }

  private Bank(long seed, int generationWeight, int kept, Remembered remembered) {
    this.remembered = remembered;
    ledger = new Ledger(seed, remembered, generationWeight, SMALL_CHUNKS);
    this.kept = kept;
  }

  /** An empty one that forgets everything at once and remembers what this one does. */
  Bank heir(long seed) {
    return new Bank(seed, 1, 0, Objects.requireNonNull(remembered).copy());
  }

  @Override
  public void close() {
    ledger.close();
  }

  /** One op with these requests. */
  List<Reply> submit(Request... requests) {
    byte[] batch = batch(stamp, requests);
    batches.add(batch);
    return apply(batch, requests);
  }

  private List<Reply> apply(byte[] batch, Request... requests) {
    byte[] results = apply(batch);
    List<Reply> replies = new ArrayList<>();
    int at = 0;
    for (Request request : requests) {
      int length = request.eventCount() * Reply.RESULT_BYTES;
      byte[] part = new byte[length];
      System.arraycopy(results, at, part, 0, length);
      replies.add(new Reply(ledger.op(), part));
      at += length;
    }
    return replies;
  }

  /** Applies a batch that another bank applied. */
  void replay(byte[] batch) {
    apply(batch);
  }

  byte[] apply(byte[] batch) {
    byte[] results = new byte[Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES];
    ledger.prefetch(MemorySegment.ofArray(batch), batch.length);
    int events =
        ledger.apply(MemorySegment.ofArray(batch), batch.length, MemorySegment.ofArray(results));
    if (remembered != null) {
      remembered.answered(ledger.op(), results, events);
      Generation sealed = ledger.sealed();
      if (sealed != null) {
        remembered.sealed(ledger, sealed, kept);
      }
    }
    return results;
  }

  static byte[] batch(long stamp, Request... requests) {
    int size = Batch.HEADER_BYTES;
    int events = 0;
    for (Request request : requests) {
      size += Batch.sizeInBatch(request);
      events += request.eventCount();
    }
    byte[] bytes = new byte[size];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    Batch.writeHeader(segment, Ledger.RULES_VERSION, stamp, requests.length, events);
    long at = Batch.HEADER_BYTES;
    for (Request request : requests) {
      at = Batch.writeRequest(segment, at, 7, events, request);
    }
    return bytes;
  }

  void pulse() {
    submit(Request.pulse());
  }

  Reply reply(AccountDraft... drafts) {
    List<Account> accounts = new ArrayList<>();
    for (AccountDraft draft : drafts) {
      accounts.add(draft.build());
    }
    return submit(Request.ofAccounts(accounts)).getFirst();
  }

  Reply reply(TransferDraft... drafts) {
    return submit(request(drafts)).getFirst();
  }

  static Request request(TransferDraft... drafts) {
    List<Transfer> transfers = new ArrayList<>();
    List<byte[]> details = new ArrayList<>();
    for (TransferDraft draft : drafts) {
      transfers.add(draft.build());
      details.add(draft.details);
    }
    return Request.ofTransfers(transfers, details);
  }

  List<AccountStatus> open(AccountDraft... drafts) {
    Reply reply = reply(drafts);
    List<AccountStatus> statuses = new ArrayList<>();
    for (int i = 0; i < reply.count(); i++) {
      statuses.add(reply.accountStatus(i));
    }
    return statuses;
  }

  List<TransferStatus> pay(TransferDraft... drafts) {
    return statuses(reply(drafts));
  }

  static List<TransferStatus> statuses(Reply reply) {
    List<TransferStatus> statuses = new ArrayList<>();
    for (int i = 0; i < reply.count(); i++) {
      statuses.add(reply.transferStatus(i));
    }
    return statuses;
  }

  Account account(long id) {
    return ledger.queries().accounts(List.of(UInt128.of(id))).getFirst();
  }

  Transfer transfer(long id) {
    return ledger.queries().transfers(List.of(UInt128.of(id))).getFirst();
  }

  /** The details of a transfer in memory; empty when it has none or is not there. */
  byte[] details(UInt128 id) {
    List<TransferWithDetails> found = ledger.queries().transfersWithDetails(List.of(id));
    return found.isEmpty() ? new byte[0] : found.getFirst().details();
  }

  boolean hasTransfer(long id) {
    return !ledger.queries().transfers(List.of(UInt128.of(id))).isEmpty();
  }

  /** debits_pending, debits_posted, credits_pending, credits_posted. */
  String balances(long id) {
    Account account = account(id);
    return account.debitsPending()
        + " "
        + account.debitsPosted()
        + " "
        + account.creditsPending()
        + " "
        + account.creditsPosted();
  }

  boolean closed(long id) {
    return (account(id).flags() & AccountFlags.CLOSED) != 0;
  }
}

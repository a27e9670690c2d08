package io.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.kernel.Limits;
import io.holdfast.kernel.SystemDisk;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.Account;
import io.holdfast.ledger.Batch;
import io.holdfast.ledger.DetailsPeriod;
import io.holdfast.ledger.Generation;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Reply;
import io.holdfast.ledger.Request;
import io.holdfast.ledger.SealedDetails;
import io.holdfast.ledger.Transfer;
import io.holdfast.ledger.TransferStatus;
import io.holdfast.ledger.TransferWithDetails;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sealed details that the ledger has forgotten: found on disk, compared, erased, replayed. */
class SealedHistoryTest {
  private static final DataKey DATA_KEY = DataKey.create();
  private static final DetailsPeriod MARCH = DetailsPeriod.parse("2026-03");
  private static final byte[] SECRET = "IBAN DE02".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OTHER = "IBAN FR14".getBytes(StandardCharsets.US_ASCII);
  private static final int GENERATION = 20;
  private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

  @TempDir Path directory;

  /** A ledger that forgets what its journal has. */
  private final class Node implements AutoCloseable {
    private final Journal journal =
        Journal.open(
            new Journal.Setup(
                SystemDisk.INSTANCE,
                directory.resolve("journal"),
                directory.resolve("index"),
                directory.resolve("checkpoints"),
                DATA_KEY,
                Lineage.ofNew(LedgerRun.LEDGER_ID),
                LedgerRun.GROUP,
                0,
                100_000,
                2,
                GENERATION),
            failure -> {
              throw failure;
            },
            told -> {});
    final Ledger ledger =
        journal.recovery().run(() -> new Ledger(1, journal.index().history(), GENERATION)).ledger();
    final DetailsKeys keys =
        DetailsKeys.open(SystemDisk.INSTANCE, directory.resolve("keys"), DATA_KEY);
    private final LedgerQueries queries =
        journal.index().queries(ledger, new ReentrantLock(), keys);

    Node() {
      keys.learn(ledger.detailsKeys());
      keys.settle();
    }

    /** Applies, journals and forgets; returns the status of the last event. */
    TransferStatus submit(Request request) {
      int size = Batch.HEADER_BYTES + Batch.sizeInBatch(request);
      MemorySegment batch = MemorySegment.ofArray(new byte[size]);
      Batch.writeHeader(batch, Ledger.RULES_VERSION, 1_000, 1, request.eventCount());
      Batch.writeRequest(batch, Batch.HEADER_BYTES, 1, 1, request);
      MemorySegment results =
          MemorySegment.ofArray(new byte[Limits.BATCH_EVENTS_MAX * Reply.RESULT_BYTES]);
      ledger.prefetch(batch, size);
      int events = ledger.apply(batch, size, results);
      journal.append(ledger, batch, size, results, 1, ledger.op());
      keys.learn(ledger.detailsKeys());
      Generation complete = ledger.sealed();
      if (complete != null) {
        journal.index().add(complete);
        Generation indexed = journal.index().indexed();
        for (long until = System.nanoTime() + PATIENCE_NANOS; indexed == null; ) {
          assertThat(System.nanoTime()).as("indexed in time").isLessThan(until);
          Thread.onSpinWait();
          indexed = journal.index().indexed();
        }
        ledger.forget(indexed);
        journal.index().forgotten(indexed, ledger);
      }
      return TransferStatus.ofCode(
          events == 0
              ? TransferStatus.CREATED.code()
              : results.get(
                  ValueLayout.JAVA_INT_UNALIGNED,
                  (events - 1L) * Reply.RESULT_BYTES + Reply.STATUS));
    }

    TransferWithDetails look(long id) {
      return queries.transfersWithDetails(List.of(UInt128.of(id))).getFirst();
    }

    /** Pays until all that came before is forgotten. */
    void forgetAll(long firstId) {
      for (int i = 0; i < 2 * GENERATION; i++) {
        submit(Request.ofTransfers(List.of(payment(firstId + i))));
      }
    }

    @Override
    public void close() {
      journal.close();
      ledger.close();
    }
  }

  private static Transfer payment(long id) {
    return Transfer.payment(UInt128.of(id), UInt128.of(1), UInt128.of(2), 1, 1, 1);
  }

  private static Request sealed(DetailsKey key, long id, byte[] details) {
    byte[] plain = Request.ofTransfers(List.of(payment(id))).bytes();
    int length = SealedDetails.HEAD_BYTES + details.length;
    byte[] bytes = new byte[plain.length + 2 + length];
    System.arraycopy(plain, 0, bytes, 0, plain.length);
    MemorySegment to = MemorySegment.ofArray(bytes);
    to.set(ValueLayout.JAVA_SHORT_UNALIGNED, Request.FLAGS_AT, Request.FLAG_SEALED_DETAILS);
    to.set(ValueLayout.JAVA_INT_UNALIGNED, Request.DETAILS_BYTES_AT, length);
    to.set(ValueLayout.JAVA_SHORT_UNALIGNED, plain.length, (short) length);
    key.cipher().seal(0, id, details, 0, details.length, bytes, plain.length + 2);
    return Request.ofSealed(bytes);
  }

  @Test
  void forgotten_details_are_opened_compared_erased_and_replayed_without_their_key()
      throws IOException {
    byte[] digest;
    DetailsKey key = DetailsKey.create(MARCH);
    try (Node node = new Node()) {
      node.keys.add(key);
      node.submit(
          Request.ofAccounts(
              List.of(
                  Account.opening(UInt128.of(1), 1, 1, 0),
                  Account.opening(UInt128.of(2), 1, 1, 0))));
      assertThat(node.submit(sealed(key, 5, SECRET))).isEqualTo(TransferStatus.CREATED);
      node.forgetAll(100);
      assertThat(node.look(5).details()).isEqualTo(SECRET);
      assertThat(node.submit(sealed(key, 5, SECRET))).isEqualTo(TransferStatus.EXISTS);
      assertThat(node.submit(sealed(key, 5, OTHER)))
          .isEqualTo(TransferStatus.EXISTS_WITH_DIFFERENT_DETAILS);

      node.submit(Request.destroyDetails(MARCH));
      assertThat(node.look(5).detailsErased()).isTrue();
      node.keys.settle();
      DetailsKey next = DetailsKey.create(MARCH);
      node.keys.add(next);
      assertThat(node.submit(sealed(next, 5, SECRET))).isEqualTo(TransferStatus.EXISTS);
      assertThat(node.submit(sealed(next, 6, OTHER))).isEqualTo(TransferStatus.CREATED);
      node.forgetAll(200);
      assertThat(node.look(5).detailsErased()).isTrue();
      assertThat(node.look(6).details()).isEqualTo(OTHER);
      digest = node.ledger.digest();
    }

    try (Node again = new Node()) {
      assertThat(again.ledger.digest()).isEqualTo(digest);
      assertThat(again.look(5).detailsErased()).isTrue();
      assertThat(again.look(6).details()).isEqualTo(OTHER);
      assertThat(again.keys.names()).hasSize(1);
    }
    List<Path> files = JournalVerifier.segments(SystemDisk.INSTANCE, directory.resolve("journal"));
    assertThat(new JournalVerifier(SystemDisk.INSTANCE, DATA_KEY).verify(files, segment -> {}))
        .allMatch(segment -> segment.fault() == null);
  }
}

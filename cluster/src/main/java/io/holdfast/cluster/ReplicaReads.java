package io.holdfast.cluster;

import io.holdfast.journal.DamagedFileException;
import io.holdfast.journal.DetailsKeys;
import io.holdfast.journal.Journal;
import io.holdfast.journal.LedgerQueries;
import io.holdfast.journal.StoredFiles;
import io.holdfast.kernel.UInt128;
import io.holdfast.ledger.DetailsForm;
import io.holdfast.ledger.DetailsKeyState;
import io.holdfast.ledger.Ledger;
import io.holdfast.ledger.Queries;
import io.holdfast.ledger.TransferWithDetails;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What this node's copy of the ledger tells, between two batches: nothing any more once it is
 * closed, or withdrawn because it is not what the others have. Safe for use by many threads.
 */
final class ReplicaReads {
  private final Ledger ledger;
  private final SharedLedger shared;
  private final Journal journal;
  private final DetailsKeys detailsKeys;
  private final Applied applied;
  private volatile boolean withdrawn;

  ReplicaReads(
      Ledger ledger,
      SharedLedger shared,
      Journal journal,
      DetailsKeys detailsKeys,
      Applied applied) {
    this.ledger = ledger;
    this.shared = shared;
    this.journal = journal;
    this.detailsKeys = detailsKeys;
    this.applied = applied;
  }

  /** From now on this copy tells nobody anything. */
  void withdraw() {
    withdrawn = true;
  }

  boolean isWithdrawn() {
    return withdrawn;
  }

  /** Reads the state as it is between two batches, and what it has forgotten from disk. */
  <T> Site.Read<T> read(Function<Queries, T> query) {
    checkOpen();
    LedgerQueries queries = queries();
    try {
      T value = query.apply(queries);
      checkOpen();
      return new Site.Read<>(value, queries.op(), 0, 0);
    } catch (DamagedFileException e) {
      journal.suspect(e);
      throw Refusals.mending(e);
    }
  }

  /** What history knows of the keys of details. */
  List<DetailsKeyState> detailsKeys() {
    return locked(ledger::detailsKeys);
  }

  /** Of these transfers, those that exist with sealed details, and these as they are stored. */
  Map<UInt128, byte[]> sealedDetailsOf(List<UInt128> ids) {
    Map<UInt128, byte[]> sealed = new HashMap<>();
    for (TransferWithDetails stored : queries().storedTransfers(ids)) {
      if (stored.form() == DetailsForm.SEALED) {
        sealed.put(stored.transfer().id(), stored.details());
      }
    }
    return sealed;
  }

  /** The files of the journal, for other nodes, while they are worth having. */
  StoredFiles filesForOthers() {
    checkOpen();
    return journal.files();
  }

  /** The time of the last batch applied here. */
  long lastTimestamp() {
    return locked(ledger::lastTimestamp);
  }

  /** Waits until {@code op} is applied here and scans the state. */
  StateDigest digest(long op, Duration deadline) {
    applied.awaitOp(op, deadline);
    return locked(
        () ->
            new StateDigest(
                ledger.op(),
                digestWithChain(),
                ledger.accountCount(),
                ledger.transferCount(),
                ledger.conserved()));
  }

  /** SHA-256 over the digest of the state and the chain, which proves the history behind it. */
  private String digestWithChain() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(ledger.digest());
      return HexFormat.of().formatHex(sha256.digest(journal.chainAt(ledger.op())));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private LedgerQueries queries() {
    return journal.index().queries(ledger, shared.readLock(), detailsKeys);
  }

  private <T> T locked(Supplier<T> read) {
    shared.readLock().lock();
    try {
      checkOpen();
      return read.get();
    } finally {
      shared.readLock().unlock();
    }
  }

  private void checkOpen() {
    if (withdrawn) {
      throw Refusals.readUnavailable("this node's copy is not what the others have and is rebuilt");
    }
    if (shared.isClosed()) {
      throw Refusals.readUnavailable("this node is stopping");
    }
  }
}

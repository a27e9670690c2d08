package io.holdfast.cluster;

import io.holdfast.journal.Recovery;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * The thin face of the ledger towards Ratis: every callback is handed on guarded, so that a
 * Throwable in any of them halts the node instead of skipping an entry.
 *
 * <p>Once this node's copy is withdrawn, entries and snapshots are passed over without a word: such
 * a node closes Ratis and goes on in the same process, and Ratis, told to stop, waits for ever for
 * the entries that were committed until then if applying one of them fails.
 *
 * <p>Replies that Ratis keeps are the 8 bytes of the op; results reach callers through {@link
 * Answers}. A snapshot only points: to the entry up to which the journal covers the log.
 */
final class LedgerStateMachine extends BaseStateMachine {
  private final ReplicaEvents events;
  private final Fatal fatal;

  LedgerStateMachine(ReplicaEvents events, Fatal fatal) {
    this.events = events;
    this.fatal = fatal;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage) {
    fatal.guard(
        "initialize",
        () -> {
          try {
            super.initialize(server, groupId, storage);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          Recovery.Point covered = events.covered();
          if (covered != null) {
            setLastAppliedTermIndex(TermIndex.valueOf(covered.term(), covered.index()));
          }
          getLifeCycle().transition(LifeCycle.State.STARTING);
          getLifeCycle().transition(LifeCycle.State.RUNNING);
        });
  }

  @Override
  public @Nullable SnapshotInfo getLatestSnapshot() {
    return guard("getLatestSnapshot", Optional.<SnapshotInfo>empty(), this::covered).orElse(null);
  }

  private Optional<SnapshotInfo> covered() {
    return Optional.ofNullable(events.covered())
        .map(
            covered ->
                new FileListSnapshotInfo(
                    List.of(), TermIndex.valueOf(covered.term(), covered.index())));
  }

  /** Whether this node's copy is to be rebuilt from the others'. */
  private boolean isWithdrawn() {
    return fatal.raised(Divergence.CODE) || fatal.raised(Seeding.BEHIND);
  }

  /**
   * Runs a callback.
   *
   * @param passedOver the answer once this node's copy is withdrawn, be it by this callback
   */
  private <T> T guard(String callback, T passedOver, Supplier<T> body) {
    try {
      return fatal.guard(callback, body);
    } catch (Fatal.HaltedException e) {
      if (isWithdrawn()) {
        return passedOver;
      }
      throw e;
    }
  }

  private void guard(String callback, Runnable body) {
    var _ =
        guard(
            callback,
            true,
            () -> {
              body.run();
              return true;
            });
  }

  @Override
  public long takeSnapshot() {
    return guard(
        "takeSnapshot",
        RaftLog.INVALID_LOG_INDEX,
        () -> {
          Recovery.Point covered = events.covered();
          return covered == null ? RaftLog.INVALID_LOG_INDEX : covered.index();
        });
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    return fatal.guard(
        "startTransaction",
        () ->
            TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setLogData(request.getMessage().getContent())
                .build());
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    return guard(
        "applyTransaction",
        CompletableFuture.completedFuture(Message.EMPTY), // whoever waits learns nothing
        () -> {
          LogEntryProto entry = Objects.requireNonNull(transaction.getLogEntry());
          ByteBuffer sealed = entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer();
          long op = events.committed(entry.getTerm(), entry.getIndex(), sealed);
          updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
          return CompletableFuture.completedFuture(Message.valueOf(bytesOf(op)));
        });
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    guard(
        "notifyTermIndexUpdated",
        () -> {
          events.passed(term, index);
          super.notifyTermIndexUpdated(term, index);
        });
  }

  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftConfigurationProto configuration) {
    // Not a passed entry: that is told apart, and this also comes from a notification to install.
    guard(
        "notifyConfigurationChanged",
        () -> {
          if (configuration.getOldPeersList().isEmpty()) {
            events.membersChanged(index, Consensus.members(configuration.getPeersList()));
          }
        });
  }

  /**
   * Comes when the log was cut past what this node has, and once to every new member, whatever it
   * has: null lets the log flow. Who is behind gives no answer, ever: it stops its share of the
   * site and fetches what it lacks.
   */
  @Override
  public CompletableFuture<@Nullable TermIndex> notifyInstallSnapshotFromLeader(
      RoleInfoProto role, TermIndex firstAvailable) {
    boolean behind =
        guard(
            "notifyInstallSnapshotFromLeader",
            false,
            () -> events.leftBehind(firstAvailable.getIndex()));
    return behind ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    guard("notifyLeaderChanged", () -> events.leaderChanged(leader.toString()));
  }

  @Override
  public void notifyLeaderReady() {
    guard("notifyLeaderReady", events::leaderReady);
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    guard("notifyNotLeader", events::notLeader);
  }

  @Override
  @SuppressWarnings("NullableProblems") // Ratis passes null for a failure of a whole segment
  public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
    guard("notifyLogFailed", () -> events.logFailed(cause));
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
    guard("notifyServerShutdown", events::shutDown);
  }

  @Override
  public CompletableFuture<Message> query(Message request) {
    // Only reached after the read index is applied here: what is read then, the caller decides.
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  private static ByteString bytesOf(long op) {
    return UnsafeByteOperations.unsafeWrap(ByteBuffer.allocate(8).putLong(0, op));
  }
}

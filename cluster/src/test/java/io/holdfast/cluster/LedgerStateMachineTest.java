package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.journal.Recovery;
import io.holdfast.kernel.HoldfastException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerStateMachineTest {
  private static final RaftPeerId NODE = RaftPeerId.valueOf("n1");

  private final List<HoldfastException> halted = new ArrayList<>();

  /** Fails in whatever it is told. */
  private static class Failing implements ReplicaEvents {
    private final Throwable injected;

    Failing(Throwable injected) {
      this.injected = injected;
    }

    private void fail() {
      Failing.<RuntimeException>sneak(injected);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable t) throws E {
      throw (E) t;
    }

    @Override
    public long committed(long term, long index, ByteBuffer sealed) {
      fail();
      return 0;
    }

    @Override
    public void passed(long term, long index) {
      fail();
    }

    @Override
    public Recovery.@Nullable Point covered() {
      fail();
      return null;
    }

    @Override
    public void membersChanged(long index, List<Member> members) {
      fail();
    }

    @Override
    public boolean leftBehind(long firstIndex) {
      fail();
      return true;
    }

    @Override
    public void leaderChanged(String nodeId) {
      fail();
    }

    @Override
    public void leaderReady() {
      fail();
    }

    @Override
    public void notLeader() {
      fail();
    }

    @Override
    public void logFailed(@Nullable Throwable cause) {
      fail();
    }

    @Override
    public void shutDown() {
      fail();
    }
  }

  private interface Callback {
    void call(LedgerStateMachine machine);
  }

  private static Map<String, Callback> callbacks() {
    Map<String, Callback> callbacks = new TreeMap<>();
    callbacks.put("applyTransaction", m -> m.applyTransaction(transaction(m)));
    callbacks.put("notifyTermIndexUpdated", m -> m.notifyTermIndexUpdated(1, 1));
    callbacks.put(
        "notifyConfigurationChanged",
        m -> m.notifyConfigurationChanged(1, 1, RaftConfigurationProto.getDefaultInstance()));
    callbacks.put(
        "notifyInstallSnapshotFromLeader",
        m ->
            m.notifyInstallSnapshotFromLeader(
                RoleInfoProto.getDefaultInstance(), TermIndex.valueOf(1, 1)));
    callbacks.put(
        "notifyLeaderChanged",
        m -> m.notifyLeaderChanged(RaftGroupMemberId.valueOf(NODE, RaftGroupId.randomId()), NODE));
    callbacks.put("getLatestSnapshot", LedgerStateMachine::getLatestSnapshot);
    callbacks.put("takeSnapshot", LedgerStateMachine::takeSnapshot);
    callbacks.put("notifyLeaderReady", LedgerStateMachine::notifyLeaderReady);
    callbacks.put("notifyNotLeader", m -> m.notifyNotLeader(List.of()));
    callbacks.put(
        "notifyLogFailed",
        m -> m.notifyLogFailed(new java.io.IOException("x"), LogEntryProto.getDefaultInstance()));
    callbacks.put(
        "notifyServerShutdown",
        m -> m.notifyServerShutdown(RoleInfoProto.getDefaultInstance(), true));
    return callbacks;
  }

  @TestFactory
  Stream<DynamicTest> any_throwable_in_a_callback_halts_the_node() {
    return callbacks().entrySet().stream()
        .flatMap(
            callback ->
                Stream.of(
                        new IllegalStateException("injected"),
                        new OutOfMemoryError("injected"),
                        new java.io.IOException("injected"))
                    .map(
                        injected ->
                            DynamicTest.dynamicTest(
                                callback.getKey()
                                    + " throws "
                                    + injected.getClass().getSimpleName(),
                                () -> halts(callback.getKey(), callback.getValue(), injected))));
  }

  private void halts(String name, Callback callback, Throwable injected) {
    halted.clear();
    LedgerStateMachine machine =
        new LedgerStateMachine(new Failing(injected), new Fatal(halted::add));

    assertThatThrownBy(() -> callback.call(machine)).isInstanceOf(Fatal.HaltedException.class);

    assertThat(halted).hasSize(1);
    assertThat(halted.getFirst().code()).isEqualTo("state-machine-failed");
    assertThat(halted.getFirst().message()).contains(name).contains("injected");
  }

  @Test
  void a_broken_start_of_a_transaction_halts_the_node() {
    LedgerStateMachine machine =
        new LedgerStateMachine(new Failing(new Error()), new Fatal(halted::add));
    RaftClientRequest withoutMessage =
        RaftClientRequest.newBuilder()
            .setClientId(ClientId.randomId())
            .setServerId(NODE)
            .setGroupId(RaftGroupId.randomId())
            .setType(RaftClientRequest.writeRequestType())
            .build();

    assertThatThrownBy(() -> machine.startTransaction(withoutMessage))
        .isInstanceOf(Fatal.HaltedException.class);
    assertThat(halted).hasSize(1);
  }

  @Test
  void after_a_halt_nothing_is_applied_any_more() {
    List<Long> applied = new ArrayList<>();
    ReplicaEvents events =
        new Failing(new IllegalStateException("injected")) {
          @Override
          public long committed(long term, long index, ByteBuffer sealed) {
            applied.add(index);
            return 1;
          }
        };
    LedgerStateMachine machine = new LedgerStateMachine(events, new Fatal(halted::add));
    assertThatThrownBy(machine::notifyLeaderReady).isInstanceOf(Fatal.HaltedException.class);

    assertThatThrownBy(() -> machine.applyTransaction(transaction(machine)))
        .isInstanceOf(Fatal.HaltedException.class);

    assertThat(applied).isEmpty();
    assertThat(halted).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"replica-diverged", "log-left-behind"})
  void a_copy_that_was_withdrawn_lets_consensus_come_to_its_end(String code) {
    Fatal fatal = new Fatal(halted::add);
    LedgerStateMachine machine = new LedgerStateMachine(new Failing(new Error()), fatal);
    fatal.raise(new HoldfastException(code, "it is rebuilt", ""));

    assertThat(machine.applyTransaction(transaction(machine)).join()).isEqualTo(Message.EMPTY);
    machine.notifyTermIndexUpdated(1, 10);
    assertThat(machine.takeSnapshot()).isNegative();
    machine.notifyConfigurationChanged(1, 10, RaftConfigurationProto.getDefaultInstance());
    machine.notifyNotLeader(List.of());
    assertThat(machine.getLatestSnapshot()).isNull();

    assertThat(machine.getLastAppliedTermIndex().getIndex()).isLessThan(9);
    assertThat(halted).hasSize(1);
  }

  @Test
  void an_entry_by_which_the_copy_is_withdrawn_lets_consensus_come_to_its_end() {
    Fatal fatal = new Fatal(halted::add);
    HoldfastException differs = new HoldfastException("replica-diverged", "it differs", "");
    ReplicaEvents events =
        new Failing(new IllegalStateException()) {
          @Override
          public long committed(long term, long index, ByteBuffer sealed) {
            fatal.raise(differs);
            throw new HoldfastException("journal-differs", "another batch", "");
          }
        };
    LedgerStateMachine machine = new LedgerStateMachine(events, fatal);

    assertThat(machine.applyTransaction(transaction(machine)).join()).isEqualTo(Message.EMPTY);
    assertThat(machine.getLastAppliedTermIndex().getIndex()).isLessThan(9);
    assertThat(halted).containsExactly(differs);
  }

  @Test
  void consensus_keeps_only_the_eight_bytes_of_the_op() {
    ReplicaEvents events =
        new Failing(new IllegalStateException()) {
          @Override
          public long committed(long term, long index, ByteBuffer sealed) {
            return 4711;
          }
        };
    LedgerStateMachine machine = new LedgerStateMachine(events, new Fatal(halted::add));

    Message reply = machine.applyTransaction(transaction(machine)).join();

    assertThat(reply.getContent().asReadOnlyByteBuffer().getLong()).isEqualTo(4711);
    assertThat(machine.getLastAppliedTermIndex().getIndex()).isEqualTo(9);
  }

  private static TransactionContext transaction(LedgerStateMachine machine) {
    return TransactionContext.newBuilder()
        .setServerRole(RaftPeerRole.FOLLOWER)
        .setStateMachine(machine)
        .setLogEntry(
            LogEntryProto.newBuilder()
                .setTerm(1)
                .setIndex(9)
                .setStateMachineLogEntry(
                    StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFromUtf8("x")))
                .build())
        .build();
  }
}

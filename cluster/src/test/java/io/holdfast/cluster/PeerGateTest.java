package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.journal.Branch;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.grpc.AdminProtocolServiceGrpc;
import org.apache.ratis.proto.grpc.RaftClientProtocolServiceGrpc;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member with a valid certificate may and may not say at the port between nodes. */
class PeerGateTest {
  @TempDir Path directory;

  private final List<HoldfastException> halted = new CopyOnWriteArrayList<>();
  private Site site;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    Path nodes = directory.resolve("site");
    Member first = new Member("n1", "127.0.0.1", FreePort.pick());
    Member second = new Member("n2", "127.0.0.1", FreePort.pick());
    Member third = new Member("n3", "127.0.0.1", FreePort.pick());
    SiteInit.create(
        nodes,
        "paris",
        List.of(first, second, third).stream()
            .map(member -> new SiteInit.NodePlan(member, List.of(), Map.of()))
            .toList(),
        new SystemClock());
    site =
        Site.start(
            new SiteConfig(nodes.resolve("n1"), 300, 600, 4, 65_536, 64 << 20),
            new SystemClock(),
            halted::add);
    Genesis genesis = Genesis.read(nodes.resolve("n2"));
    NodeTls tls = NodeTls.load(genesis, nodes.resolve("n2").resolve("keys"), new SystemClock());
    channel =
        NettyChannelBuilder.forAddress(first.host(), first.port())
            .sslContext(Engine.Tls.of(tls).forClient())
            .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    site.close();
    assertThat(halted).isEmpty();
  }

  @Test
  void the_services_of_consensus_for_clients_and_administrators_are_closed() {
    List<MethodDescriptor<?, ?>> closed =
        new java.util.ArrayList<>(
            RaftClientProtocolServiceGrpc.getServiceDescriptor().getMethods());
    closed.addAll(AdminProtocolServiceGrpc.getServiceDescriptor().getMethods());
    assertThat(closed).hasSizeGreaterThan(5);
    for (MethodDescriptor<?, ?> method : closed) {
      assertRefused(empty(method));
    }
  }

  @Test
  void a_member_cannot_speak_for_another() {
    assertThatThrownBy(() -> vote("n3"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
              assertThat(e.getStatus().getDescription()).contains("not from its sender");
            });
  }

  @Test
  void a_member_can_speak_for_itself() {
    assertThatThrownBy(() -> vote("n2"))
        .as("passed the gate, refused by consensus, for the group is made up")
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e ->
                assertThat(e.getStatus().getCode())
                    .isNotIn(Status.Code.PERMISSION_DENIED, Status.Code.UNAUTHENTICATED));
  }

  @Test
  void a_member_with_another_history_of_the_ledger_is_refused_until_it_has_the_same() {
    Genesis genesis = Genesis.read(directory.resolve("site").resolve("n2"));
    Lineage same = Lineage.ofNew(genesis.ledgerId());
    Branch first = same.current();
    Branch restored = new Branch(1, UInt128.of(5), 1, first.chain());
    Branch later = new Branch(2, UInt128.of(6), 9, first.chain());
    for (List<Branch> other : List.of(List.of(restored), List.of(first, later))) {
      assertThatThrownBy(() -> hello(genesis, new Lineage(genesis.ledgerId(), other)))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
                assertThat(e.getStatus().getDescription()).contains("wrong-lineage", "n2");
              });
      assertThat(site.view().incidents()).anyMatch(i -> i.startsWith("node-refused: n2"));
    }
    assertThat(hello(genesis, same).lineage()).isEqualTo(same);
    assertThat(site.view().incidents()).noneMatch(i -> i.startsWith("node-refused"));
  }

  private Hello hello(Genesis genesis, Lineage lineage) {
    Hello said =
        new Hello(
            genesis.ledgerId().toHex(),
            genesis.dataKeyId(),
            1,
            false,
            true,
            0,
            0,
            "starting",
            lineage,
            java.util.Collections.emptySortedMap(),
            List.of());
    return PeerMessages.decodeHello(
        ClientCalls.blockingUnaryCall(
            channel,
            PeerServer.HELLO,
            CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS),
            PeerMessages.encodeHello(said)));
  }

  @Test
  void a_message_that_is_meant_for_another_node_is_refused() {
    assertThatThrownBy(() -> vote("n2", "n3"))
        .as("n1 at the address of n3 must not vote in its name")
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
              assertThat(e.getStatus().getDescription()).contains("is for n3");
            });
  }

  private void vote(String claimed) {
    vote(claimed, "n1");
  }

  private void vote(String claimed, String to) {
    RaftRpcRequestProto header =
        RaftRpcRequestProto.newBuilder()
            .setRequestorId(ByteString.copyFromUtf8(claimed))
            .setReplyId(ByteString.copyFromUtf8(to))
            .build();
    RaftServerProtocolServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(5, TimeUnit.SECONDS)
        .requestVote(RequestVoteRequestProto.newBuilder().setServerRequest(header).build());
  }

  private void assertRefused(MethodDescriptor<byte[], byte[]> method) {
    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel,
                    method,
                    CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS),
                    new byte[0]))
        .as(method.getFullMethodName())
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
  }

  private static MethodDescriptor<byte[], byte[]> empty(MethodDescriptor<?, ?> method) {
    return PeerServer.HELLO.toBuilder().setFullMethodName(method.getFullMethodName()).build();
  }
}

package io.holdfast.cluster;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * The calls that this node makes to its own Ratis server, in process: append a sealed batch, get a
 * read index, hand leadership over, change the members. One client id per boot and use; call ids
 * are never used again.
 */
final class Consensus {
  private final RaftServer server;
  private final RaftGroupId group;
  private final RaftPeerId self;
  private final ClientId writer = ClientId.randomId();
  private final ClientId reader = ClientId.randomId();
  private final AtomicLong callId = new AtomicLong();

  Consensus(RaftServer server, RaftGroupId group, RaftPeerId self) {
    this.server = server;
    this.group = group;
    this.self = self;
  }

  /** Appends; completes after this node applied the batch, or fails while it may still commit. */
  CompletableFuture<RaftClientReply> append(byte[] sealed) {
    return submit(
        writer,
        Message.valueOf(UnsafeByteOperations.unsafeWrap(sealed)),
        RaftClientRequest.writeRequestType());
  }

  /** Completes once this node has applied all that was acknowledged anywhere before the call. */
  CompletableFuture<?> readIndex() {
    return submit(reader, Message.EMPTY, RaftClientRequest.readRequestType())
        .thenAccept(
            reply -> {
              if (!reply.isSuccess()) {
                throw new CompletionException(reply.getException());
              }
            });
  }

  CompletableFuture<RaftClientReply> transferLeadership(String to, long timeoutMillis) {
    try {
      return server.transferLeadershipAsync(
          new TransferLeadershipRequest(
              ClientId.randomId(),
              self,
              group,
              callId.incrementAndGet(),
              RaftPeerId.valueOf(to),
              timeoutMillis));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * The members as the log of this node has them, committed or not.
   *
   * @param changing whether a change is under way
   */
  record Configuration(List<Member> members, boolean changing) {}

  Configuration configuration() throws IOException {
    RaftConfiguration now = server.getDivision(group).getRaftConf();
    return new Configuration(
        members(now.getCurrentPeers().stream().map(RaftPeer::getRaftPeerProto).toList()),
        !now.getPreviousPeers().isEmpty());
  }

  /**
   * Makes others the members, if they are still those that they are taken for. A new one is brought
   * near to the end of the log first; if it does not answer meanwhile, nothing changes.
   */
  CompletableFuture<RaftClientReply> change(List<Member> from, List<Member> to) {
    SetConfigurationRequest.Arguments arguments =
        SetConfigurationRequest.Arguments.newBuilder()
            .setServersInCurrentConf(peers(from))
            .setServersInNewConf(peers(to))
            .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
            .build();
    try {
      return server.setConfigurationAsync(
          new SetConfigurationRequest(
              ClientId.randomId(), self, group, callId.incrementAndGet(), arguments));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  static List<RaftPeer> peers(List<Member> members) {
    return members.stream()
        .map(m -> RaftPeer.newBuilder().setId(m.nodeId()).setAddress(m.address()).build())
        .toList();
  }

  static List<Member> members(List<RaftPeerProto> peers) {
    return peers.stream()
        .map(
            peer -> {
              String address = peer.getAddress();
              int at = address.lastIndexOf(':');
              return new Member(
                  peer.getId().toStringUtf8(),
                  address.substring(0, at),
                  Integer.parseInt(address.substring(at + 1)));
            })
        .sorted(Comparator.comparing(Member::nodeId))
        .toList();
  }

  /** Lets the log be cut where {@link ReplicaEvents#covered} says. */
  CompletableFuture<RaftClientReply> cutLog(long timeoutMillis) {
    return server.snapshotManagementAsync(
        SnapshotManagementRequest.newCreate(
            ClientId.randomId(), self, group, callId.incrementAndGet(), timeoutMillis, 1));
  }

  private CompletableFuture<RaftClientReply> submit(
      ClientId client, Message message, RaftClientRequest.Type type) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setServerId(self)
            .setClientId(client)
            .setGroupId(group)
            .setCallId(callId.incrementAndGet())
            .setMessage(message)
            .setType(type)
            .build();
    try {
      return server.submitClientRequestAsync(request);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}

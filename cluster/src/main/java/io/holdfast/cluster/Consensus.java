package io.holdfast.cluster;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * The three calls that this node makes to its own Ratis server, in process: append a sealed batch,
 * get a read index, hand leadership over. One client id per boot and use; call ids are never used
 * again.
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

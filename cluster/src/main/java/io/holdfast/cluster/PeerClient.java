package io.holdfast.cluster;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.cluster.RemoteSubmission.Outcome;
import io.holdfast.journal.FileListing;
import io.holdfast.kernel.HoldfastException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;

/** Calls from this node to the others: one connection each, opened when first needed. */
final class PeerClient implements AutoCloseable {
  private static final int MESSAGE_BYTES_MAX = 8 << 20;
  private static final long HELLO_MILLIS = 1_000;
  private static final long KEYS_MILLIS = 1_000;
  private static final long LIST_MILLIS = 10_000;

  /** Long enough for one piece on a slow line, short enough to go to another node. */
  private static final long READ_MILLIS = 10_000;

  /** The first call of a process that has just started, over a connection still to be made. */
  private static final long SITE_MILLIS = 5_000;

  /** A new member catches up meanwhile. */
  private static final long CHANGE_MILLIS = 30_000;

  private final Function<String, Member> members;
  private final SslContext tls;
  private final Map<Member, ManagedChannel> channels = new ConcurrentHashMap<>();

  PeerClient(Function<String, Member> members, SslContext tls) {
    this.members = members;
    this.tls = tls;
  }

  /**
   * Sends requests to the node that leads; they stay there no longer than the last is waited for.
   */
  CompletableFuture<List<Outcome>> submit(String nodeId, List<Waiting> requests) {
    long now = System.nanoTime();
    long latest = requests.stream().mapToLong(w -> w.deadlineNanos() - now).max().orElse(0);
    long millis = Math.clamp(TimeUnit.NANOSECONDS.toMillis(latest), 1, 60_000);
    byte[] message = PeerMessages.encodeSubmit((int) millis, requests);
    return call(nodeId, PeerServer.SUBMIT, message, millis).thenApply(PeerMessages::decodeOutcomes);
  }

  CompletableFuture<Hello> hello(String nodeId, Hello hello) {
    return call(nodeId, PeerServer.HELLO, PeerMessages.encodeHello(hello), HELLO_MILLIS)
        .thenApply(PeerMessages::decodeHello);
  }

  /** Offers keys of details to a node, or asks it for some. */
  CompletableFuture<KeyExchange> keys(String nodeId, KeyExchange asked) {
    return call(nodeId, PeerServer.KEYS, asked.encode(), KEYS_MILLIS)
        .thenApply(KeyExchange::decode);
  }

  /** Asks a node what it knows of its site. */
  CompletableFuture<SiteCard> site(String nodeId) {
    return call(nodeId, PeerServer.SITE, new byte[0], SITE_MILLIS).thenApply(SiteCard::decode);
  }

  /** Asks the node that leads to change the members. */
  CompletableFuture<MemberChange.Answer> change(String nodeId, MemberChange change) {
    return call(nodeId, PeerServer.MEMBERS, change.encode(), CHANGE_MILLIS)
        .thenApply(MemberChange.Answer::decode);
  }

  CompletableFuture<FileListing> list(String nodeId, FileMessages.Ask ask) {
    return call(nodeId, PeerServer.LIST, FileMessages.encodeAsk(ask), LIST_MILLIS)
        .thenApply(FileMessages::decodeListing);
  }

  CompletableFuture<byte[]> read(String nodeId, FileMessages.Read read) {
    return call(nodeId, PeerServer.READ, FileMessages.encodeRead(read), READ_MILLIS);
  }

  private CompletableFuture<byte[]> call(
      String nodeId, MethodDescriptor<byte[], byte[]> method, byte[] message, long millis) {
    ManagedChannel channel;
    try {
      Member member = members.apply(nodeId);
      channel = channels.computeIfAbsent(member, this::open);
    } catch (HoldfastException e) {
      return CompletableFuture.failedFuture(e); // it is no member, or not yet
    }
    ClientCall<byte[], byte[]> call =
        channel.newCall(
            method, CallOptions.DEFAULT.withDeadlineAfter(millis, TimeUnit.MILLISECONDS));
    CompletableFuture<byte[]> future = new CompletableFuture<>();
    future.whenComplete(
        (answer, failure) -> {
          if (future.isCancelled()) {
            call.cancel("given up: another node leads", null);
          }
        });
    call.start(
        new ClientCall.Listener<>() {
          private byte[] answer = new byte[0];

          @Override
          public void onMessage(byte[] received) {
            answer = received;
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
              future.complete(answer);
            } else {
              future.completeExceptionally(status.asException());
            }
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(message);
    call.halfClose();
    return future;
  }

  private ManagedChannel open(Member member) {
    return NettyChannelBuilder.forAddress(member.host(), member.port())
        .sslContext(tls)
        .flowControlWindow(MESSAGE_BYTES_MAX)
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .build();
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}

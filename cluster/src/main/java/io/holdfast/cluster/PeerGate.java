package io.holdfast.cluster;

import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.thirdparty.io.grpc.Context;
import org.apache.ratis.thirdparty.io.grpc.Contexts;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guard at the port between nodes. Only consensus and Holdfast's own calls pass: Ratis'
 * services for clients and administrators, which share the port, are closed. A message of consensus
 * must come from the node whose certificate the connection showed, so that no member can speak for
 * another.
 */
final class PeerGate implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(PeerGate.class);
  private static final Set<String> OPEN =
      Set.of("ratis.grpc.RaftServerProtocolService", PeerServer.SERVICE);
  private static final Context.Key<String> CALLER = Context.key("holdfast-caller");

  private final Function<X509Certificate, @Nullable String> nodeIdOf;
  private final Set<String> refused;

  /**
   * @param nodeIdOf the member that a certificate belongs to; null if to none
   * @param refused nodes that may not take part, kept up to date by whoever checks them
   */
  PeerGate(Function<X509Certificate, @Nullable String> nodeIdOf, Set<String> refused) {
    this.nodeIdOf = nodeIdOf;
    this.refused = refused;
  }

  /** The node that makes the call at hand. */
  static String caller() {
    return CALLER.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String service = call.getMethodDescriptor().getServiceName();
    if (service == null || !OPEN.contains(service)) {
      return refuse(call, Status.PERMISSION_DENIED.withDescription("service is closed"));
    }
    String caller = callerOf(call);
    if (caller == null) {
      return refuse(
          call, Status.UNAUTHENTICATED.withDescription("no certificate of a member was shown"));
    }
    if (refused.contains(caller) && !service.equals(PeerServer.SERVICE)) {
      return refuse(call, Status.PERMISSION_DENIED.withDescription(caller + " may not take part"));
    }
    ServerCall.Listener<Q> listener =
        Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onMessage(Q message) {
        String claimed = claimedSender(message);
        if (claimed != null && !claimed.equals(caller)) {
          LOG.warn("refused a message from {} that claims to be from {}", caller, claimed);
          call.close(
              Status.PERMISSION_DENIED.withDescription("the message is not from its sender"),
              new Metadata());
          return;
        }
        super.onMessage(message);
      }
    };
  }

  private @Nullable String callerOf(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      return session != null
              && session.getPeerCertificates().length > 0
              && session.getPeerCertificates()[0] instanceof X509Certificate certificate
          ? nodeIdOf.apply(certificate)
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  private static @Nullable String claimedSender(Object message) {
    RaftRpcRequestProto request =
        switch (message) {
          case AppendEntriesRequestProto m -> m.getServerRequest();
          case RequestVoteRequestProto m -> m.getServerRequest();
          case InstallSnapshotRequestProto m -> m.getServerRequest();
          case StartLeaderElectionRequestProto m -> m.getServerRequest();
          case ReadIndexRequestProto m -> m.getServerRequest();
          default -> null;
        };
    return request == null ? null : request.getRequestorId().toStringUtf8();
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
    LOG.warn("refused a call of {}: {}", call.getMethodDescriptor().getFullMethodName(), status);
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}

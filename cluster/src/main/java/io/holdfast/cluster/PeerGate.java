package io.holdfast.cluster;

import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
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
 * another; and it must be meant for this node: one that replaces another at the same address must
 * not answer in the name of that one, whose vote it does not know.
 */
final class PeerGate implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(PeerGate.class);
  private static final Set<String> OPEN =
      Set.of("ratis.grpc.RaftServerProtocolService", PeerServer.SERVICE);
  private static final Context.Key<String> CALLER = Context.key("holdfast-caller");

  private final Function<X509Certificate, @Nullable String> nodeIdOf;
  private final String self;
  private final Predicate<String> mayTakePart;
  private final BooleanSupplier takesPart;

  /**
   * @param nodeIdOf the node that a certificate belongs to; null if to none
   * @param self this node
   * @param mayTakePart whether a node may take part in consensus; one that may not can still ask to
   *     be taken in, and for what it needs until then
   * @param takesPart whether this node itself takes part in consensus by now
   */
  PeerGate(
      Function<X509Certificate, @Nullable String> nodeIdOf,
      String self,
      Predicate<String> mayTakePart,
      BooleanSupplier takesPart) {
    this.nodeIdOf = nodeIdOf;
    this.self = self;
    this.mayTakePart = mayTakePart;
    this.takesPart = takesPart;
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
    boolean open = PeerServer.OPEN.contains(call.getMethodDescriptor().getFullMethodName());
    if (!open && !mayTakePart.test(caller)) {
      return refuse(call, Status.PERMISSION_DENIED.withDescription(caller + " may not take part"));
    }
    ServerCall.Listener<Q> listener =
        Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onMessage(Q message) {
        RaftRpcRequestProto request = consensus(message);
        if (request != null && !isFrom(request, caller)) {
          call.close(
              Status.PERMISSION_DENIED.withDescription("the message is not from its sender"),
              new Metadata());
          return;
        }
        if (request != null && !request.getReplyId().toStringUtf8().equals(self)) {
          call.close(
              Status.PERMISSION_DENIED.withDescription(
                  "the message is for " + request.getReplyId().toStringUtf8()),
              new Metadata());
          return;
        }
        if (request != null && !takesPart.getAsBoolean()) {
          call.close(
              Status.UNAVAILABLE.withDescription(
                  "it starts for the first time and waits for all others"),
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

  private static boolean isFrom(RaftRpcRequestProto request, String caller) {
    String claimed = request.getRequestorId().toStringUtf8();
    if (!claimed.equals(caller)) {
      LOG.warn("refused a message from {} that claims to be from {}", caller, claimed);
      return false;
    }
    return true;
  }

  private static @Nullable RaftRpcRequestProto consensus(Object message) {
    return switch (message) {
      case AppendEntriesRequestProto m -> m.getServerRequest();
      case RequestVoteRequestProto m -> m.getServerRequest();
      case InstallSnapshotRequestProto m -> m.getServerRequest();
      case StartLeaderElectionRequestProto m -> m.getServerRequest();
      case ReadIndexRequestProto m -> m.getServerRequest();
      default -> null;
    };
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
    LOG.warn("refused a call of {}: {}", call.getMethodDescriptor().getFullMethodName(), status);
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}

package io.holdfast.cluster;

import io.holdfast.kernel.HoldfastException;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusException;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers calls about the members of the site; each on a thread of its own, for a change waits. */
final class MemberCalls {
  private static final Logger LOG = LoggerFactory.getLogger(MemberCalls.class);

  private final Supplier<SiteCard> site;
  private final BiFunction<String, MemberChange, MemberChange.Answer> change;

  /**
   * @param change makes a change that a node, proved by its certificate, asks for
   */
  MemberCalls(
      Supplier<SiteCard> site, BiFunction<String, MemberChange, MemberChange.Answer> change) {
    this.site = site;
    this.change = change;
  }

  void site(byte[] bytes, StreamObserver<byte[]> observer) {
    Thread.startVirtualThread(() -> answer(observer, () -> site.get().encode()));
  }

  void change(byte[] bytes, StreamObserver<byte[]> observer) {
    String caller = PeerGate.caller();
    Thread.startVirtualThread(
        () -> answer(observer, () -> change.apply(caller, MemberChange.decode(bytes)).encode()));
  }

  /** The refusal that a member sent; a call that failed otherwise may have been done. */
  static HoldfastException coded(CompletionException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String text =
        cause instanceof StatusException status
            ? String.valueOf(status.getStatus().getDescription())
            : String.valueOf(cause.getMessage());
    int at = text.indexOf(": ");
    boolean refused =
        cause instanceof StatusException status
            && status.getStatus().getCode() == Status.Code.FAILED_PRECONDITION
            && at > 0;
    return refused
        ? new HoldfastException(text.substring(0, at), text.substring(at + 2), "", failure)
        : new HoldfastException(
            "members-unchanged",
            "the node that leads gave no answer: " + text,
            "ask again",
            failure);
  }

  private static void answer(StreamObserver<byte[]> observer, Supplier<byte[]> answer) {
    try {
      PeerServer.reply(observer, answer.get());
    } catch (HoldfastException e) {
      PeerServer.refuse(observer, Status.FAILED_PRECONDITION, e);
    } catch (RuntimeException e) {
      LOG.error("a call about the members failed", e);
      observer.onError(Status.INTERNAL.withDescription(e.toString()).asException());
    }
  }
}

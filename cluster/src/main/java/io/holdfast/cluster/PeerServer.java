package io.holdfast.cluster;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.cluster.PeerMessages.Submit;
import io.holdfast.cluster.RemoteSubmission.Outcome;
import io.holdfast.kernel.HoldfastException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCallStreamObserver;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/**
 * What this node answers to the others beside consensus, on the same port and under the same mutual
 * TLS: {@code submit} takes their requests while this node leads, {@code hello} says who it is,
 * what it holds and what time it has, {@code keys} exchanges the keys of details, {@code list} and
 * {@code read} give them its files, {@code site} says who the members are and {@code members}
 * changes them.
 */
final class PeerServer {
  static final String SERVICE = "holdfast.cluster.Peer";
  static final MethodDescriptor<byte[], byte[]> SUBMIT = method("Submit");
  static final MethodDescriptor<byte[], byte[]> HELLO = method("Hello");
  static final MethodDescriptor<byte[], byte[]> KEYS = method("Keys");
  static final MethodDescriptor<byte[], byte[]> LIST = method("List");
  static final MethodDescriptor<byte[], byte[]> READ = method("Read");
  static final MethodDescriptor<byte[], byte[]> SITE = method("Site");
  static final MethodDescriptor<byte[], byte[]> MEMBERS = method("Members");

  /** Calls that a node of the site may make that is no member yet. */
  static final Set<String> OPEN =
      Stream.of(HELLO, KEYS, LIST, READ, SITE, MEMBERS)
          .map(MethodDescriptor::getFullMethodName)
          .collect(Collectors.toUnmodifiableSet());

  private final Takes takes;
  private final BiFunction<String, Hello, Hello> hello;
  private final UnaryOperator<KeyExchange> keys;
  private final FileCalls files;
  private final MemberCalls members;

  /** Takes requests of another node. */
  interface Takes {
    /** Takes one request, or refuses it with a coded exception. */
    CompletableFuture<io.holdfast.ledger.Reply> take(Submit.Entry entry, int patienceMillis);

    /** Whether this node leads and takes writes. */
    boolean leads();
  }

  /**
   * @param hello answers a hello of a node, whose id its certificate proved
   * @param keys answers what is said of the keys of details
   */
  PeerServer(
      Takes takes,
      BiFunction<String, Hello, Hello> hello,
      UnaryOperator<KeyExchange> keys,
      FileCalls files,
      MemberCalls members) {
    this.takes = takes;
    this.hello = hello;
    this.keys = keys;
    this.files = files;
    this.members = members;
  }

  ServerServiceDefinition definition() {
    return ServerServiceDefinition.builder(SERVICE)
        .addMethod(SUBMIT, ServerCalls.asyncUnaryCall(this::submit))
        .addMethod(HELLO, ServerCalls.asyncUnaryCall(this::hello))
        .addMethod(KEYS, ServerCalls.asyncUnaryCall(this::keys))
        .addMethod(LIST, ServerCalls.asyncUnaryCall(files::list))
        .addMethod(READ, ServerCalls.asyncUnaryCall(files::read))
        .addMethod(SITE, ServerCalls.asyncUnaryCall(members::site))
        .addMethod(MEMBERS, ServerCalls.asyncUnaryCall(members::change))
        .build();
  }

  private void submit(byte[] bytes, StreamObserver<byte[]> observer) {
    Submit submit;
    try {
      submit = PeerMessages.decodeSubmit(bytes);
    } catch (HoldfastException e) {
      observer.onError(
          Status.INVALID_ARGUMENT.withDescription(e.message()).withCause(e).asException());
      return;
    }
    if (!takes.leads()) {
      List<Outcome> refused = new ArrayList<>();
      submit.entries().forEach(entry -> refused.add(new Outcome.NotLeader()));
      reply(observer, PeerMessages.encodeOutcomes(refused));
      return;
    }
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>(submit.entries().size());
    for (Submit.Entry entry : submit.entries()) {
      outcomes.add(
          takes
              .take(entry, submit.patienceMillis())
              .handle(
                  (answer, failure) ->
                      failure == null ? new Outcome.Answered(answer) : outcomeOf(failure)));
    }
    CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
        .thenRun(
            () ->
                reply(
                    observer,
                    PeerMessages.encodeOutcomes(
                        outcomes.stream().map(CompletableFuture::join).toList())));
  }

  private static Outcome outcomeOf(Throwable failure) {
    String code = failure instanceof HoldfastException coded ? coded.code() : "outcome-unknown";
    return switch (code) {
      case "no-leader" -> new Outcome.NotLeader();
      case "overloaded" -> new Outcome.Overloaded();
      default -> new Outcome.Unknown();
    };
  }

  private void hello(byte[] bytes, StreamObserver<byte[]> observer) {
    try {
      Hello answer = hello.apply(PeerGate.caller(), PeerMessages.decodeHello(bytes));
      reply(observer, PeerMessages.encodeHello(answer));
    } catch (HoldfastException e) {
      refuse(observer, Status.PERMISSION_DENIED, e);
    }
  }

  private void keys(byte[] bytes, StreamObserver<byte[]> observer) {
    try {
      reply(observer, keys.apply(KeyExchange.decode(bytes)).encode());
    } catch (HoldfastException e) {
      refuse(observer, Status.INTERNAL, e);
    }
  }

  static void reply(StreamObserver<byte[]> observer, byte[] message) {
    if (observer instanceof ServerCallStreamObserver<byte[]> call && call.isCancelled()) {
      return;
    }
    observer.onNext(message);
    observer.onCompleted();
  }

  /** Answers with a refusal that names its code. */
  static void refuse(StreamObserver<byte[]> observer, Status status, HoldfastException reason) {
    observer.onError(
        status
            .withDescription(reason.code() + ": " + reason.message())
            .withCause(reason)
            .asException());
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  /** Messages are bytes as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

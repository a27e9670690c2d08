package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Server;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCalls;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ClientAuth;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trust between nodes through the transport that carries consensus, over a real socket. */
class PeerChannelTest {
  private static final MethodDescriptor<byte[], byte[]> ECHO =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("holdfast.test/echo")
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  @TempDir Path temp;
  private Server server = NettyServerBuilder.forPort(0).build();

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

  @AfterEach
  void stop() throws InterruptedException {
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  /** A site whose members have ports that were free a moment ago. */
  private Path site(String name, int... ports) {
    List<SiteInit.NodePlan> plans = new ArrayList<>();
    for (int i = 0; i < ports.length; i++) {
      Member member = new Member("n" + (i + 1), "localhost", ports[i]);
      plans.add(new SiteInit.NodePlan(member, List.of(), Map.of()));
    }
    SiteInit.create(temp.resolve(name), "main", plans, Identities.CLOCK);
    return temp.resolve(name);
  }

  private void serve(NodeTls tls, int port) throws IOException {
    server =
        NettyServerBuilder.forPort(port)
            .sslContext(
                GrpcSslContexts.configure(SslContextBuilder.forServer(tls.keyManager()))
                    .trustManager(tls.trustManager())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build())
            .addService(
                ServerServiceDefinition.builder("holdfast.test")
                    .addMethod(
                        ECHO,
                        ServerCalls.asyncUnaryCall(
                            (request, answer) -> {
                              answer.onNext(request);
                              answer.onCompleted();
                            }))
                    .build())
            .build()
            .start();
  }

  private static byte[] call(NodeTls tls, int port) throws IOException, InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget("localhost:" + port)
            .sslContext(
                GrpcSslContexts.configure(SslContextBuilder.forClient())
                    .keyManager(tls.keyManager())
                    .trustManager(tls.trustManager())
                    .build())
            .build();
    try {
      return ClientCalls.blockingUnaryCall(
          channel, ECHO, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), new byte[7]);
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void members_talk_to_each_other() throws IOException, InterruptedException {
    int port = FreePort.pick();
    Path site = site("site", 1, port, 2);
    serve(Identities.tls(site, "n2"), port);
    assertThat(call(Identities.tls(site, "n1"), port)).hasSize(7);
  }

  @Test
  void a_node_of_another_ledger_gets_nothing_and_believes_nothing() throws IOException {
    int port = FreePort.pick();
    Path site = site("site", 1, port, 2);
    Path other = site("other", 1, port, 2);
    NodeTls here = Identities.tls(site, "n2");
    NodeTls stranger = Identities.tls(other, "n1");
    serve(here, port);
    assertThat(Identities.failure(() -> call(stranger, port))).isNotNull();
    assertThat(stranger.recentRefusals()).hasSize(1);
    assertThat(stranger.recentRefusals().getFirst()).contains("peer-other-ledger");
  }

  @Test
  void a_member_that_answers_for_another_is_found_by_who_dialled() throws IOException {
    int port = FreePort.pick();
    Path site = site("site", 1, port, 2);
    NodeTls dialling = Identities.tls(site, "n1");
    serve(Identities.tls(site, "n3"), port);
    assertThat(Identities.failure(() -> call(dialling, port))).isNotNull();
    assertThat(dialling.recentRefusals().getFirst())
        .contains("peer-wrong-node")
        .contains("answers node n3, not n2");
  }
}

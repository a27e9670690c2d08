package io.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.holdfast.cluster.PeerMessages.Hello;
import io.holdfast.journal.Lineage;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.ratis.thirdparty.io.grpc.Server;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCalls;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.ClientAuth;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What n1 of three nodes makes of the hellos of the others, which are no more than that here. */
class PeersTest {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

  @TempDir Path directory;
  private final List<HoldfastException> halted = new CopyOnWriteArrayList<>();
  private final List<Server> servers = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private List<Member> members = List.of();
  private volatile String ownRole = "starting";

  @BeforeEach
  void start() throws IOException {
    members =
        List.of(
            new Member("n1", "localhost", FreePort.pick()),
            new Member("n2", "localhost", FreePort.pick()),
            new Member("n3", "localhost", FreePort.pick()));
    List<SiteInit.NodePlan> plans =
        members.stream().map(member -> new SiteInit.NodePlan(member, List.of(), Map.of())).toList();
    SiteInit.create(directory.resolve("site"), "paris", plans, Identities.CLOCK);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    for (Server server : servers) {
      server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
    assertThat(halted).isEmpty();
  }

  private Hello hello() {
    return hello(0, "starting");
  }

  private Hello hello(long op, String role) {
    Genesis genesis = Genesis.read(directory.resolve("site").resolve("n1"));
    return new Hello(
        genesis.ledgerId().toHex(),
        genesis.dataKeyId(),
        1,
        true,
        !role.equals("starting"),
        Identities.CLOCK.wallNanos(),
        op,
        role,
        Lineage.ofNew(genesis.ledgerId()),
        Collections.emptySortedMap(),
        List.of());
  }

  private Peers peers() throws IOException {
    Path home = directory.resolve("site").resolve("n1");
    Genesis genesis = Genesis.read(home);
    Members all = Members.of(genesis);
    NodeTls tls = NodeTls.load(genesis, home.resolve("keys"), Identities.CLOCK);
    PeerClient client = new PeerClient(all::member, Engine.Tls.of(tls).forClient());
    open.add(client);
    return new Peers(
        all,
        Identities.CLOCK,
        new SiteClock(Identities.CLOCK),
        client,
        () -> hello(0, ownRole),
        Map.of(),
        (op, majority) -> {},
        new Fatal(halted::add));
  }

  /** Lets a node answer hellos. */
  private void answer(String node, long op, String role) throws IOException {
    Member member = members.stream().filter(m -> m.nodeId().equals(node)).findFirst().orElseThrow();
    NodeTls tls = Identities.tls(directory.resolve("site"), node);
    servers.add(
        NettyServerBuilder.forPort(member.port())
            .sslContext(
                GrpcSslContexts.configure(SslContextBuilder.forServer(tls.keyManager()))
                    .trustManager(tls.trustManager())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build())
            .addService(
                ServerServiceDefinition.builder(PeerServer.HELLO.getServiceName())
                    .addMethod(
                        PeerServer.HELLO,
                        ServerCalls.asyncUnaryCall(
                            (asked, told) -> {
                              told.onNext(PeerMessages.encodeHello(hello(op, role)));
                              told.onCompleted();
                            }))
                    .build())
            .build()
            .start());
  }

  private static void await(Peers peers, BooleanSupplier condition, String what) {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        fail("not in time: " + what);
      }
      peers.round();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Test
  void before_a_first_start_every_other_node_has_to_take_the_hello_not_a_majority()
      throws IOException {
    Peers peers = peers();
    assertThat(peers.heardAll()).isFalse();
    answer("n2", 0, "starting");
    await(peers, () -> peers.heard().reachable("n2"), "n2 to answer");

    assertThat(peers.heardAll()).as("n1 and n2 are a majority").isFalse();
    peers.answer("n3", hello());
    assertThat(peers.heardAll()).as("n3 said hello, but took none").isFalse();

    answer("n3", 0, "starting");
    await(peers, peers::heardAll, "all to answer");
  }

  @Test
  void how_far_behind_this_node_may_be_is_told_by_what_it_heard() throws IOException {
    Peers peers = peers();
    assertThat(peers.heard().lag(20)).as("nobody was heard").isEqualTo(new LastHeard.Lag(0, -1));
    answer("n2", 50, "follower");
    await(peers, () -> peers.heard().reachable("n2"), "n2 to answer");
    assertThat(peers.heard().lag(20))
        .as("no leader was heard")
        .isEqualTo(new LastHeard.Lag(30, -1));

    answer("n3", 48, "leader");
    await(peers, () -> peers.heard().reachable("n3"), "n3 to answer");
    assertThat(peers.heard().lag(20).ops()).isEqualTo(30);
    assertThat(peers.heard().lag(20).millis()).isNotNegative();
    assertThat(peers.heard().lag(60).ops()).as("ahead of all").isZero();
    for (Server server : servers) {
      server.shutdownNow();
    }
    await(peers, () -> peers.heard().lag(20).millis() > 300, "the leader's word to age");
    assertThat(peers.heard().lag(20).ops()).isEqualTo(30);
  }

  @Test
  void a_node_that_led_counts_from_the_last_moment_at_which_it_did() throws IOException {
    Peers peers = peers();
    ownRole = "leader";
    peers.round();
    assertThat(peers.heard().lag(20)).isEqualTo(new LastHeard.Lag(0, 0));

    ownRole = "follower";
    assertThat(peers.heard().lag(20).millis()).isNotNegative();
    await(peers, () -> peers.heard().lag(20).millis() > 300, "its own word to age");
  }
}

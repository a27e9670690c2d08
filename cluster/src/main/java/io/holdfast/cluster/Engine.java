package io.holdfast.cluster;

import io.holdfast.journal.Recovery;
import io.holdfast.kernel.DiskFaults;
import io.holdfast.kernel.HoldfastException;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Ratis server of this node: one group, the site's incarnation, on one port under mutual TLS.
 * The stored log is scanned before Ratis may open it.
 */
final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /** What a stop waits for at most. */
  static final Duration CLOSE = Duration.ofMillis(1_500);

  private final RaftServer server;
  private final RaftGroupId groupId;
  private final Consensus consensus;
  private final Path directory;

  private Engine(RaftServer server, RaftGroupId groupId, String nodeId, Path directory) {
    this.server = server;
    this.groupId = groupId;
    this.directory = directory;
    this.consensus = new Consensus(server, groupId, RaftPeerId.valueOf(nodeId));
  }

  /** TLS in the shapes that Ratis and our own calls want it. */
  record Tls(GrpcTlsConfig forRatis, SslContext forClient) {
    static Tls of(NodeTls tls) throws SSLException {
      GrpcTlsConfig config =
          GrpcTlsConfig.newBuilder()
              .setKeyManager(tls.keyManager())
              .setTrustManager(tls.trustManager())
              .setMutualTls(true)
              .setSslProvider(SslProvider.JDK)
              .setProtocols("TLSv1.3")
              .build();
      SslContext client =
          GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
              .keyManager(tls.keyManager())
              .trustManager(tls.trustManager())
              .protocols("TLSv1.3")
              .build();
      return new Tls(config, client);
    }
  }

  static Engine open(
      SiteConfig config,
      Genesis genesis,
      @Nullable Progress durable,
      Recovery.@Nullable Point covered,
      Tls tls,
      PeerServer peerServer,
      PeerGate gate,
      LedgerStateMachine stateMachine)
      throws IOException {
    Path raft = config.directory().resolve("raft");
    Files.createDirectories(raft);
    scanLog(log(config.directory(), genesis), genesis, durable, covered);
    RaftGroupId groupId = RaftGroupId.valueOf(genesis.incarnation());
    // One that was seeded is a member only if consensus has stored so.
    List<RaftPeer> members = genesis.seeded() ? List.of() : Consensus.peers(genesis.members());
    RaftProperties properties = RaftSettings.properties(config, genesis.self(), raft);
    Parameters parameters = new Parameters();
    GrpcConfigKeys.TLS.setConf(parameters, tls.forRatis());
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters,
        (builder, types) -> builder.addService(peerServer.definition()).intercept(gate));
    org.apache.ratis.RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
    try {
      RaftServer server =
          RaftServer.newBuilder()
              .setServerId(RaftPeerId.valueOf(genesis.nodeId()))
              .setGroup(RaftGroup.valueOf(groupId, members))
              .setStateMachine(stateMachine)
              .setProperties(properties)
              .setParameters(parameters)
              .setOption(RaftStorage.StartupOption.RECOVER)
              .build();
      return new Engine(server, groupId, genesis.nodeId(), config.directory());
    } catch (IOException | RuntimeException e) {
      throw startFailed(config.directory(), e);
    }
  }

  /** Where the log of consensus lies in a node's directory. */
  static Path log(Path directory, Genesis genesis) {
    return directory.resolve("raft").resolve(genesis.incarnation().toString()).resolve("current");
  }

  private static void scanLog(
      Path current, Genesis genesis, @Nullable Progress durable, Recovery.@Nullable Point covered)
      throws IOException {
    if (durable != null && !durable.incarnation().equals(genesis.incarnation())) {
      throw new HoldfastException(
          "genesis-mismatch",
          "genesis.json names incarnation "
              + genesis.incarnation()
              + ", but this directory holds data of "
              + durable.incarnation(),
          "put the genesis.json back that belongs to this directory");
    }
    long began = System.nanoTime();
    LogScan.Result found = LogScan.scan(current, durable, covered == null ? -1 : covered.index());
    if (found.cutBytes() > 0) {
      LOG.warn(
          "cut a torn write of {} bytes off the log after entry {}; the other nodes have what it was",
          found.cutBytes(),
          found.lastIndex());
    }
    if (found.firstIndex() > (covered == null ? 0 : covered.index() + 1)) {
      throw new HoldfastException(
          "journal-lost",
          "the log begins with entry "
              + found.firstIndex()
              + ", but journal and checkpoints only cover it up to entry "
              + (covered == null ? -1 : covered.index()),
          "the disk lost a part of this node's data; let it be replaced from its peers");
    }
    if (covered != null && found.entries() > 0 && found.lastIndex() < covered.index()) {
      LOG.info("the log ends before what was fetched of the journal; it begins anew after that");
      LogScan.removeUpTo(current, covered.index());
    }
    LOG.info(
        "scanned the log: {} entries, {} bytes, in {} ms",
        found.entries(),
        found.bytes(),
        (System.nanoTime() - began) / 1_000_000);
  }

  void start() throws IOException {
    try {
      server.start();
    } catch (RuntimeException e) {
      throw startFailed(directory, e);
    }
  }

  DivisionInfo info() throws IOException {
    return server.getDivision(groupId).getInfo();
  }

  Consensus consensus() {
    return consensus;
  }

  /** Names why consensus did not start. */
  static HoldfastException startFailed(Path directory, Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof HoldfastException coded) {
        return coded;
      }
      if (t instanceof BindException) {
        return new HoldfastException(
            "port-in-use",
            "the port for node-to-node traffic is taken: " + t.getMessage(),
            "stop what listens there, or choose another port for the member",
            t);
      }
    }
    HoldfastException disk = DiskFaults.coded(cause, directory);
    return disk.code().equals("disk-full")
        ? disk
        : new HoldfastException(
            "start-failed",
            "consensus could not start from " + directory + ": " + cause,
            "see the log of this node; its data were not changed",
            cause);
  }

  /**
   * Closes Ratis, but waits no longer than {@link #CLOSE}: it gives each connection 3 s to end by
   * itself, and all that was acknowledged is on disk already.
   */
  @Override
  public void close() {
    close(CLOSE);
  }

  /** As {@link #close()}, with another patience. */
  void close(Duration patience) {
    Thread closing =
        Thread.ofPlatform()
            .name("holdfast-close")
            .daemon()
            .start(
                () -> {
                  try {
                    server.close();
                  } catch (IOException e) {
                    LOG.warn("consensus did not close cleanly", e);
                  }
                });
    try {
      if (!closing.join(patience)) {
        LOG.info("consensus is still closing its connections");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

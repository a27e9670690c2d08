package io.holdfast.cluster;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.holdfast.kernel.Limits;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * How consensus is set up: durable always, tuned for few large entries and fast elections. Each
 * value that differs from the library's own has its reason beside it.
 */
final class RaftSettings {
  /** An entry of the log with its own headers; twice the largest batch, to have room. */
  private static final int ENTRY_BYTES_MAX = 4 << 20;

  private static final int STAGING_GAP = 16;

  /** Larger than the largest entry, or the log refuses it. */
  private static final int WRITE_BUFFER_BYTES = ENTRY_BYTES_MAX + (1 << 20);

  private RaftSettings() {}

  static RaftProperties properties(SiteConfig config, Member self, Path raftDirectory) {
    if (2 * Limits.BATCH_BYTES_MAX > ENTRY_BYTES_MAX) {
      throw new IllegalStateException("a batch must fit an entry of the log");
    }
    RaftProperties p = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(p, List.of(raftDirectory.toFile()));
    RaftServerConfigKeys.setRemovedGroupsDir(p, raftDirectory.resolve("removed").toFile());
    elections(p, config);
    log(p);
    replication(p);
    reads(p);
    String bindHost = config.bindHost();
    GrpcConfigKeys.Server.setHost(p, bindHost == null ? self.host() : bindHost);
    GrpcConfigKeys.Server.setPort(p, config.bindPort() == 0 ? self.port() : config.bindPort());
    return p;
  }

  private static void elections(RaftProperties p, SiteConfig config) {
    RaftServerConfigKeys.Rpc.setTimeoutMin(p, millis(config.electionTimeoutMinMillis()));
    RaftServerConfigKeys.Rpc.setTimeoutMax(p, millis(config.electionTimeoutMaxMillis()));
    // The default of 10 s is paid in full when a lost majority returns.
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, millis(300));
    RaftServerConfigKeys.Rpc.setRequestTimeout(p, millis(1_000));
    // A pause longer than this makes a leader step down: longer than a collection may take.
    RaftServerConfigKeys.setSleepDeviationThreshold(p, millis(1_000));
    // A stopped process that goes on after minutes must come back as a follower, not close itself.
    RaftServerConfigKeys.setCloseThreshold(
        p, TimeDuration.valueOf(1, java.util.concurrent.TimeUnit.HOURS));
  }

  private static void log(RaftProperties p) {
    RaftServerConfigKeys.Log.setSegmentSizeMax(
        p, SizeInBytes.valueOf("32MB")); // it is cut by whole segments
    // Preallocation writes real bytes: 64 MB of them cost 40 % and a p99 of 377 ms.
    RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf("64KB"));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf("128MB"));
    RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf(WRITE_BUFFER_BYTES));
    RaftServerConfigKeys.Log.setCorruptionPolicy(
        p, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
    // Else every commit costs an entry more.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
    RaftServerConfigKeys.Write.setElementLimit(p, 16_384);
    RaftServerConfigKeys.Write.setByteLimit(p, SizeInBytes.valueOf("128MB"));
    // Replies are kept this long on every node; ours are 8 bytes, and nobody retries through Ratis.
    RaftServerConfigKeys.RetryCache.setExpiryTime(p, millis(5_000));
    // What lies before the pointer we give goes at once; we keep the margin ourselves.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
    RaftServerConfigKeys.Log.setPurgeGap(p, 1);
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(p, false);
  }

  private static void replication(RaftProperties p) {
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(ENTRY_BYTES_MAX));
    RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(p, false);
    // A new member is taken in when it lacks so many entries of what is committed.
    RaftServerConfigKeys.setStagingCatchupGap(p, STAGING_GAP);
    // One that does not answer for so long is not taken in.
    RaftServerConfigKeys.setStagingTimeout(p, millis(3_000));
    // The default backs off for long, which makes a returning node slow and elections worse.
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(p, "20ms,1000000");
    GrpcConfigKeys.setFlowControlWindow(p, SizeInBytes.valueOf("8MB"));
    GrpcConfigKeys.setMessageSizeMax(p, SizeInBytes.valueOf("8MB"));
  }

  private static void reads(RaftProperties p) {
    RaftServerConfigKeys.Read.setOption(p, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
    RaftServerConfigKeys.Read.setLeaderLeaseEnabled(p, false);
    RaftServerConfigKeys.Read.setLeaderHeartbeatCheckEnabled(p, true);
    RaftServerConfigKeys.Read.setTimeout(p, millis(1_000));
  }

  private static TimeDuration millis(long millis) {
    return TimeDuration.valueOf(millis, MILLISECONDS);
  }
}

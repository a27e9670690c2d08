package io.holdfast.node;

import io.holdfast.cluster.PeriodLength;
import io.holdfast.kernel.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Every setting of a node. Parsing, help and docs/operate/settings.md are made from this list. */
final class Settings {
  static final String ENVIRONMENT_PREFIX = "HOLDFAST_CONFIG_";

  /** How log lines look. */
  enum LogFormat {
    TEXT,
    JSON
  }

  /** From which weight on log lines are written. */
  enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  static final Setting<Path> DIRECTORY =
      new Setting<>(
          "node.directory",
          new SettingType.Place(),
          ".",
          "The node's data directory, with genesis.json and keys/. One process at a time opens it."
              + " Everything that must survive is below it.");

  static final Setting<Duration> STOP_TIMEOUT =
      new Setting<>(
          "node.stop-timeout",
          span(1_000, 60_000),
          "8s",
          "How long a stop in good order may take: hand leadership over, answer what is in flight,"
              + " sync. After that the process halts, which loses nothing that was acknowledged.");

  static final Setting<Boolean> INSECURE =
      new Setting<>(
          "insecure",
          new SettingType.Flag(),
          "false",
          "Whether REST and admin may listen beyond this machine. They have no access control in"
              + " this version: whoever reaches the REST port can move money, whoever reaches the"
              + " admin port can change the leader.");

  static final Setting<Address> REST_ADDRESS =
      new Setting<>(
          "rest.address",
          new SettingType.Listen(),
          "127.0.0.1:7300",
          "Where applications reach the node: REST, health and metrics. Plain HTTP on loopback,"
              + " HTTPS with the node's certificate elsewhere, which needs 'insecure: true'.");

  static final Setting<Integer> REST_CONNECTIONS =
      new Setting<>(
          "rest.connections",
          new SettingType.Whole(16, 100_000),
          "8192",
          "Connections of applications open at the same time; more wait until one is closed. Each"
              + " needs a file descriptor.");

  static final Setting<Integer> REST_REQUESTS =
      new Setting<>(
          "rest.requests",
          new SettingType.Whole(16, 100_000),
          "2048",
          "Requests worked on at the same time; more are answered 429.");

  static final Setting<Long> REST_BODY =
      new Setting<>(
          "rest.body",
          new SettingType.Size(2 << 20, 64 << 20),
          "8MiB",
          "The largest body of a request; larger ones are answered 413. 8,189 transfers with all"
              + " fields take about 4MiB as JSON.");

  static final Setting<Long> REST_BODIES =
      new Setting<>(
          "rest.bodies",
          new SettingType.Size(16 << 20, 4L << 30),
          "128MiB",
          "Bodies of all requests in memory together; beyond, requests are answered 429.");

  static final Setting<Address> ADMIN_ADDRESS =
      new Setting<>(
          "admin.address",
          new SettingType.Listen(),
          "127.0.0.1:7200",
          "Where operators reach the node: planned leader change, digest, status. Beyond this"
              + " machine it needs 'insecure: true' and speaks HTTPS.");

  static final Setting<Address> PEER_BIND =
      new Setting<>(
          "peer.bind",
          new SettingType.Listen(),
          null,
          "Where the node listens for the other nodes, when that is not the address that genesis.json"
              + " gives them: 0.0.0.0:7400 for all interfaces, or behind address translation; port"
              + " 0 means the member's own. Always mutual TLS.");

  static final Setting<Duration> ELECTION_TIMEOUT_MIN =
      new Setting<>(
          "consensus.election-timeout-min",
          span(50, 60_000),
          "200ms",
          "The shortest time without a word of the leader after which a follower stands for election.");

  static final Setting<Duration> ELECTION_TIMEOUT_MAX =
      new Setting<>(
          "consensus.election-timeout-max",
          span(100, 120_000),
          "400ms",
          "The longest such time: each follower draws its own in between; at least 1.5 times the"
              + " shortest. Short times shorten an outage, too short ones cause elections without a"
              + " cause: stay above the longest pause of disk, network and JVM. The same on all"
              + " nodes.");

  static final Setting<Integer> BATCHES_IN_FLIGHT =
      new Setting<>(
          "ingress.batches-in-flight",
          new SettingType.Whole(1, 64),
          "4",
          "Batches handed to consensus and not yet answered. More only adds latency.");

  static final Setting<Integer> GENERATION_EVENTS =
      new Setting<>(
          "ledger.generation-events",
          new SettingType.Whole(1_024, 4_194_304),
          "262144",
          "Events and batches in a generation of the ledger. The newest three or four are in memory,"
              + " 160 bytes each event; what is older is found in the journal. A checkpoint falls on"
              + " every fourth generation's end. Must be the same on all nodes of the site.");

  static final Setting<Integer> LOG_GENERATIONS =
      new Setting<>(
          "consensus.log-generations",
          new SettingType.Whole(1, 4_096),
          "32",
          "How much of the log of consensus stays for nodes that were down, in generations; see"
              + " ledger.generation-events. What is older is cut off once the journal has it; a node"
              + " that missed more is seeded from its peers.");

  static final Setting<PeriodLength> DETAILS_PERIOD =
      new Setting<>(
          "details.period",
          new SettingType.Choice<>(PeriodLength.class),
          "month",
          "How long one key seals the details of transfers: day, month or year in UTC. The details of"
              + " a period are erased together, by 'holdfast details destroy-key'. The leader's"
              + " setting counts; the same on all nodes.");
  static final Setting<Long> FETCH_RATE =
      new Setting<>(
          "node.fetch-rate",
          new SettingType.Size(1 << 20, 16L << 30),
          "256MiB",
          "Bytes per second that this node gets from its peers at most when it is seeded or lacks"
              + " files. The peers pay on meanwhile.");

  static final Setting<Integer> QUEUE_EVENTS =
      new Setting<>(
          "ingress.queue-events",
          new SettingType.Whole(Limits.BATCH_EVENTS_MAX, 10_000_000),
          "262144",
          "Accounts and transfers that wait on this node to be collected into a batch; beyond,"
              + " requests are answered 429.");

  static final Setting<Long> QUEUE_BYTES =
      new Setting<>(
          "ingress.queue-bytes",
          new SettingType.Size(2 << 20, 4L << 30),
          "64MiB",
          "Their bytes; beyond, requests are answered 429.");

  static final Setting<Long> SEGMENT_BYTES =
      new Setting<>(
          "journal.segment-bytes",
          new SettingType.Size(64 << 10, 1L << 30),
          "64MiB",
          "How large a file of the journal becomes before the next one begins. The same on all nodes"
              + " of a site from its beginning on: only then are their files the same, so that a node"
              + " can mend its own from theirs.");

  static final Setting<Long> SCRUB_BYTES_PER_SECOND =
      new Setting<>(
          "scrub.bytes-per-second",
          new SettingType.Size(64 << 10, 1L << 30),
          "8MiB",
          "How fast the node reads again what it has on disk, at most.");

  static final Setting<Duration> SCRUB_INTERVAL =
      new Setting<>(
          "scrub.interval",
          span(1_000, 90L * 24 * 3_600_000),
          "1440m",
          "How long after one pass over all that is on disk the next one begins. The first begins ten"
              + " minutes after a start at the latest.");

  static final Setting<LogFormat> LOG_FORMAT =
      new Setting<>(
          "log.format",
          new SettingType.Choice<>(LogFormat.class),
          "text",
          "Lines for people, or one JSON object per line. Logs go to standard error.");

  static final Setting<LogLevel> LOG_LEVEL =
      new Setting<>(
          "log.level",
          new SettingType.Choice<>(LogLevel.class),
          "info",
          "The least weight that is logged. Libraries are logged one step more quietly.");

  /** In the order of help and documentation. */
  static final List<Setting<?>> ALL =
      List.of(
          DIRECTORY,
          STOP_TIMEOUT,
          REST_ADDRESS,
          REST_CONNECTIONS,
          REST_REQUESTS,
          REST_BODY,
          REST_BODIES,
          ADMIN_ADDRESS,
          INSECURE,
          PEER_BIND,
          ELECTION_TIMEOUT_MIN,
          ELECTION_TIMEOUT_MAX,
          BATCHES_IN_FLIGHT,
          GENERATION_EVENTS,
          LOG_GENERATIONS,
          DETAILS_PERIOD,
          FETCH_RATE,
          QUEUE_EVENTS,
          QUEUE_BYTES,
          SEGMENT_BYTES,
          SCRUB_BYTES_PER_SECOND,
          SCRUB_INTERVAL,
          LOG_FORMAT,
          LOG_LEVEL);

  private Settings() {}

  private static SettingType<Duration> span(long minMillis, long maxMillis) {
    return new SettingType.Span(Duration.ofMillis(minMillis), Duration.ofMillis(maxMillis));
  }
}

package io.holdfast.node;

import io.holdfast.cluster.SiteConfig;
import io.holdfast.gateway.rest.RestConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything configured about a node, checked: a record per part, as that part takes it.
 *
 * @param rest without TLS, which needs the node's keys
 * @param stopTimeout how long a stop in good order may take
 * @param fetchBytesPerSecond that come from peers at most
 * @param repositories of backups
 */
public record NodeConfig(
    SiteConfig site,
    ListenConfig listen,
    RestConfig rest,
    LogConfig log,
    Duration stopTimeout,
    long fetchBytesPerSecond,
    List<RepositoryConfig> repositories) {

  public NodeConfig {
    repositories = List.copyOf(repositories);
  }

  /** The node's data directory. */
  public Path directory() {
    return site.directory();
  }

  /**
   * Reads and checks a configuration.
   *
   * @param file {@code holdfast.yaml}
   * @param options overrides by key, strongest
   * @param environment variables {@code HOLDFAST_CONFIG_…} override the file
   * @throws io.holdfast.kernel.HoldfastException code {@code bad-setting}, {@code config-missing},
   *     {@code config-unreadable}, {@code config-malformed}
   */
  public static NodeConfig read(
      Path file, Map<String, String> options, Map<String, String> environment) {
    SettingValues values = SettingValues.of(file, options, environment);
    checkElections(values);
    boolean insecure = values.get(Settings.INSECURE);
    checkReach(values, Settings.REST_ADDRESS, "can move money", insecure);
    checkReach(values, Settings.ADMIN_ADDRESS, "can change the leader", insecure);
    Path home = RepositoryConfig.home(file);
    Path absolute = home.resolve(values.get(Settings.DIRECTORY)).normalize();
    return new NodeConfig(
        site(values, absolute),
        new ListenConfig(
            values.get(Settings.REST_ADDRESS), values.get(Settings.ADMIN_ADDRESS), insecure),
        rest(values),
        new LogConfig(values.get(Settings.LOG_FORMAT), values.get(Settings.LOG_LEVEL)),
        values.get(Settings.STOP_TIMEOUT),
        values.get(Settings.FETCH_RATE),
        RepositoryConfig.of(values, home));
  }

  private static SiteConfig site(SettingValues values, Path directory) {
    Optional<Address> bind = values.find(Settings.PEER_BIND);
    return new SiteConfig(
        directory,
        millis(values.get(Settings.ELECTION_TIMEOUT_MIN)),
        millis(values.get(Settings.ELECTION_TIMEOUT_MAX)),
        values.get(Settings.BATCHES_IN_FLIGHT),
        values.get(Settings.QUEUE_EVENTS),
        values.get(Settings.QUEUE_BYTES),
        values.get(Settings.GENERATION_EVENTS),
        values.get(Settings.LOG_GENERATIONS),
        values.get(Settings.DETAILS_PERIOD),
        new SiteConfig.Upkeep(
            values.get(Settings.SEGMENT_BYTES),
            values.get(Settings.SCRUB_BYTES_PER_SECOND),
            values.get(Settings.SCRUB_INTERVAL).toMillis()),
        bind.map(Address::host).orElse(null),
        bind.map(Address::port).orElse(0));
  }

  private static RestConfig rest(SettingValues values) {
    Address address = values.get(Settings.REST_ADDRESS);
    long bodies = values.get(Settings.REST_BODIES);
    long body = values.get(Settings.REST_BODY);
    if (bodies < body) {
      throw values.refused(
          Settings.REST_BODIES,
          "at least " + Settings.REST_BODY.key() + ", " + body + " bytes",
          "");
    }
    RestConfig usual = RestConfig.plain(address.host(), address.port());
    return usual
        .withLimits(
            values.get(Settings.REST_CONNECTIONS),
            values.get(Settings.REST_REQUESTS),
            Math.toIntExact(body),
            bodies)
        .withTimeouts(
            usual.receiveTimeout(),
            usual.sendTimeout(),
            usual.idleTimeout(),
            values.get(Settings.STOP_TIMEOUT).dividedBy(4));
  }

  private static void checkElections(SettingValues values) {
    Duration min = values.get(Settings.ELECTION_TIMEOUT_MIN);
    Duration max = values.get(Settings.ELECTION_TIMEOUT_MAX);
    if (max.toMillis() * 2 < min.toMillis() * 3) {
      throw values.refused(
          Settings.ELECTION_TIMEOUT_MAX,
          "at least 1.5 times "
              + Settings.ELECTION_TIMEOUT_MIN.key()
              + ", which is "
              + min.toMillis()
              + "ms",
          "nodes that all wait equally long stand for election at the same moment, and nobody wins");
    }
  }

  private static void checkReach(
      SettingValues values, Setting<Address> setting, String danger, boolean insecure) {
    if (!insecure && !values.get(setting).loopback()) {
      throw values.refused(
          setting,
          "an address of this machine alone, such as 127.0.0.1",
          "there is no access control in this version: whoever reaches this port "
              + danger
              + "; bind to 127.0.0.1 behind a proxy that asks who is there, or accept it by"
              + " 'insecure: true'");
    }
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}

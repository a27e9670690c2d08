package io.holdfast.node;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.RepositoryLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A repository of backups as it is configured, checked.
 *
 * @param name what people call it
 * @param location {@code file:/path} or {@code s3://bucket/prefix}
 * @param keep null when everything is kept
 */
public record RepositoryConfig(
    String name,
    String location,
    @Nullable String endpoint,
    @Nullable String region,
    boolean pathStyle,
    KeySource key,
    Lock lock,
    Work work,
    @Nullable Keep keep) {

  /** Where it is, for who opens it. */
  public RepositoryLocation where() {
    return RepositoryLocation.parse(
        location,
        RepositoryLocation.Options.NONE
            .withEndpoint(endpoint)
            .withRegion(region)
            .withPathStyle(pathStyle)
            .withLock(lock.days(), lock.mode(), lock.legalHold()));
  }

  /**
   * How an S3 keeps each object that is written.
   *
   * @param days 0 for none
   * @param mode {@code compliance} or {@code governance}; null for the former
   */
  public record Lock(int days, @Nullable String mode, boolean legalHold) {}

  /**
   * What nodes do for it by themselves.
   *
   * @param bytesPerSecond that scheduled work reads at most
   */
  record Work(
      Schedule schedule,
      boolean continuous,
      long bytesPerSecond,
      int replayBound,
      Schedule verify,
      Duration rpoBound) {}

  /**
   * What of it is kept.
   *
   * @param apply whether nodes delete the rest
   */
  public record Keep(
      int last, int daily, int weekly, int monthly, Duration within, boolean apply) {}

  /** Where the master key comes from; read when it is needed. */
  public sealed interface KeySource {
    MasterKey read();

    /** A file with the key itself. */
    record OfFile(Path file) implements KeySource {
      @Override
      public MasterKey read() {
        return new MasterKey.KeyFile(file);
      }
    }

    /** A file with a passphrase in its first line. */
    record OfPassphrase(Path file) implements KeySource {
      @Override
      public MasterKey read() {
        return MasterKey.Passphrase.read(file);
      }
    }

    /** A key of a service. */
    record OfKms(String uri) implements KeySource {
      @Override
      public MasterKey read() {
        return new MasterKey.Kms(uri);
      }
    }
  }

  /**
   * The repositories that a configuration names.
   *
   * @param file {@code holdfast.yaml}
   * @throws HoldfastException as {@link NodeConfig#read}
   */
  public static List<RepositoryConfig> read(Path file, Map<String, String> environment) {
    return of(SettingValues.of(file, Map.of(), environment), home(file));
  }

  /**
   * The repository of this name; without a name the only one.
   *
   * @throws HoldfastException as {@link NodeConfig#read}, and code {@code no-such-repository}
   */
  public static RepositoryConfig read(
      Path file, @Nullable String name, Map<String, String> environment) {
    List<RepositoryConfig> all = read(file, environment);
    List<RepositoryConfig> fit =
        all.stream().filter(one -> name == null || one.name().equals(name)).toList();
    if (fit.size() == 1) {
      return fit.getFirst();
    }
    String known = String.join(", ", all.stream().map(RepositoryConfig::name).toList());
    throw new HoldfastException(
        "no-such-repository",
        (name == null ? "no repository is named" : "there is no repository '" + name + "'")
            + "; allowed: "
            + (known.isEmpty() ? "none is configured in " + file : known),
        "docs/operate/backup.md tells how a repository is configured");
  }

  static Path home(Path file) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  static List<RepositoryConfig> of(SettingValues values, Path home) {
    List<RepositoryConfig> all = new ArrayList<>();
    for (String name : values.repositories()) {
      all.add(new Reading(values, home, name).config());
    }
    return List.copyOf(all);
  }

  private record Reading(SettingValues values, Path home, String name) {
    private <T> Optional<T> find(Setting<T> setting) {
      return values.find(below(setting));
    }

    private <T> T get(Setting<T> setting) {
      return values.get(below(setting));
    }

    private <T> Setting<T> below(Setting<T> setting) {
      return setting.under(RepositorySettings.PREFIX + name + ".");
    }

    RepositoryConfig config() {
      Setting<String> location = RepositorySettings.LOCATION;
      Work work =
          new Work(
              get(RepositorySettings.SCHEDULE),
              get(RepositorySettings.CONTINUOUS),
              get(RepositorySettings.RATE_LIMIT),
              get(RepositorySettings.REPLAY_BOUND),
              get(RepositorySettings.VERIFY),
              get(RepositorySettings.RPO_BOUND));
      return new RepositoryConfig(
          name,
          find(location)
              .orElseThrow(() -> values.refused(below(location), location.type().allowed(), "")),
          find(RepositorySettings.ENDPOINT).orElse(null),
          find(RepositorySettings.REGION).orElse(null),
          get(RepositorySettings.PATH_STYLE),
          key(),
          lock(),
          work,
          keep());
    }

    private Lock lock() {
      Lock lock =
          new Lock(
              get(RepositorySettings.OBJECT_LOCK_DAYS),
              find(RepositorySettings.OBJECT_LOCK_MODE).orElse(null),
              get(RepositorySettings.LEGAL_HOLD));
      if (lock.mode() != null && lock.days() == 0) {
        throw values.refused(
            below(RepositorySettings.OBJECT_LOCK_MODE),
            "one only with object-lock-days",
            "a mode says who may end the days sooner, and there are none");
      }
      return lock;
    }

    private KeySource key() {
      List<KeySource> given = new ArrayList<>();
      find(RepositorySettings.KEY_FILE)
          .ifPresent(file -> given.add(new KeySource.OfFile(home.resolve(file).normalize())));
      find(RepositorySettings.PASSPHRASE_FILE)
          .ifPresent(file -> given.add(new KeySource.OfPassphrase(home.resolve(file).normalize())));
      find(RepositorySettings.KMS).ifPresent(uri -> given.add(new KeySource.OfKms(uri)));
      if (given.size() != 1) {
        throw values.refused(
            below(RepositorySettings.KEY_FILE),
            "exactly one of key-file, passphrase-file and kms; there are " + given.size(),
            "'holdfast backup init' makes a key file");
      }
      return given.getFirst();
    }

    private @Nullable Keep keep() {
      Keep keep =
          new Keep(
              get(RepositorySettings.KEEP_LAST),
              get(RepositorySettings.KEEP_DAILY),
              get(RepositorySettings.KEEP_WEEKLY),
              get(RepositorySettings.KEEP_MONTHLY),
              get(RepositorySettings.KEEP_WITHIN),
              get(RepositorySettings.EXPIRE_APPLY));
      boolean any =
          keep.last() + keep.daily() + keep.weekly() + keep.monthly() > 0
              || !keep.within().isZero();
      if (!any && keep.apply()) {
        throw values.refused(
            below(RepositorySettings.EXPIRE_APPLY),
            "true only with a rule, such as expire.keep-daily",
            "without a rule everything is kept");
      }
      return any ? keep : null;
    }
  }
}

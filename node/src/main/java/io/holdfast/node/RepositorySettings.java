package io.holdfast.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be set for each repository of backups, below {@code vault.repositories.NAME}. Parsing,
 * help and docs/operate/settings.md are made from this list.
 */
final class RepositorySettings {
  static final String PREFIX = "vault.repositories.";

  static final String NAME_FORM = "[a-z0-9][a-z0-9-]{0,31}";
  private static final Pattern KEY = Pattern.compile("vault\\.repositories\\.([^.]+)\\..+");

  static final Setting<String> LOCATION =
      new Setting<>(
          "location",
          new SettingType.Location(),
          null,
          "Where the repository is. 'holdfast backup init' makes it. Required.");

  static final Setting<String> ENDPOINT =
      new Setting<>(
          "endpoint",
          new SettingType.Text("https?://[^\\s/]+/?", "http://HOST:PORT or https://HOST:PORT"),
          null,
          "The address of an S3 that is not Amazon's.");

  static final Setting<String> REGION =
      new Setting<>(
          "region",
          new SettingType.Text("[a-z0-9-]{1,64}", "a region's name, such as eu-central-1"),
          null,
          "The region of the bucket.");

  static final Setting<Boolean> PATH_STYLE =
      new Setting<>(
          "path-style",
          new SettingType.Flag(),
          "false",
          "Whether the bucket is in the path, not in the host name, as many S3 servers of one's own"
              + " want it.");

  static final Setting<Path> KEY_FILE =
      new Setting<>(
          "key-file",
          new SettingType.Place(),
          null,
          "The file with the repository's master key. One of key-file, passphrase-file and kms is"
              + " required.");

  static final Setting<Path> PASSPHRASE_FILE =
      new Setting<>(
          "passphrase-file",
          new SettingType.Place(),
          null,
          "The file whose first line is the passphrase of the master key.");

  static final Setting<String> KMS =
      new Setting<>(
          "kms",
          new SettingType.Text("[a-z0-9-]+:\\S+", "the URI of a key"),
          null,
          "The master key in a key management service.");

  static final Setting<Schedule> SCHEDULE =
      new Setting<>(
          "schedule",
          new SettingType.Timing(),
          "every 6h",
          "When a backup is taken. What was missed while no node ran is made up for once. The more"
              + " often, the less of the stream a restore has to read.");

  static final Setting<Boolean> CONTINUOUS =
      new Setting<>(
          "continuous",
          new SettingType.Flag(),
          "true",
          "Whether what is committed is sent at once: at least every second or MiB. Every moment can"
              + " be restored then, and no more than two seconds are lost with all nodes.");

  static final Setting<Long> RATE_LIMIT =
      new Setting<>(
          "rate-limit",
          new SettingType.Size(64 << 10, 16L << 30),
          "16MiB",
          "Bytes of the node's files per second that backups read at most, and of the repository that"
              + " proofs do, so that payments have the rest of disk and processors. The stream is not"
              + " held back by it.");

  static final Setting<Integer> OBJECT_LOCK_DAYS =
      new Setting<>(
          "object-lock-days",
          new SettingType.Whole(0, 36_500),
          "0",
          "For how many days an S3 keeps each object from being deleted by anybody; 0 for none. The"
              + " bucket must have object lock.");

  static final Setting<String> OBJECT_LOCK_MODE =
      new Setting<>(
          "object-lock-mode",
          new SettingType.Text("compliance|governance", "compliance or governance"),
          null,
          "Who may end that sooner: with compliance nobody, with governance those with a permission of"
              + " its own. Without it compliance.");

  static final Setting<Boolean> LEGAL_HOLD =
      new Setting<>(
          "legal-hold",
          new SettingType.Flag(),
          "false",
          "Whether an S3 puts each object under legal hold, too: it stays until somebody lifts that,"
              + " whatever the days say.");

  static final Setting<Integer> REPLAY_BOUND =
      new Setting<>(
          "replay-bound",
          new SettingType.Whole(10_000, 2_000_000_000),
          "10000000",
          "How many transfers a restore may have to judge again: a checkpoint is sent when there are"
              + " more after the last one.");

  static final Setting<Schedule> VERIFY =
      new Setting<>(
          "verify",
          new SettingType.Timing(),
          "every 7d",
          "When it is proved that what was not proved since the last time can be restored. Reads that"
              + " from the repository.");

  static final Setting<Integer> KEEP_LAST =
      new Setting<>(
          "expire.keep-last",
          new SettingType.Whole(0, 1_000_000),
          "0",
          "So many of the newest backups are kept. A backup that any rule wants is kept; without a"
              + " rule all are.");

  static final Setting<Integer> KEEP_DAILY =
      new Setting<>(
          "expire.keep-daily",
          new SettingType.Whole(0, 100_000),
          "0",
          "The newest backup of each of the last so many days that have one is kept.");

  static final Setting<Integer> KEEP_WEEKLY =
      new Setting<>(
          "expire.keep-weekly",
          new SettingType.Whole(0, 100_000),
          "0",
          "The newest backup of each of the last so many weeks that have one is kept.");

  static final Setting<Integer> KEEP_MONTHLY =
      new Setting<>(
          "expire.keep-monthly",
          new SettingType.Whole(0, 100_000),
          "0",
          "The newest backup of each of the last so many months that have one is kept.");

  static final Setting<Duration> KEEP_WITHIN =
      new Setting<>(
          "expire.keep-within",
          new SettingType.Age(Duration.ofDays(36_500)),
          "0d",
          "Backups not older than this are kept.");

  static final Setting<Boolean> EXPIRE_APPLY =
      new Setting<>(
          "expire.apply",
          new SettingType.Flag(),
          "false",
          "Whether what no rule wants is deleted after each scheduled backup; otherwise only 'holdfast"
              + " backup expire --apply' deletes.");

  static final Setting<Duration> RPO_BOUND =
      new Setting<>(
          "rpo-bound",
          new SettingType.Span(Duration.ofSeconds(2), Duration.ofDays(30)),
          "30s",
          "When what is committed and not yet in the repository is older than this, that is an"
              + " incident. Without the stream, the schedule's interval must fit in.");

  /** In the order of help and documentation. */
  static final List<Setting<?>> ALL =
      List.of(
          LOCATION,
          ENDPOINT,
          REGION,
          PATH_STYLE,
          KEY_FILE,
          PASSPHRASE_FILE,
          KMS,
          SCHEDULE,
          CONTINUOUS,
          RATE_LIMIT,
          OBJECT_LOCK_DAYS,
          OBJECT_LOCK_MODE,
          LEGAL_HOLD,
          REPLAY_BOUND,
          VERIFY,
          KEEP_LAST,
          KEEP_DAILY,
          KEEP_WEEKLY,
          KEEP_MONTHLY,
          KEEP_WITHIN,
          EXPIRE_APPLY,
          RPO_BOUND);

  private RepositorySettings() {}

  /** All of them for one repository. */
  static List<Setting<?>> of(String name) {
    return ALL.stream().<Setting<?>>map(setting -> setting.under(PREFIX + name + ".")).toList();
  }

  /** The name of the repository that a key is about; empty when it is about none. */
  static Optional<String> nameIn(String key) {
    Matcher matcher = KEY.matcher(key);
    return matcher.matches() && matcher.group(1).matches(NAME_FORM)
        ? Optional.of(matcher.group(1))
        : Optional.empty();
  }

  /**
   * The key that an environment variable stands for: {@code …VAULT_REPOSITORIES_MAIN_RATE_LIMIT};
   * underscores in the name are hyphens.
   */
  static Optional<String> keyOf(String variable) {
    String prefix = new Setting<>(PREFIX, new SettingType.Flag(), null, "").environmentVariable();
    if (!variable.startsWith(prefix)) {
      return Optional.empty();
    }
    String rest = variable.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    // The longest first: PASSPHRASE_FILE is no KEY_FILE of a repository PASSPHRASE.
    return ALL.stream()
        .map(Setting::key)
        .sorted((a, b) -> b.length() - a.length())
        .filter(key -> rest.endsWith("-" + key.replace('.', '-')))
        .map(key -> PREFIX + rest.substring(0, rest.length() - key.length() - 1) + "." + key)
        .findFirst();
  }
}

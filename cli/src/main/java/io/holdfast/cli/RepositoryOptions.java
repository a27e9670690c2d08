package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.node.RepositoryConfig;
import io.holdfast.vault.MasterKey;
import io.holdfast.vault.Repositories;
import io.holdfast.vault.Repository;
import io.holdfast.vault.RepositoryLocation;
import io.holdfast.vault.Vault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which repositories of backups a command is about, and what opens them. */
final class RepositoryOptions {
  @Option(
      names = "--repository",
      paramLabel = "LOCATION",
      description = {
        "Where it is: file:/path, a path, or s3://bucket/prefix; repeat it where several make",
        "sense. Credentials for S3 come from where the AWS SDK looks for them."
      })
  private List<String> repositories = new ArrayList<>();

  @Option(names = "--endpoint", paramLabel = "URL", description = "Of S3; without it Amazon's own.")
  private @Nullable String endpoint;

  @Option(names = "--region", paramLabel = "NAME", description = "Of S3.")
  private @Nullable String region;

  @Option(
      names = "--path-style",
      description = "S3 with the bucket in the path instead of the host's name.")
  private boolean pathStyle;

  @Option(
      names = "--object-lock-days",
      paramLabel = "DAYS",
      defaultValue = "0",
      description = "S3 keeps what is written so long, whoever wants to delete it (default: 0).")
  private int objectLockDays;

  @Option(
      names = "--object-lock-mode",
      paramLabel = "MODE",
      description = {
        "compliance (the default): nobody may end that sooner; governance: those with a permission",
        "of its own may."
      })
  private @Nullable String objectLockMode;

  @Option(
      names = "--legal-hold",
      description = "S3 puts what is written under legal hold, too: it stays until that is lifted.")
  private boolean legalHold;

  @Mixin private final MasterKeyOptions key = new MasterKeyOptions();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Instead of all these: a node's holdfast.yaml, which says it.")
  private @Nullable Path config;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Which repository of --config; repeat it where several make sense.")
  private List<String> names = new ArrayList<>();

  /**
   * A repository, not opened.
   *
   * @param name what to call it
   * @param master is read only when asked for
   * @param keep what of it is kept, if a configuration says it
   */
  record Chosen(
      String name,
      RepositoryLocation location,
      Supplier<MasterKey> master,
      RepositoryConfig.@Nullable Keep keep) {
    /** The repository with its keys; whoever gets it closes it. */
    Vault open() {
      MasterKey opening = master.get();
      Repository repository = Repositories.open(location);
      try {
        return Vault.open(repository, opening);
      } catch (RuntimeException | Error e) {
        repository.close();
        throw e;
      }
    }
  }

  /** Whether any are named at all. */
  boolean given() {
    return !repositories.isEmpty() || config != null || !names.isEmpty();
  }

  /** The only repository, opened; whoever gets it closes it. */
  Vault open(Console console) {
    return one(console).open();
  }

  /** The only repository. */
  Chosen one(Console console) {
    return single(all(console));
  }

  private Chosen single(List<Chosen> all) {
    if (all.size() != 1) {
      throw new HoldfastException(
          "usage",
          all.size()
              + " repositories are given ("
              + String.join(", ", all.stream().map(Chosen::name).toList())
              + "); allowed: one",
          config == null ? "run it once for each of them" : "choose one by --name");
    }
    return all.getFirst();
  }

  /** The repositories in the order given, at least one. */
  List<Chosen> all(Console console) {
    return all(console, false);
  }

  /** The only repository, which is to be made. */
  Chosen toMake(Console console) {
    return single(all(console, true));
  }

  private List<Chosen> all(Console console, boolean making) {
    if (config != null) {
      return configured(console, config);
    }
    if (!names.isEmpty()) {
      throw new HoldfastException(
          "usage",
          "--name "
              + names.getFirst()
              + " is of use with --config only, which says where that repository is",
          "for example: --config holdfast.yaml --name " + names.getFirst());
    }
    if (repositories.isEmpty()) {
      throw new HoldfastException(
          "no-repository",
          "no repository is given",
          "for example: --repository file:/backup, or --config holdfast.yaml");
    }
    List<Chosen> chosen = new ArrayList<>();
    Supplier<MasterKey> master = once(() -> key.masterKey(console, making));
    for (String text : repositories) {
      chosen.add(new Chosen(text, location(console, text), master, null));
    }
    return chosen;
  }

  private RepositoryLocation location(Console console, String text) {
    RepositoryLocation.Options options =
        RepositoryLocation.Options.NONE
            .withEndpoint(endpoint)
            .withRegion(region)
            .withPathStyle(pathStyle)
            .withLock(objectLockDays, objectLockMode, legalHold);
    if (!text.startsWith("s3:") && repositories.stream().anyMatch(one -> one.startsWith("s3:"))) {
      options = RepositoryLocation.Options.NONE; // they are said of those in buckets
    }
    boolean elsewhere = text.matches("[A-Za-z][A-Za-z0-9+.-]*:.*") && !text.startsWith("file:");
    String path = text.startsWith("file:") ? text.substring("file:".length()) : text;
    return elsewhere || path.isBlank() || path.startsWith("//")
        ? RepositoryLocation.parse(text, options)
        : RepositoryLocation.parse("file:" + console.resolve(Path.of(path)), options);
  }

  private List<Chosen> configured(Console console, Path file) {
    if (!repositories.isEmpty()
        || endpoint != null
        || region != null
        || pathStyle
        || objectLockDays != 0
        || objectLockMode != null
        || legalHold
        || key.given()) {
      throw new HoldfastException(
          "usage",
          "--config says where the repositories are and what opens them; give nothing else",
          "which of them: --name NAME");
    }
    Path path = console.resolve(file);
    List<RepositoryConfig> configs = new ArrayList<>();
    if (names.isEmpty()) {
      configs.addAll(RepositoryConfig.read(path, console.environment()));
    }
    for (String name : names) {
      configs.add(RepositoryConfig.read(path, name, console.environment()));
    }
    if (configs.isEmpty()) {
      throw new HoldfastException(
          "no-repository",
          path + " names no repository",
          "vault.repositories.NAME.location says where one is");
    }
    List<Chosen> chosen = new ArrayList<>();
    for (RepositoryConfig one : configs) {
      chosen.add(new Chosen(one.name(), one.where(), once(() -> one.key().read()), one.keep()));
    }
    return chosen;
  }

  /** Asks a person once, however many repositories it opens. */
  private static Supplier<MasterKey> once(Supplier<MasterKey> reading) {
    return new Supplier<>() {
      private @Nullable MasterKey read;

      @Override
      public synchronized MasterKey get() {
        MasterKey known = read;
        if (known == null) {
          known = reading.get();
          read = known;
        }
        return known;
      }
    };
  }
}

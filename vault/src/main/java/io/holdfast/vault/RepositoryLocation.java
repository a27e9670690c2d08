package io.holdfast.vault;

import io.holdfast.kernel.HoldfastException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a repository is, checked: a directory, a bucket of a store that speaks S3, or an archive,
 * which can only be read.
 */
public sealed interface RepositoryLocation {
  /** Such as {@code file:/backup} or {@code s3://bucket/prefix}. */
  String describe();

  /** How many bytes all uploads together may take in a second; 0 when it does not matter. */
  long bytesPerSecondMax();

  /** A directory, which may be a mounted one. */
  record InDirectory(Path root, long bytesPerSecondMax) implements RepositoryLocation {
    @Override
    public String describe() {
      return "file:" + root;
    }
  }

  /** An archive file, as {@link Archive} makes it. */
  record InArchive(Path file) implements RepositoryLocation {
    @Override
    public String describe() {
      return "archive:" + file;
    }

    @Override
    public long bytesPerSecondMax() {
      return 0;
    }
  }

  /**
   * A bucket, or what has a common prefix in it.
   *
   * @param prefix without slashes at its ends; may be empty
   * @param endpoint null for Amazon's own
   * @param region null for what the environment says
   * @param pathStyle the bucket stands in the path of a request, not in the name of the host
   * @param lock null when objects are not to be locked
   */
  record InBucket(
      String bucket,
      String prefix,
      @Nullable URI endpoint,
      @Nullable String region,
      boolean pathStyle,
      @Nullable ObjectLock lock,
      long bytesPerSecondMax)
      implements RepositoryLocation {
    @Override
    public String describe() {
      return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }
  }

  /**
   * What is said of a location beside its address, as the user wrote it.
   *
   * @param lockDays for how many days a store must keep each new object; 0 for no lock
   * @param lockMode {@code governance} or {@code compliance}; null for the latter
   * @param legalHold each new object is put under legal hold too
   */
  record Options(
      @Nullable String endpoint,
      @Nullable String region,
      boolean pathStyle,
      int lockDays,
      @Nullable String lockMode,
      boolean legalHold,
      long bytesPerSecondMax) {
    public static final Options NONE = new Options(null, null, false, 0, null, false, 0);

    public Options withEndpoint(@Nullable String url) {
      return new Options(url, region, pathStyle, lockDays, lockMode, legalHold, bytesPerSecondMax);
    }

    public Options withRegion(@Nullable String name) {
      return new Options(
          endpoint, name, pathStyle, lockDays, lockMode, legalHold, bytesPerSecondMax);
    }

    public Options withPathStyle(boolean wanted) {
      return new Options(
          endpoint, region, wanted, lockDays, lockMode, legalHold, bytesPerSecondMax);
    }

    public Options withLock(int days, @Nullable String mode, boolean hold) {
      return new Options(endpoint, region, pathStyle, days, mode, hold, bytesPerSecondMax);
    }

    public Options withBytesPerSecondMax(long bytes) {
      return new Options(endpoint, region, pathStyle, lockDays, lockMode, legalHold, bytes);
    }
  }

  static RepositoryLocation parse(String location) {
    return parse(location, Options.NONE);
  }

  /**
   * @throws HoldfastException code {@code malformed-location}
   */
  static RepositoryLocation parse(String location, Options options) {
    Matcher scheme = Parsing.SCHEME.matcher(location);
    if (options.bytesPerSecondMax() < 0) {
      throw Parsing.refused(
          "bytes per second", String.valueOf(options.bytesPerSecondMax()), "0 (no limit) or more");
    }
    if (!scheme.lookingAt()) {
      return Parsing.directory(location, location, options);
    }
    return switch (scheme.group(1)) {
      case "file" -> Parsing.directory(location, location.substring(scheme.end()), options);
      case "archive" ->
          new InArchive(
              Parsing.directory(location, location.substring(scheme.end()), options).root());
      case "s3" -> Parsing.bucket(location, location.substring(scheme.end()), options);
      default ->
          throw Parsing.refused(
              "location", location, "file:/path, a path, s3://bucket/prefix, or archive:/file");
    };
  }

  /** The rules of parsing. */
  final class Parsing {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):");
    // What Amazon allows since 2018; dots are for virtual hosts without TLS only.
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX_PART = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,64}");
    // A hundred years: the most that Amazon takes.
    private static final int LOCK_DAYS_MAX = 36_500;

    private Parsing() {}

    private static HoldfastException refused(String field, String value, String allowed) {
      return new HoldfastException(
          "malformed-location",
          field + " of the repository is '" + value + "'; allowed: " + allowed,
          "for example: --repository file:/backup, or --repository s3://bucket/holdfast"
              + " --endpoint https://s3.example.com --region eu-central-1");
    }

    private static InDirectory directory(String location, String text, Options options) {
      String[] only = s3Only(options);
      if (only.length > 0) {
        throw refused(only[0], only[1], "nothing, for " + location + " is no bucket");
      }
      String path = text.startsWith("///") ? text.substring(2) : text;
      if (path.isBlank() || path.startsWith("//")) {
        throw refused("location", location, "file:/path or a path");
      }
      try {
        return new InDirectory(
            Path.of(path).toAbsolutePath().normalize(), options.bytesPerSecondMax());
      } catch (InvalidPathException e) {
        throw refused("location", location, "a path: " + e.getReason());
      }
    }

    /** What is set that only a bucket can have, and to what; empty when nothing is. */
    private static String[] s3Only(Options options) {
      if (options.endpoint() != null) {
        return new String[] {"endpoint", options.endpoint()};
      } else if (options.region() != null) {
        return new String[] {"region", options.region()};
      } else if (options.pathStyle()) {
        return new String[] {"path style", "true"};
      } else if (options.lockDays() != 0 || options.lockMode() != null) {
        return new String[] {"object lock", options.lockDays() + " days"};
      }
      return options.legalHold() ? new String[] {"legal hold", "true"} : new String[0];
    }

    private static RepositoryLocation bucket(String location, String text, Options options) {
      if (!text.startsWith("//")) {
        throw refused("location", location, "s3://bucket or s3://bucket/prefix");
      }
      String[] parts = text.substring(2).split("/", 2);
      if (!BUCKET.matcher(parts[0]).matches() || parts[0].contains("..")) {
        throw refused("bucket", parts[0], "3 to 63 lower-case letters, digits, dots and hyphens");
      }
      String prefix = parts.length == 1 ? "" : parts[1].replaceAll("/+$", "");
      for (String part : prefix.isEmpty() ? new String[0] : prefix.split("/", -1)) {
        if (!PREFIX_PART.matcher(part).matches()) {
          throw refused("prefix", prefix, "letters, digits, '.', '_', '-', parted by single '/'");
        }
      }
      String region = options.region();
      if (region != null && !REGION.matcher(region).matches()) {
        throw refused("region", region, "lower-case letters, digits and hyphens");
      }
      return new InBucket(
          parts[0],
          prefix,
          endpoint(options.endpoint()),
          region,
          options.pathStyle(),
          lock(options),
          options.bytesPerSecondMax());
    }

    private static @Nullable URI endpoint(@Nullable String text) {
      if (text == null) {
        return null;
      }
      String allowed = "http://host:port or https://host:port, without path, query and user";
      try {
        URI uri = new URI(text);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String path = String.valueOf(uri.getPath());
        boolean plain =
            (path.isEmpty() || path.equals("/"))
                && uri.getQuery() == null
                && uri.getFragment() == null
                && uri.getUserInfo() == null;
        if (uri.getHost() == null || !plain || !List.of("http", "https").contains(scheme)) {
          throw refused("endpoint", text, allowed);
        }
        return uri;
      } catch (URISyntaxException e) {
        throw refused("endpoint", text, allowed);
      }
    }

    private static @Nullable ObjectLock lock(Options options) {
      int days = options.lockDays();
      if (days < 0 || days > LOCK_DAYS_MAX) {
        throw refused(
            "days of object lock", String.valueOf(days), "0 (no lock) to " + LOCK_DAYS_MAX);
      }
      String mode = options.lockMode();
      if (mode != null && days == 0) {
        throw refused("mode of object lock", mode, "nothing, for no days are given");
      }
      if (days == 0 && !options.legalHold()) {
        return null;
      }
      return new ObjectLock(
          days,
          switch (mode) {
            case null -> ObjectLock.Mode.COMPLIANCE;
            case "compliance" -> ObjectLock.Mode.COMPLIANCE;
            case "governance" -> ObjectLock.Mode.GOVERNANCE;
            default -> throw refused("mode of object lock", mode, "governance, compliance");
          },
          options.legalHold());
    }
  }
}

package io.holdfast.node;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a setting's value may be: how its text is read, and in which words that is told.
 *
 * @param <T> the value
 */
sealed interface SettingType<T> {
  /** The value, or empty when the text is none that is allowed. */
  Optional<T> parse(String text);

  /** What is allowed, in words that follow "allowed:". */
  String allowed();

  /** One word for tables. */
  String name();

  /** {@code 150ms}, {@code 5s}, {@code 2m}. */
  record Span(Duration min, Duration max) implements SettingType<Duration> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m)");

    @Override
    public Optional<Duration> parse(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      long number = Long.parseLong(matcher.group(1));
      Duration value =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
          };
      return value.compareTo(min) < 0 || value.compareTo(max) > 0
          ? Optional.empty()
          : Optional.of(value);
    }

    @Override
    public String allowed() {
      return text(min) + " to " + text(max) + ", written as a whole number with ms, s or m";
    }

    @Override
    public String name() {
      return "duration";
    }

    private static String text(Duration value) {
      if (value.toMillis() % 1_000 != 0) {
        return value.toMillis() + "ms";
      }
      return value.toSeconds() % 60 == 0 ? value.toMinutes() + "m" : value.toSeconds() + "s";
    }
  }

  /** {@code 512KiB}, {@code 64MiB}, {@code 1GiB}: bytes. */
  record Size(long min, long max) implements SettingType<Long> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(KiB|MiB|GiB)");

    @Override
    public Optional<Long> parse(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      int shift =
          switch (matcher.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            default -> 30;
          };
      long value = Long.parseLong(matcher.group(1)) << shift;
      return value < min || value > max ? Optional.empty() : Optional.of(value);
    }

    @Override
    public String allowed() {
      return text(min) + " to " + text(max) + ", written as a whole number with KiB, MiB or GiB";
    }

    @Override
    public String name() {
      return "size";
    }

    private static String text(long value) {
      if (value % (1 << 30) == 0) {
        return (value >> 30) + "GiB";
      }
      return value % (1 << 20) == 0 ? (value >> 20) + "MiB" : (value >> 10) + "KiB";
    }
  }

  /** A whole number. */
  record Whole(int min, int max) implements SettingType<Integer> {
    @Override
    public Optional<Integer> parse(String text) {
      if (!text.matches("[0-9]{1,10}")) {
        return Optional.empty();
      }
      long value = Long.parseLong(text);
      return value < min || value > max ? Optional.empty() : Optional.of((int) value);
    }

    @Override
    public String allowed() {
      return "a whole number from " + min + " to " + max;
    }

    @Override
    public String name() {
      return "number";
    }
  }

  /** {@code HOST:PORT}, an IPv6 address in brackets. */
  record Listen() implements SettingType<Address> {
    private static final Pattern FORM =
        Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([A-Za-z0-9][A-Za-z0-9._-]*)):([0-9]{1,5})");

    @Override
    public Optional<Address> parse(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      int port = Integer.parseInt(matcher.group(3));
      String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      return port > 65_535 ? Optional.empty() : Optional.of(new Address(host, port));
    }

    @Override
    public String allowed() {
      return "HOST:PORT, port 0 to 65535 (0: any free one), an IPv6 address in brackets";
    }

    @Override
    public String name() {
      return "address";
    }
  }

  /** A file or directory. */
  record Place() implements SettingType<Path> {
    @Override
    public Optional<Path> parse(String text) {
      try {
        return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
      } catch (InvalidPathException e) {
        return Optional.empty();
      }
    }

    @Override
    public String allowed() {
      return "a path; a relative one counts from the configuration file's directory";
    }

    @Override
    public String name() {
      return "path";
    }
  }

  /** Where a repository for backups is. */
  record Location() implements SettingType<String> {
    private static final Pattern FORM =
        Pattern.compile("file:/.*|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?");

    @Override
    public Optional<String> parse(String text) {
      return FORM.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }

    @Override
    public String allowed() {
      return "file:/absolute/path or s3://BUCKET/PREFIX";
    }

    @Override
    public String name() {
      return "location";
    }
  }

  /** A text of a form. */
  record Text(String form, String allowed) implements SettingType<String> {
    @Override
    public Optional<String> parse(String text) {
      return text.matches(form) ? Optional.of(text) : Optional.empty();
    }

    @Override
    public String name() {
      return "text";
    }
  }

  /** {@code every 6h}, {@code daily 02:00} or {@code none}. */
  record Timing() implements SettingType<Schedule> {
    @Override
    public Optional<Schedule> parse(String text) {
      return Schedule.parse(text);
    }

    @Override
    public String allowed() {
      return Schedule.Form.ALLOWED;
    }

    @Override
    public String name() {
      return "schedule";
    }
  }

  /** {@code 36h}, {@code 30d}. */
  record Age(Duration max) implements SettingType<Duration> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})(h|d)");

    @Override
    public Optional<Duration> parse(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      long number = Long.parseLong(matcher.group(1));
      Duration value =
          matcher.group(2).equals("h") ? Duration.ofHours(number) : Duration.ofDays(number);
      return value.compareTo(max) > 0 ? Optional.empty() : Optional.of(value);
    }

    @Override
    public String allowed() {
      return "at most " + max.toDays() + "d, written as a whole number with h or d";
    }

    @Override
    public String name() {
      return "age";
    }
  }

  /** {@code true} or {@code false}, nothing else. */
  record Flag() implements SettingType<Boolean> {
    @Override
    public Optional<Boolean> parse(String text) {
      return switch (text) {
        case "true" -> Optional.of(true);
        case "false" -> Optional.of(false);
        default -> Optional.empty();
      };
    }

    @Override
    public String allowed() {
      return "true or false";
    }

    @Override
    public String name() {
      return "flag";
    }
  }

  /** One of the names of an enum, in lower case. */
  record Choice<E extends Enum<E>>(Class<E> of) implements SettingType<E> {
    @Override
    public Optional<E> parse(String text) {
      for (E value : of.getEnumConstants()) {
        if (word(value).equals(text)) {
          return Optional.of(value);
        }
      }
      return Optional.empty();
    }

    @Override
    public String allowed() {
      List<String> words = List.of(of.getEnumConstants()).stream().map(Choice::word).toList();
      return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
    }

    @Override
    public String name() {
      return "word";
    }

    private static String word(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT);
    }
  }
}

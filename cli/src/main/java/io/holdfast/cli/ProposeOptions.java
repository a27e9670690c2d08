package io.holdfast.cli;

import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.UInt128;
import io.holdfast.vault.CorrectionFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What is to be corrected, and who says so and why. */
final class ProposeOptions {
  private static final int WORDS_MAX = 500;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--propose",
      paramLabel = "FILE",
      description = "Write a proposal of correcting transfers, for another operator to submit.")
  private @Nullable Path propose;

  @Option(
      names = "--correction-code",
      paramLabel = "N",
      description = "The code of transfers that move money back.")
  private @Nullable String correctionCode;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in a line.")
  private String reason = "";

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "Who proposes it (default: the name of the user who runs the command).")
  private @Nullable String proposer;

  @Option(names = "--id", paramLabel = "ID", description = "Only this transfer; repeatable.")
  private List<String> ids = new ArrayList<>();

  @Option(names = "--ledger", paramLabel = "N", description = "Only those of this ledger.")
  private @Nullable String ledger;

  @Option(names = "--code", paramLabel = "N", description = "Only those of this code.")
  private @Nullable String code;

  @Mixin private final UserDataOptions userData = new UserDataOptions();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Only those from this instant, date (UTC) or nanosecond on.")
  private @Nullable String from;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Only those up to this instant, date (UTC, the whole day) or nanosecond.")
  private @Nullable String until;

  @Nullable Path file() {
    return propose;
  }

  String reason() {
    return reason.strip();
  }

  String proposer() {
    return (proposer == null ? System.getProperty("user.name", "") : proposer).strip();
  }

  int correctionCode() {
    Integer number = Arguments.filter16("--correction-code", correctionCode);
    if (number == null || number == 0) {
      throw new HoldfastException(
          "usage",
          "--correction-code is " + (number == null ? "missing" : "0") + "; allowed: 1 to 65535",
          "take a code that your bookkeeping knows as a correction");
    }
    return number;
  }

  /** Refuses what does not go together. */
  void check(Set<UInt128> accounts, boolean all) {
    CorrectionFilter filter = filter(accounts);
    if (propose == null) {
      String first = firstGiven();
      if (first != null) {
        throw new HoldfastException(
            "usage",
            first + " selects what to correct, and there is no --propose",
            "add --propose");
      }
      return;
    }
    var _ = correctionCode();
    if (reason().isEmpty() || reason().length() > WORDS_MAX) {
      throw new HoldfastException(
          "usage",
          "--reason is " + (reason().isEmpty() ? "missing" : reason().length() + " letters long"),
          "say in up to " + WORDS_MAX + " letters why this is corrected");
    }
    if (proposer().isEmpty() || proposer().length() > WORDS_MAX) {
      throw new HoldfastException("usage", "--as is no name", "say who proposes it");
    }
    if (filter.fromNanos() > filter.untilNanos()) {
      throw Arguments.wrong(
          "--until", String.valueOf(until), "a time that is not before --from " + from);
    }
    if (firstFilter() == null && accounts.isEmpty() && !all) {
      throw new HoldfastException(
          "usage",
          "nothing says which transfers should not have been",
          "select them, for instance with --code or --account; --all is for all since that moment");
    }
  }

  CorrectionFilter filter(Set<UInt128> accounts) {
    Set<UInt128> wanted = new HashSet<>();
    ids.forEach(id -> wanted.add(Arguments.id("--id", id)));
    return new CorrectionFilter(
        wanted,
        accounts,
        Arguments.filter32("--ledger", ledger),
        Arguments.filter16("--code", code),
        userData.filter128(),
        userData.filter64(),
        userData.filter32(),
        from == null ? 0 : Times.from("--from", from),
        until == null ? Long.MAX_VALUE : Times.upTo("--until", until));
  }

  /** The selection as it was typed, in the order of the options. */
  String words(List<String> accounts) {
    List<String> words = new ArrayList<>();
    accounts.forEach(account -> words.add("--account " + account));
    ids.forEach(id -> words.add("--id " + id));
    for (String option : filters()) {
      Object value = given(option);
      if (value != null && !option.equals("--id")) {
        words.add(option + " " + value);
      }
    }
    return words.isEmpty() ? "--all" : String.join(" ", words);
  }

  private static List<String> filters() {
    return List.of(
        "--id",
        "--ledger",
        "--code",
        "--user-data-128",
        "--user-data-64",
        "--user-data-32",
        "--from",
        "--until");
  }

  private @Nullable String firstGiven() {
    if (correctionCode != null) {
      return "--correction-code";
    }
    if (!reason.isEmpty()) {
      return "--reason";
    }
    return proposer != null ? "--as" : firstFilter();
  }

  private @Nullable String firstFilter() {
    return filters().stream().filter(option -> given(option) != null).findFirst().orElse(null);
  }

  private @Nullable Object given(String option) {
    Object value = spec.findOption(option).getValue();
    return value instanceof List<?> list && list.isEmpty() ? null : value;
  }
}

package io.holdfast.cli;

import io.holdfast.cli.Console.Style;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.SystemClock;
import io.holdfast.vault.Finding;
import io.holdfast.vault.Vault;
import io.holdfast.vault.Verify;
import io.holdfast.vault.VerifyResult;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proves that backups can be restored. */
@Command(
    name = "verify",
    description = {
      "Prove that backups can be restored, without restoring them.",
      "Every object is fetched, the journal's files are made again in memory and compared, the chain",
      "is computed from op 1 on, checkpoints, keys and tails are checked. What was found is kept in",
      "the repository. Exit code 7 when anything is lost, damaged or not as claimed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast backup verify --repository file:/backup --key-file main.key",
      "  holdfast backup verify --since 30d --config holdfast.yaml --name here",
      "  holdfast backup verify --sample 5 --config holdfast.yaml --name here",
    })
final class BackupVerifyCommand implements Callable<Integer> {
  private static final int SEEDS = 1_000_000;

  private final Console console;

  @Mixin private final RepositoryOptions repositories = new RepositoryOptions();

  @Parameters(
      paramLabel = "BACKUP",
      arity = "0..*",
      description = "How the ids of backups begin (default: all backups).")
  private List<String> backups = new ArrayList<>();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Fetch only what was not proved within this time, such as 30d.")
  private @Nullable String since;

  @Option(
      names = "--sample",
      paramLabel = "PERCENT",
      description = "Fetch only so much of the objects, chosen by chance.")
  private @Nullable String sample;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "With --sample: choose as the run that printed this number.")
  private @Nullable Long seed;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BackupVerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Verify.Mode mode = mode();
    VerifyResult result;
    try (Vault vault = repositories.open(console);
        RestoreProgress progress = new RestoreProgress(console, console.terminal() && !json)) {
      result = Verify.run(vault, backups, mode, new SystemClock(), progress);
    }
    if (json) {
      VerifyView.body(result, mode).printTo(console);
    } else {
      print(result, mode);
    }
    if (!result.proved()) {
      throw notProved(result.findings());
    }
    return ExitCodes.OK;
  }

  private Verify.Mode mode() {
    String percent = sample;
    String within = since;
    if (percent != null && within != null) {
      throw new HoldfastException("usage", "--since and --sample are both given", "choose one");
    }
    if (percent != null) {
      return new Verify.Mode.Sample(
          percent(percent), seed == null ? new SecureRandom().nextInt(SEEDS) : seed);
    }
    if (seed != null) {
      throw new HoldfastException("usage", "--seed is of use with --sample only", "");
    }
    return within != null
        ? new Verify.Mode.Since(Durations.parse("--since", within))
        : new Verify.Mode.Whole();
  }

  private static double percent(String text) {
    String plain = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
    if (plain.matches("[0-9]{1,3}(\\.[0-9]{1,3})?")) {
      double value = Double.parseDouble(plain);
      if (value > 0 && value <= 100) {
        return value;
      }
    }
    throw Arguments.wrong("--sample", text, "a percentage above 0, up to 100");
  }

  private void print(VerifyResult result, Verify.Mode mode) {
    if (mode instanceof Verify.Mode.Sample chosen) {
      console.out().println("a sample of " + chosen.percent() + " %, --seed " + chosen.seed());
    }
    console.out().println(VerifyView.table(result));
    VerifyView.streams(result).forEach(console.out()::println);
    for (Finding finding : result.findings()) {
      console.out().println();
      console.out().println(console.paint(finding.object(), Style.RED));
      console.out().println("  " + finding.what());
      console.out().println("  " + finding.holds());
    }
    console
        .out()
        .printf(
            Locale.ROOT,
            "%sfetched and compared %s objects, %.1f MB in %.1f s%s; %s%n",
            result.findings().isEmpty() ? "" : System.lineSeparator(),
            Shown.count(result.objects()),
            result.bytes() / 1e6,
            result.durationMillis() / 1e3,
            result.skipped() == 0
                ? ""
                : "; " + Shown.count(result.skipped()) + " proved before are there",
            switch (result.kept()) {
              case VerifyResult.Kept.In in -> "kept as " + in.record();
              case VerifyResult.Kept.Nowhere nowhere -> "not kept: " + nowhere.why();
            });
  }

  private HoldfastException notProved(List<Finding> findings) {
    Finding first = findings.getFirst();
    return new HoldfastException(
        "backup-not-proved",
        (findings.size() == 1 ? "" : findings.size() + " objects are not right; the first: ")
            + first.what(),
        "a restore falls to another repository where it can; take a new backup, and put back from a"
            + " copy of the repository what is lost");
  }
}

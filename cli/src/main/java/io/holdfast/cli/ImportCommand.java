package io.holdfast.cli;

import io.holdfast.client.HoldfastClient;
import io.holdfast.kernel.HoldfastException;
import io.holdfast.kernel.Limits;
import io.holdfast.kernel.UInt128;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports a file of bank movements. */
@Command(
    name = "import",
    description = "Turn a CSV file of bank movements into accounts and transfers.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  holdfast import trans.asc --mapping examples/berka/mapping.yaml --dry-run",
      "  holdfast import trans.asc --mapping examples/berka/mapping.yaml --imported",
      "",
      "Ids follow from the file, so importing it again changes nothing: what is there answers",
      "'exists'. Exit code 0 only if every row is in the ledger, 6 if rows were rejected,",
      "7 if balances differ from the file's.",
    })
final class ImportCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The file of movements, of any size.")
  private Path file = Path.of("");

  @Option(
      names = "--mapping",
      required = true,
      paramLabel = "MAPPING.yaml",
      description = "How its rows become accounts and transfers; see docs/reference/import.md.")
  private Path mapping = Path.of("");

  @Option(
      names = "--imported",
      description = "Keep the file's dates as timestamps; only before the first live payment.")
  private boolean imported;

  @Option(
      names = "--dry-run",
      description = "Read everything, send nothing, and show the reconciliation.")
  private boolean dryRun;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "" + Limits.REQUEST_EVENTS_MAX,
      description = "Transfers sent together, 1 to 8189 (default ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--rejected",
      paramLabel = "FILE",
      description = "Where rejected rows go, with line and reason (default: FILE.rejected.csv).")
  private @Nullable Path rejected;

  @Option(names = "--json", description = "Print the reconciliation as JSON, errors too.")
  private boolean json;

  @Mixin private final GatewayOptions gateways = new GatewayOptions();

  ImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (batch < 1 || batch > Limits.REQUEST_EVENTS_MAX) {
      throw Arguments.wrong(
          "--batch", Integer.toString(batch), "1 to " + Limits.REQUEST_EVENTS_MAX);
    }
    Mapping rules = MappingReader.read(console.resolve(mapping));
    Importer.checkDates(rules, imported);
    Path input = console.resolve(file);
    Path rejects =
        rejected == null
            ? input.resolveSibling(input.getFileName() + ".rejected.csv")
            : console.resolve(rejected);
    if (dryRun) {
      return run(rules, input, rejects, null);
    }
    try (HoldfastClient client = gateways.connect(console)) {
      return run(rules, input, rejects, client);
    }
  }

  private int run(Mapping rules, Path input, Path rejects, @Nullable HoldfastClient client) {
    long start = System.nanoTime();
    AccountBook book = new AccountBook();
    ImportTally tally = new ImportTally();
    Importer importer = new Importer(rules, new Importer.Options(imported, batch));
    try (CsvRows rows = CsvRows.open(input, rules.csv());
        RejectedRows rejections = new RejectedRows(rejects);
        ImportProgress progress = new ImportProgress(console, size(input), !json)) {
      rows.header().check(rules.columns(), rules.file());
      importer.run(
          rows,
          client == null ? Destination.NOWHERE : new LedgerDestination(client, PATIENCE),
          book,
          tally,
          rejections,
          first -> {
            if (imported && client != null) {
              new ImportPreflight(client).check(first);
            }
          },
          progress);
    }
    ImportReport report = tally.report(compare(rules, book, client), System.nanoTime() - start);
    ImportSummary summary = new ImportSummary(report, dryRun);
    console.out().println(json ? summary.json() : summary.text(console));
    if (report.transfers().rejected() + report.accounts().rejected() > 0) {
      new Failures(console)
          .tell(
              "rows-rejected",
              "%s of %s rows were rejected"
                  .formatted(
                      Shown.count(report.transfers().rejected()), Shown.count(report.rows())),
              "see " + rejects + "; repair them and import again: what is there stays as it is",
              json);
      return ExitCodes.ROWS_REJECTED;
    }
    if (!report.balances().differing().isEmpty()) {
      new Failures(console)
          .tell(
              "not-proved",
              "%s of %s accounts do not hold what the file says"
                  .formatted(
                      Shown.count(report.balances().differing().size()),
                      Shown.count(report.balances().checked())),
              "look at one with: " + console.command() + " account show ID --transfers 20",
              json);
      return ExitCodes.NOT_PROVED;
    }
    return ExitCodes.OK;
  }

  private ImportReport.BalanceCheck compare(
      Mapping rules, AccountBook book, @Nullable HoldfastClient client) {
    BalanceRule rule = rules.balances();
    if (rule == null) {
      return ImportReport.BalanceCheck.NONE;
    }
    boolean creditNormal = rules.account().creditNormal();
    Map<UInt128, AccountBook.Entry> stated = book.withBalances();
    if (client == null) {
      Map<UInt128, BigInteger> sums = new HashMap<>();
      stated.forEach((id, entry) -> sums.put(id, entry.sum()));
      return BalanceComparison.of(stated, sums, rule, creditNormal);
    }
    LedgerBalances balances = new LedgerBalances(client);
    Map<UInt128, BigInteger> now = balances.now(List.copyOf(stated.keySet()));
    ImportReport.BalanceCheck check = BalanceComparison.of(stated, now, rule, creditNormal);
    if (!imported || check.differing().isEmpty()) {
      return check;
    }
    // Those accounts may have moved since; what counts is what they held on the file's last day.
    for (ImportReport.Difference difference : check.differing()) {
      UInt128 id = UInt128.parseId(difference.account());
      AccountBook.Entry entry = stated.get(id);
      if (entry != null) {
        now.put(id, balances.at(id, entry.lastTimestamp()));
      }
    }
    return BalanceComparison.of(stated, now, rule, creditNormal);
  }

  private static long size(Path input) {
    try {
      return Files.size(input);
    } catch (IOException e) {
      throw new HoldfastException(
          "unreadable-file", input + " cannot be read: " + e, "check the path", e);
    }
  }
}
